import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { Clock, Network } from "../app/deps.ts";
import { CloseCode, describeClose } from "../protocol/close_codes.ts";
import type { ClientMessage } from "../protocol/frames.ts";
import { type SessionEnd, sessionEndOf } from "../protocol/session_end.ts";
import { Link, type LinkEnd, type ReceivedFrame, webSocketUrl } from "./attachment.ts";
import { encodeSessionId } from "./session_id.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenSource } from "./token.ts";

/** Pause between two looks at a session that is still starting. */
const STARTING_POLL_MILLISECONDS = 1_000;
/** How long a session may take to start; the service's own limit ends it well before. */
const STARTING_LIMIT_MILLISECONDS = 10 * 60_000;

/** What happens on a stream, in order. */
export type StreamEvent =
  /** The WebSocket is open. */
  | { readonly type: "attached"; readonly readOnly: boolean }
  /** The caller does not own the session, and watches it read-only. */
  | { readonly type: "read-only-fallback" }
  /** The session has yet to start. */
  | { readonly type: "starting" }
  | { readonly type: "frames"; readonly frames: readonly ReceivedFrame[] };

/** How a stream ended. */
export type StreamEnd =
  | { readonly type: "session-end"; readonly end: SessionEnd; readonly shown: boolean }
  | { readonly type: "detached" }
  | { readonly type: "lost"; readonly cause: string };

export interface SessionStreamOptions {
  readonly sessionId: string;
  /** Watch by the organization's endpoint without asking whose the session is. */
  readonly readOnly: boolean;
  readonly aiUrl: string;
  readonly token: TokenSource;
  readonly userSessions: Sessions;
  readonly orgSessions: Sessions;
  readonly network: Network;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The live stream of one session: who owns it, which endpoint serves it, and what its ends mean. */
export class SessionStream {
  readonly #options: SessionStreamOptions;
  readonly #detaching = new AbortController();
  #readOnly: boolean;
  #link: Link | undefined;
  #skipped = 0;

  constructor(options: SessionStreamOptions) {
    this.#options = options;
    this.#readOnly = options.readOnly;
  }

  /** Frames that were not JSON, and so were left out. */
  get skipped(): number {
    return this.#skipped + (this.#link?.skipped ?? 0);
  }

  /**
   * Sends a message.
   *
   * @throws {Error} when the stream is read-only or not attached
   */
  send(message: ClientMessage): void {
    if (this.#link === undefined) {
      throw new Error(`Cannot send "${message.type}": not attached to the session`);
    }
    this.#link.send(message);
  }

  /** Leaves the session to itself; the stream then ends. */
  detach(): void {
    this.#detaching.abort();
    this.#link?.close();
  }

  /**
   * Attaches, and yields what happens until the stream ends.
   *
   * @throws {CliError} when there is no such session, or the caller may not see it
   */
  async *events(): AsyncGenerator<StreamEvent, StreamEnd> {
    if (!this.#readOnly && !await this.#isOwner()) {
      this.#readOnly = true;
      yield { type: "read-only-fallback" };
    }
    const { clock } = this.#options;
    const giveUpStarting = clock.now() + STARTING_LIMIT_MILLISECONDS;
    let renewed = false;
    let waited = false;
    while (!this.#detaching.signal.aborted) {
      const link = await this.#dial();
      const end = yield* this.#follow(link);
      if ("type" in end) return end;
      if (this.#detaching.signal.aborted) break;
      switch (meaningOf(end)) {
        case CloseCode.BadToken:
          if (renewed) throw this.#refused("the token was refused twice", ExitCode.Auth);
          renewed = true;
          await this.#options.token.renew();
          continue;
        case CloseCode.NotYours:
          if (this.#readOnly) {
            throw this.#refused("permission denied, ai_agent.get is needed", ExitCode.Auth);
          }
          this.#readOnly = true;
          yield { type: "read-only-fallback" };
          continue;
        case CloseCode.NotFound:
          throw this.#refused("there is no such session", ExitCode.NotFound);
        case CloseCode.Ended:
          return { type: "session-end", end: await this.#recordedEnd(), shown: false };
        case CloseCode.NotRunning: {
          const ended = await this.#endIfEnded();
          if (ended !== undefined) return { type: "session-end", end: ended, shown: false };
          if (clock.now() > giveUpStarting) {
            throw this.#refused("it did not start within 10 minutes", ExitCode.TimedOut);
          }
          if (!waited) yield { type: "starting" };
          waited = true;
          await this.#pause();
          continue;
        }
        default:
          return { type: "lost", cause: causeOf(end) };
      }
    }
    return { type: "detached" };
  }

  async #dial(): Promise<Link> {
    const { aiUrl, sessionId, token, network, clock } = this.#options;
    this.#skipped = this.skipped;
    this.#link = new Link({
      url: webSocketUrl(aiUrl, encodeSessionId(sessionId), this.#readOnly),
      token: await token.get(),
      readOnly: this.#readOnly,
      network,
      clock,
    });
    return this.#link;
  }

  /** Yields what one link brings; returns how it ended, or how the stream did. */
  async *#follow(link: Link): AsyncGenerator<StreamEvent, LinkEnd | StreamEnd> {
    const { signal } = this.#options;
    const stop = () => link.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (await link.opened()) yield { type: "attached", readOnly: this.#readOnly };
      for await (const frames of link.frames()) {
        yield { type: "frames", frames };
        const last = frames.find(({ frame }) => frame.type === "session_end");
        if (last !== undefined) {
          const end = sessionEndOf(last.frame.payload);
          return { type: "session-end", end, shown: true };
        }
      }
      signal.throwIfAborted();
      return link.end ?? { code: CloseCode.Abnormal, reason: "", opened: false };
    } finally {
      signal.removeEventListener("abort", stop);
      link.close();
    }
  }

  /**
   * Asks by REST whose session it is, because a refused upgrade is not visible on `wss://`.
   *
   * @throws {CliError} when neither the caller nor the organization has it
   */
  async #isOwner(): Promise<boolean> {
    const { sessionId, userSessions, orgSessions, signal } = this.#options;
    if (await userSessions.find(sessionId, signal) !== undefined) return true;
    if (await orgSessions.find(sessionId, signal) !== undefined) return false;
    throw this.#refused("there is no such session that you may see", ExitCode.NotFound);
  }

  /** How the session ended, by its REST record; the link said no more than that it did. */
  async #recordedEnd(): Promise<SessionEnd> {
    return await this.#endIfEnded() ?? { reason: "unknown" };
  }

  async #endIfEnded(): Promise<SessionEnd | undefined> {
    const { sessionId, userSessions, orgSessions, signal } = this.#options;
    const family = this.#readOnly ? orgSessions : userSessions;
    const session = await family.find(sessionId, signal);
    if (session?.["status"] !== "ended") return undefined;
    return sessionEndOf({ reason: session["end_reason"], exit_code: session["exit_code"] });
  }

  async #pause(): Promise<void> {
    const { clock, signal } = this.#options;
    const either = AbortSignal.any([signal, this.#detaching.signal]);
    try {
      await clock.sleep(STARTING_POLL_MILLISECONDS, either);
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#detaching.signal.aborted) throw error;
    }
  }

  #refused(why: string, exitCode: ExitCode): CliError {
    return new CliError(`Cannot attach to session "${this.#options.sessionId}": ${why}`, {
      exitCode,
      hint: exitCode === ExitCode.NotFound
        ? "See limacharlie ai session list and limacharlie ai chats list"
        : undefined,
    });
  }
}

/** The close code, or the one that says the same as a refused upgrade's HTTP status. */
function meaningOf({ code, refusedStatus }: LinkEnd): number {
  switch (refusedStatus) {
    case 401:
      return CloseCode.BadToken;
    case 403:
      return CloseCode.NotYours;
    case 404:
      return CloseCode.NotFound;
    default:
      return code;
  }
}

function causeOf({ code, reason, error, opened }: LinkEnd): string {
  if (!opened) return `the connection could not be opened${error ? `: ${error}` : ""}`;
  return describeClose(code, reason);
}
