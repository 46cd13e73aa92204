import type { Clock } from "../app/deps.ts";
import type { Terminal } from "./terminal.ts";

/**
 * So long a width holds. A terminal that is written to takes its time to tell it, more than a frame
 * takes to be rendered, of which there may be thousands in a second.
 */
const HOLDS_MILLISECONDS = 20;

/** Columns that what is written there may fill; undefined where no terminal shows it. */
export function columnsOf(
  terminal: Terminal,
  stream: "stdout" | "stderr",
  clock: Clock,
): (() => number) | undefined {
  if (!terminal[stream].isTerminal) return undefined;
  let columns = 0;
  let askedAt = -Infinity;
  return () => {
    const now = clock.now();
    if (Math.abs(now - askedAt) >= HOLDS_MILLISECONDS) {
      columns = terminal.size().columns;
      askedAt = now;
    }
    return columns;
  };
}
