import type { Clock } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { Frame } from "../protocol/frames.ts";
import type { Session, Sessions } from "./sessions.ts";

/** How long a look at the session may take, before the service counts as out of reach. */
export const LOOK_LIMIT_MILLISECONDS = 10_000;
const HISTORY_LIMIT_MILLISECONDS = 30_000;

/** A session that is to be attached to. */
export interface Wanted {
  readonly sessionId: string;
  /** Whether it is to be watched by the organization's endpoint. */
  readonly readOnly: boolean;
}

export interface SessionLookupOptions extends Wanted {
  readonly userSessions: Sessions;
  readonly orgSessions: Sessions;
  readonly clock: Clock;
  /** Ends every look. */
  readonly signal: AbortSignal;
}

/** What REST tells of one session, which a WebSocket does not, or not over `wss://`. */
export class SessionLookup {
  readonly #options: SessionLookupOptions;

  constructor(options: SessionLookupOptions) {
    this.#options = options;
  }

  /**
   * Asks whose session it is, because a refused upgrade is not visible on `wss://`.
   *
   * @returns whether it is the caller's own, and not the organization's
   * @throws {CliError} when neither has it
   */
  async isOwn(): Promise<boolean> {
    const { sessionId, userSessions, orgSessions, signal } = this.#options;
    if (await userSessions.find(sessionId, signal) !== undefined) return true;
    if (await orgSessions.find(sessionId, signal) !== undefined) return false;
    throw this.#noSession();
  }

  /**
   * The session's record; undefined where the service is out of reach.
   *
   * @param isOwn whether it is the caller's own
   * @throws {CliError} when there is no such session any more, or the caller may not see it
   */
  async record(isOwn: boolean): Promise<Session | undefined> {
    let session: Session | undefined;
    try {
      session = await this.#within(
        LOOK_LIMIT_MILLISECONDS,
        (signal) => this.#family(isOwn).find(this.#options.sessionId, signal),
      );
    } catch (error) {
      if (isPassing(error)) return undefined;
      throw error;
    }
    if (session !== undefined) return session;
    throw this.#noSession();
  }

  /**
   * The session's history; undefined where it cannot be had.
   *
   * @param limit milliseconds that it may take
   */
  async history(
    isOwn: boolean,
    limit = HISTORY_LIMIT_MILLISECONDS,
  ): Promise<readonly Frame[] | undefined> {
    try {
      const { frames } = await this.#within(
        limit,
        (signal) => this.#family(isOwn).history(this.#options.sessionId, signal),
      );
      return frames;
    } catch (error) {
      if (error instanceof CliError) return undefined;
      throw error;
    }
  }

  #family(isOwn: boolean): Sessions {
    return isOwn ? this.#options.userSessions : this.#options.orgSessions;
  }

  /** Does something that is given up after a while. */
  async #within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, signal } = this.#options;
    const late = new AbortController();
    const done = new AbortController();
    const inTime = AbortSignal.any([signal, done.signal]);
    clock.sleep(milliseconds, inTime).then(() => late.abort(NO_ANSWER), () => {});
    try {
      return await work(AbortSignal.any([signal, late.signal]));
    } finally {
      done.abort();
    }
  }

  #noSession(): CliError {
    const why = "there is no such session that you may see";
    return cannotAttach(this.#options, why, ExitCode.NotFound);
  }
}

/** The error of a session that cannot be attached to. */
export function cannotAttach(
  { sessionId, readOnly }: Wanted,
  why: string,
  exitCode: ExitCode,
): CliError {
  return new CliError(`Cannot attach to session "${sessionId}": ${why}`, {
    exitCode,
    hint: exitCode !== ExitCode.NotFound
      ? undefined
      : readOnly
      ? "See limacharlie ai session list; leave --read-only out where the session is your own"
      : "See limacharlie ai session list and limacharlie ai chats list",
  });
}

const NO_ANSWER = new CliError("No answer in time", { exitCode: ExitCode.TimedOut });

/** Whether the service may well answer otherwise the next time. */
export function isPassing(error: unknown): error is CliError {
  if (!(error instanceof CliError)) return false;
  const { exitCode } = error;
  return exitCode !== ExitCode.Auth && exitCode !== ExitCode.NotFound &&
    exitCode !== ExitCode.Usage && exitCode !== ExitCode.Interrupted;
}
