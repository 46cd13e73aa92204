import type { Terminal } from "./terminal.ts";

/** Columns that what is written there may fill; undefined where no terminal shows it. */
export function columnsOf(
  terminal: Terminal,
  stream: "stdout" | "stderr",
): (() => number) | undefined {
  return terminal[stream].isTerminal ? () => terminal.size().columns : undefined;
}
