import { CliError, messageOf } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { Clock, Network } from "../app/deps.ts";
import { CloseCode } from "../protocol/close_codes.ts";
import type { ClientMessage, Frame } from "../protocol/frames.ts";
import { type SessionEnd, sessionEndOf } from "../protocol/session_end.ts";
import {
  Link,
  type LinkEnd,
  NotSentError,
  type ReceivedFrame,
  webSocketUrl,
} from "./attachment.ts";
import { backoff } from "./backoff.ts";
import { continuationOf, DeliveredFrames } from "./delivered_frames.ts";
import { causeOf, failedDial, meaningOf } from "./link_end.ts";
import { watchLink } from "./link_watch.ts";
import { raceAgainst } from "./race.ts";
import { RepeatedFrames } from "./repeated_frames.ts";
import { type Brought, Resumption } from "./resumption.ts";
import { SentMessages } from "./sent_messages.ts";
import { encodeSessionId } from "./session_id.ts";
import {
  cannotAttach,
  isPassing,
  LOOK_LIMIT_MILLISECONDS,
  SessionLookup,
} from "./session_lookup.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { StreamEnd, StreamEvent, StreamState } from "./stream_events.ts";
import type { TokenSource } from "./token.ts";
import { keepFresh } from "./token_renewal.ts";

export type { StreamEnd, StreamEvent, StreamState } from "./stream_events.ts";

/** How long a lost link is dialled again, unless it is said otherwise. */
export const RECONNECT_MILLISECONDS = 10 * 60_000;
/** Pause between two looks at a session that is still starting. */
const STARTING_POLL_MILLISECONDS = 1_000;
/** How long a session may take to start; the service's own limit ends it well before. */
const STARTING_LIMIT_MILLISECONDS = 10 * 60_000;
/** How long a WebSocket may take to open. */
const DIAL_LIMIT_MILLISECONDS = 15_000;
/** A server that refuses what it has let in does so at once. */
const REFUSAL_MILLISECONDS = 300;
/** How long a server may take to send what it sends to whoever attaches. */
const WELCOME_MILLISECONDS = 2_000;
/** A link that was open for so long was of use, even if nothing came. */
const USEFUL_MILLISECONDS = 10_000;

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
  /** Milliseconds for which a lost link is dialled again; 0 for never, 10 minutes unless given. */
  readonly reconnectTimeout?: number | undefined;
}

/**
 * The live stream of one session: who owns it, which endpoint serves it, what its ends mean, and
 * what goes on when a link is lost. However many links it takes, each frame is given once.
 */
export class SessionStream {
  readonly #options: SessionStreamOptions;
  readonly #detaching = new AbortController();
  /** Aborted by detaching, and with the caller's signal. */
  readonly #stop: AbortSignal;
  readonly #delivered = new DeliveredFrames();
  readonly #sent = new SentMessages();
  readonly #lookup: SessionLookup;
  #readOnly: boolean;
  #state: StreamState = "connecting";
  #link: Link | undefined;
  #skipped = 0;
  #lastHeardAt: number | undefined;
  /** When the last link that was open was lost. */
  #lostAt: number | undefined;
  /** Since when there was no link of use, and how often one was dialled. */
  #outage: { readonly since: number; attempts: number } | undefined;
  #startingSince: number | undefined;
  /** Whether the token was refused, and no link was of use since. */
  #isTokenRefused = false;
  /** Length of the history when nothing was delivered, to see whether it grows. */
  #unseen: number | undefined;

  constructor(options: SessionStreamOptions) {
    this.#options = options;
    this.#readOnly = options.readOnly;
    this.#stop = AbortSignal.any([options.signal, this.#detaching.signal]);
    this.#lookup = new SessionLookup({ ...options, signal: this.#stop });
  }

  /** Frames that were not JSON, and so were left out. */
  get skipped(): number {
    return this.#skipped + (this.#link?.skipped ?? 0);
  }

  get state(): StreamState {
    return this.#state;
  }

  /** When something last came by a link, unix milliseconds; undefined before the first link. */
  get lastHeardAt(): number | undefined {
    return this.#state === "attached" ? this.#link?.heardAt : this.#lastHeardAt;
  }

  /** Whether {@linkcode send} can send at this moment. */
  get canSend(): boolean {
    return this.#link?.canSend ?? false;
  }

  /**
   * Sends a message, once. When the link is lost before anything shows that it arrived, a `delivery`
   * event says what became of it.
   *
   * @throws {NotSentError} when it was not sent: the stream is read-only or not attached at present,
   * or the message too large
   */
  send(message: ClientMessage): void {
    if (this.#link === undefined) {
      throw new NotSentError(message, this.#readOnly ? "read-only" : "not-attached");
    }
    this.#link.send(message);
    this.#sent.add(message, this.#options.clock.now());
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
   * @throws {unknown} the signal's reason
   */
  async *events(): AsyncGenerator<StreamEvent, StreamEnd> {
    try {
      return yield* this.#run();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (this.#detaching.signal.aborted) return { type: "detached" };
      throw error;
    } finally {
      this.#state = "over";
      this.#link?.close();
      // The process may end right after this, and with it whatever has not left yet.
      if (this.#sent.isWaiting) await this.#link?.flushed();
    }
  }

  async *#run(): AsyncGenerator<StreamEvent, StreamEnd> {
    if (!this.#readOnly && !await this.#lookup.isOwn()) {
      this.#readOnly = true;
      yield { type: "read-only-fallback" };
    }
    while (true) {
      const linkEnd = yield* this.#useLink();
      const end = "type" in linkEnd ? linkEnd : yield* this.#goOnAfter(linkEnd);
      if (end === undefined) continue;
      yield* this.#tell(this.#sent.takeUnknown());
      return end;
    }
  }

  /** Dials once, and yields what the link brings; returns how it ended, or how the stream did. */
  async *#useLink(): AsyncGenerator<StreamEvent, LinkEnd | StreamEnd> {
    const link = await this.#dial();
    if (!(link instanceof Link)) return link;
    const { clock } = this.#options;
    const stop = () => link.close();
    this.#stop.addEventListener("abort", stop, { once: true });
    let isUseful = false;
    let openedAt = Infinity;
    try {
      if (await this.#opens(link)) {
        openedAt = clock.now();
        yield this.#attached();
        void watchLink({ link, clock, probe: () => this.#probe() });
        void keepFresh(this.#options.token, clock, link.closed);
        for await (const event of this.#follow(link)) {
          if (event.type === "frames") isUseful = true;
          yield event;
          const end = event.type === "frames" ? endIn(event.frames) : undefined;
          if (end !== undefined) return { type: "session-end", end, shown: true };
        }
      }
    } finally {
      this.#stop.removeEventListener("abort", stop);
      link.close();
      if (openedAt !== Infinity) {
        this.#lostAt = clock.now();
        this.#lastHeardAt = link.heardAt;
      }
      if (isUseful || clock.now() - openedAt >= USEFUL_MILLISECONDS) {
        this.#outage = undefined;
        this.#isTokenRefused = false;
      }
    }
    this.#stop.throwIfAborted();
    const end = link.end ?? failedDial("it ended");
    this.#sent.linkLost(link.heardAt, end.isConfirmed);
    return end;
  }

  /** @returns how the link ended before there was one, where it may be otherwise the next time */
  async #dial(): Promise<Link | LinkEnd> {
    const { aiUrl, sessionId, token, network, clock } = this.#options;
    this.#skipped = this.skipped;
    this.#link = undefined;
    let jwt: string;
    try {
      jwt = await this.#orStop(token.get());
    } catch (error) {
      if (!isPassing(error)) throw error;
      return failedDial(messageOf(error));
    }
    return this.#link = new Link({
      url: webSocketUrl(aiUrl, encodeSessionId(sessionId), this.#readOnly),
      token: jwt,
      readOnly: this.#readOnly,
      network,
      clock,
    });
  }

  /** Waits until a link is open, and the server has not closed it again with a refusal. */
  async #opens(link: Link): Promise<boolean> {
    const { clock } = this.#options;
    const done = new AbortController();
    const inTime = AbortSignal.any([done.signal, link.closed]);
    clock.sleep(DIAL_LIMIT_MILLISECONDS, inTime)
      .then(() => link.giveUp("no answer within 15 s"), () => {});
    try {
      if (!await link.opened()) return false;
      await Promise.race([link.heard(), clock.sleep(REFUSAL_MILLISECONDS, inTime).catch(() => {})]);
      return link.hasReceived || link.end === undefined;
    } finally {
      done.abort();
    }
  }

  #attached(): StreamEvent {
    const resumed = this.#lostAt !== undefined;
    const downFor = this.#options.clock.now() - (this.#lostAt ?? this.#options.clock.now());
    this.#state = "attached";
    this.#startingSince = undefined;
    return { type: "attached", readOnly: this.#readOnly, resumed, downFor };
  }

  /** Yields what an open link brings, joined to what came before it. */
  async *#follow(link: Link): AsyncGenerator<StreamEvent, void> {
    const resumption = this.#resumption();
    const repeated = new RepeatedFrames({
      fetchHistory: () => this.#history(),
      clock: this.#options.clock,
    });
    const batches = link.frames();
    // Settles early, as false, when the link is lost meanwhile.
    const orWelcomed = raceAgainst(
      this.#options.clock.sleep(WELCOME_MILLISECONDS, link.closed).then(() => true, () => false),
    );
    let isWelcomed = false;
    let next = batches.next();
    while (true) {
      const turn = await (isWelcomed ? next : orWelcomed(next));
      if (typeof turn === "boolean") {
        isWelcomed = true;
        if (turn) yield* this.#bring(await this.#orStop(resumption.settle()));
        if (turn && resumption.isFilled) yield* this.#tell(this.#sent.takeUnknown());
        continue;
      }
      if (turn.done === true) return;
      const told = repeated.take(turn.value);
      const frames = told instanceof Promise ? await this.#orStop(told) : told;
      if (resumption.isLive && !frames.some(({ frame }) => frame.type === "history")) {
        for (const { text } of frames) this.#delivered.add(text);
        yield { type: "frames", frames };
        yield* this.#tell(this.#sent.observe(frames));
      } else {
        yield* this.#bring(await this.#orStop(resumption.take(frames)));
      }
      next = batches.next();
    }
  }

  *#bring(brought: readonly Brought[]): Generator<StreamEvent, void> {
    for (const event of brought) {
      yield event;
      if (event.type === "frames") yield* this.#tell(this.#sent.observe(event.frames));
    }
  }

  *#tell(deliveries: ReturnType<SentMessages["observe"]>): Generator<StreamEvent, void> {
    for (const delivery of deliveries) yield { type: "delivery", ...delivery };
  }

  #resumption(): Resumption {
    return new Resumption({
      delivered: this.#delivered,
      fetchHistory: () => this.#history(),
      clock: this.#options.clock,
      lostAt: this.#lostAt,
    });
  }

  /** Decides what the end of a link means; undefined when another is to be dialled now. */
  async *#goOnAfter(end: LinkEnd): AsyncGenerator<StreamEvent, StreamEnd | undefined> {
    switch (meaningOf(end)) {
      case CloseCode.BadToken:
        return yield* this.#renewToken(end);
      case CloseCode.NotYours:
        if (this.#readOnly) {
          throw cannotAttach(
            this.#options,
            "permission denied, ai_agent.get is needed",
            ExitCode.Auth,
          );
        }
        this.#readOnly = true;
        yield { type: "read-only-fallback" };
        return undefined;
      case CloseCode.NotFound:
        throw cannotAttach(this.#options, "there is no such session", ExitCode.NotFound);
      case CloseCode.Ended:
        return yield* this.#ended(await this.#record() ?? {});
      case CloseCode.NotRunning:
        return yield* this.#awaitStart();
    }
    // A refused upgrade is not visible on wss://, so ask why there was none.
    const session = end.opened ? undefined : await this.#record();
    if (session?.["status"] === "ended") return yield* this.#ended(session);
    return yield* this.#awaitRedial(causeOf(end));
  }

  async *#renewToken(end: LinkEnd): AsyncGenerator<StreamEvent, StreamEnd | undefined> {
    if (this.#isTokenRefused) {
      throw cannotAttach(this.#options, "the token was refused twice", ExitCode.Auth);
    }
    this.#isTokenRefused = true;
    try {
      await this.#orStop(this.#options.token.renew());
      return undefined;
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#isTokenRefused = false;
      return yield* this.#awaitRedial(
        `${causeOf(end)}, and there is no other: ${messageOf(error)}`,
      );
    }
  }

  /** Yields what was missed of a session that has ended, by its REST record. */
  async *#ended(session: Partial<Session>): AsyncGenerator<StreamEvent, StreamEnd> {
    const { end_reason: reason, exit_code } = session;
    this.#lostAt ??= this.#options.clock.now();
    yield* this.#bring(await this.#orStop(this.#resumption().settle()));
    return { type: "session-end", end: sessionEndOf({ reason, exit_code }), shown: false };
  }

  async *#awaitStart(): AsyncGenerator<StreamEvent, StreamEnd | undefined> {
    const { clock } = this.#options;
    const session = await this.#record();
    if (session?.["status"] === "ended") return yield* this.#ended(session);
    if (this.#startingSince === undefined) {
      this.#startingSince = clock.now();
      this.#state = "starting";
      yield { type: "starting" };
    } else if (clock.now() > this.#startingSince + STARTING_LIMIT_MILLISECONDS) {
      throw cannotAttach(this.#options, "it did not start within 10 minutes", ExitCode.TimedOut);
    }
    await clock.sleep(STARTING_POLL_MILLISECONDS, this.#stop);
    return undefined;
  }

  /** Waits until it is time to dial again, or returns that it has been tried for long enough. */
  async *#awaitRedial(cause: string): AsyncGenerator<StreamEvent, StreamEnd | undefined> {
    const { clock, reconnectTimeout = RECONNECT_MILLISECONDS } = this.#options;
    const now = clock.now();
    const outage = this.#outage ??= { since: now, attempts: 0 };
    const giveUpAt = outage.since + reconnectTimeout;
    if (now >= giveUpAt) return { type: "lost", cause };
    const attempt = ++outage.attempts;
    const nextAt = Math.min(now + backoff(attempt), giveUpAt);
    this.#state = "reconnecting";
    yield { type: "reconnecting", attempt, cause, nextAt, giveUpAt };
    this.#stop.throwIfAborted();
    if (nextAt > now) await clock.sleep(nextAt - now, this.#stop);
    return undefined;
  }

  #record(): Promise<Session | undefined> {
    return this.#lookup.record(!this.#readOnly);
  }

  #history(limit?: number): Promise<readonly Frame[] | undefined> {
    return this.#lookup.history(!this.#readOnly, limit);
  }

  /** Finds out whether the session went on while nothing was heard of it; says how, in words. */
  async #probe(): Promise<string | undefined> {
    const start = this.#options.clock.now();
    try {
      const session = await this.#record();
      if (session === undefined) return "and the service cannot be reached";
      if (session["status"] === "ended") return "and the session has ended";
      const spent = this.#options.clock.now() - start;
      const history = await this.#history(Math.max(1, LOOK_LIMIT_MILLISECONDS - spent));
      if (history === undefined) return "and the service cannot be reached";
      if (this.#isNewer(history)) return "while the session went on";
      return this.#sent.isWaiting ? "not even of what was sent" : undefined;
    } catch (error) {
      if (error instanceof CliError) return `and the session cannot be seen`;
      throw error;
    }
  }

  #isNewer(history: readonly Frame[]): boolean {
    if (!this.#delivered.isEmpty) {
      return continuationOf(this.#delivered.recent, history).missing.length > 0;
    }
    const before = this.#unseen ?? history.length;
    this.#unseen = history.length;
    return history.length > before;
  }

  /** Waits for something that knows of no signal, unless the stream is left. */
  async #orStop<T>(work: Promise<T>): Promise<T> {
    this.#stop.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(this.#stop.reason);
    this.#stop.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.#stop.removeEventListener("abort", abort);
    }
  }
}

function endIn(frames: readonly ReceivedFrame[]): SessionEnd | undefined {
  const last = frames.find(({ frame }) => frame.type === "session_end");
  return last && sessionEndOf(last.frame.payload);
}
