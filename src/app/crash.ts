import type { CrashListeners } from "./crash_listeners.ts";
import type { Process } from "./deps.ts";
import type { ExitCode } from "./exit_codes.ts";
import { reportCrash } from "./root.ts";

/** Has what nobody expected end the program with a word about it, and not in a broken terminal. */
export function exitOnCrash(
  args: readonly string[],
  process: Process & { readonly crashListeners: CrashListeners },
  exit: (code: ExitCode) => void,
): void {
  let isCrashing = false;
  const crash = async (event: Event, error: unknown) => {
    event.preventDefault();
    if (isCrashing) return;
    isCrashing = true;
    await process.crashListeners.tell(error);
    exit(reportCrash(error, args, process));
  };
  globalThis.addEventListener("unhandledrejection", (event) => void crash(event, event.reason));
  globalThis.addEventListener("error", (event) => void crash(event, event.error));
}
