import { ExitCode } from "./exit_codes.ts";

/** What a {@linkcode CliError} carries beside its message. */
export interface CliErrorOptions {
  readonly exitCode: ExitCode;
  /** What the user can do about it: one line, printed after the message. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A failure that the user is told of: one line that names the action and the value, a hint, and
 * the exit code. The message may hold text from a server; it is sanitised where it is printed.
 */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: CliErrorOptions) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}

/** Why a connection could not be made. */
export interface ConnectionFailure {
  /** In words, to follow a colon. */
  readonly reason: string;
  /** Whether trying again is of any use. */
  readonly passing: boolean;
  /** What the user can do about it. */
  readonly hint?: string;
}

/** A connection that could not be made, for a reason that is known better than the runtime tells. */
export class ConnectionError extends Error implements ConnectionFailure {
  override readonly name = "ConnectionError";
  readonly reason: string;
  readonly passing: boolean;
  readonly hint?: string;

  constructor({ reason, passing, hint }: ConnectionFailure) {
    super(reason);
    this.reason = reason;
    this.passing = passing;
    if (hint !== undefined) this.hint = hint;
  }
}

/** Makes the error for bad usage or bad input (exit 4). */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: ExitCode.Usage, hint });
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a file could not be used, in words: what the runtime says, without its own names. */
export function describeFileFailure(error: unknown): string {
  const known = KNOWN.find(([type]) => error instanceof type);
  return known?.[1] ??
    messageOf(error).replace(/: \w+ '.*$/s, "").replace(/ \(os error \d+\)/, "");
}

const { NotCapable, NotFound, NotADirectory, IsADirectory, PermissionDenied } = Deno.errors;

const KNOWN: readonly (readonly [type: new (message?: string) => Error, words: string])[] = [
  [PermissionDenied, "permission denied"],
  // Of /dev and /proc the runtime opens little unless it is allowed everything.
  [NotCapable, "it is a device or belongs to the system, and this program may not open it"],
  [NotFound, "there is no such file or folder"],
  [NotADirectory, "a part of its path is not a folder"],
  [IsADirectory, "it is a folder"],
];
