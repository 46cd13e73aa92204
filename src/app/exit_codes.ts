/** What the process's exit code says. 0–5 mean the same as in the Python CLI. */
export const ExitCode = {
  /** Done, or the operator detached. */
  Done: 0,
  /** Anything that no other code names. */
  Failure: 1,
  /** Authentication or permission. */
  Auth: 2,
  NotFound: 3,
  /** Bad usage or input. */
  Usage: 4,
  RateLimited: 5,
  /** The connection is lost for good. */
  ConnectionLost: 6,
  /** The session failed: its reason or exit_code says so. */
  SessionFailed: 7,
  /** Someone had to decide and nobody could be asked. */
  NobodyToAsk: 8,
  TimedOut: 9,
  Interrupted: 130,
} as const;

export type ExitCode = typeof ExitCode[keyof typeof ExitCode];
