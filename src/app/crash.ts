import type { Process } from "./deps.ts";
import type { ExitCode } from "./exit_codes.ts";
import { reportCrash } from "./root.ts";

/** Has what nobody expected end the program with a word about it, and not in a broken terminal. */
export function exitOnCrash(
  args: readonly string[],
  process: Process,
  exit: (code: ExitCode) => void,
): void {
  const crash = (event: Event, error: unknown) => {
    event.preventDefault();
    exit(reportCrash(error, args, process));
  };
  globalThis.addEventListener("unhandledrejection", (event) => crash(event, event.reason));
  globalThis.addEventListener("error", (event) => crash(event, event.error));
}
