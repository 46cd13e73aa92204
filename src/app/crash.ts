import type { Process } from "./deps.ts";
import { CliError, messageOf } from "./errors.ts";
import { ExitCode } from "./exit_codes.ts";
import { report, run, writeFailure } from "./root.ts";

/** How long what is under way may take for its last words. */
const LAST_WORDS_MILLISECONDS = 2_000;

/** A process that can be ended from within, as a signal ends it. */
export interface StoppableProcess extends Process {
  stop(reason: CliError): void;
}

/**
 * Runs one command line. What nobody expected ends it as a signal does: what is under way gives the
 * terminal back, and says how to come back.
 *
 * @returns the exit code; every error has been printed
 */
export async function runGuarded(
  args: readonly string[],
  process: StoppableProcess,
): Promise<ExitCode> {
  const { stdout } = process.terminal;
  void stdout.closed.then(() => {
    const failure = writeFailure(stdout);
    if (failure !== undefined) process.stop(failure);
  });
  const running = run(args, process);
  const crashed = Promise.withResolvers<ExitCode>();
  let isCrashing = false;

  async function crash(event: Event, cause: unknown): Promise<void> {
    event.preventDefault();
    if (isCrashing) return;
    isCrashing = true;
    const error = new CliError(`Internal error: ${messageOf(cause)}`, {
      exitCode: ExitCode.Failure,
      hint: "Run it again with --debug, and report what it prints",
      cause,
    });
    process.stop(error);
    const code = await Promise.race([running, process.clock.sleep(LAST_WORDS_MILLISECONDS)]);
    // Who failed by it has told of it.
    const isTold = code === error.exitCode;
    crashed.resolve(isTold ? code : report(error, process, { debug: args.includes("--debug") }));
  }

  globalThis.addEventListener("unhandledrejection", (event) => void crash(event, event.reason));
  globalThis.addEventListener("error", (event) => void crash(event, event.error));
  const code = await Promise.race([running, crashed.promise]);
  return isCrashing ? await crashed.promise : code;
}
