import { SessionStream, type StreamEnd, type StreamEvent } from "../../src/api/session_stream.ts";
import { connect } from "../../src/app/service.ts";
import type { Clock, Service } from "../../src/app/deps.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { type Frame, historyOf } from "../../src/protocol/frames.ts";
import { FakeClock, fakeDeps } from "./fakes.ts";

/** A signed-in caller who pays with fake time. */
export interface Caller {
  readonly service: Service;
  readonly clock: FakeClock;
}

export interface CallerOptions {
  readonly clock?: FakeClock;
  /** Where the AI sessions are, if not at the emulator itself. */
  readonly aiUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Signs in at an emulator that runs on the same clock. */
export async function signIn(emulator: Emulator, options: CallerOptions = {}): Promise<Caller> {
  const clock = options.clock ?? new FakeClock();
  const env = {
    ...emulator.environment,
    LC_EPHEMERAL_CREDS: "1",
    LC_AI_URL: options.aiUrl ?? emulator.url,
    ...options.env,
  };
  const service = await connect(fakeDeps({ env, clock, network: { fetch, WebSocket } }));
  return { service, clock };
}

export interface WatchOptions {
  readonly readOnly?: boolean;
  readonly reconnectTimeout?: number;
  readonly clock?: Clock;
  /** Where the WebSocket is, if not where the rest of the service is. */
  readonly aiUrl?: string;
}

/** A stream that is read as fast as it comes, with everything that it brought. */
export class WatchedStream implements AsyncDisposable {
  readonly stream: SessionStream;
  /** Settles with the stream, and fails with it. */
  readonly end: Promise<StreamEnd>;
  readonly events: StreamEvent[] = [];
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor({ service, clock }: Caller, sessionId: string, options: WatchOptions = {}) {
    const { readOnly = false, reconnectTimeout } = options;
    const { token, userSessions, orgSessions } = service;
    const { aiUrl = service.aiUrl } = options;
    this.stream = new SessionStream({
      ...{ sessionId, readOnly, aiUrl, token, userSessions, orgSessions },
      network: { fetch, WebSocket },
      clock: options.clock ?? clock,
      signal: this.#stop.signal,
      reconnectTimeout,
    });
    this.end = this.#read();
    // Whoever waits for the end hears of its failure; nobody has to.
    this.end.catch(() => {});
  }

  /** Every frame that was shown, those of the first history among them, in order. */
  get transcript(): Frame[] {
    return this.events.flatMap((event) =>
      event.type !== "frames"
        ? []
        : event.frames.flatMap(({ frame }) =>
          frame.type === "history" ? historyOf(frame.payload) : [frame]
        )
    );
  }

  /** The events of a type. */
  of<Type extends StreamEvent["type"]>(type: Type): Extract<StreamEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<StreamEvent, { type: Type }> =>
      event.type === type
    );
  }

  /** Waits until something holds that events bring about. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await Promise.race([
        new Promise<void>((resolve) => this.#waiting.add(resolve)),
        this.end.then(() => {
          if (!holds()) throw new Error(`The stream ended before: ${JSON.stringify(this.events)}`);
        }),
      ]);
    }
  }

  /** Waits for the n-th event of a type. */
  async event<Type extends StreamEvent["type"]>(
    type: Type,
    count = 1,
  ): Promise<Extract<StreamEvent, { type: Type }>> {
    await this.until(() => this.of(type).length >= count);
    const found = this.of(type)[count - 1];
    if (found === undefined) throw new Error(`No event "${type}"`);
    return found;
  }

  /** Waits until so many frames were shown. */
  async shown(count: number): Promise<void> {
    await this.until(() => this.transcript.length >= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.end.catch(() => {});
  }

  async #read(): Promise<StreamEnd> {
    const events = this.stream.events();
    while (true) {
      const { value, done } = await events.next();
      if (done === true) return value;
      this.events.push(value);
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const resolve of waiting) resolve();
    }
  }
}

/** So much passes in one turn of the event loop when nothing is skipped. */
const STEP_MILLISECONDS = 100;

/** Time that passes by itself, faster than on the wall, until disposed of. */
export class FlowingTime implements AsyncDisposable {
  readonly #clock: FakeClock;
  readonly #stride: number;
  readonly #flowing: Promise<void>;
  #skipped = Promise.withResolvers<void>();
  #toSkip = 0;
  #isOver = false;

  /**
   * @param stride milliseconds that may be skipped in one turn of the event loop: an answer takes
   * several turns, and who waits for one has only so much patience
   */
  constructor(clock: FakeClock, stride = 500) {
    this.#clock = clock;
    this.#stride = stride;
    this.#flowing = this.#flow();
  }

  /** Lets so much time pass faster, but not so fast that nothing can happen meanwhile. */
  async skip(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    this.#toSkip += milliseconds;
    await this.#skipped.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#flowing;
  }

  async #flow(): Promise<void> {
    while (!this.#isOver) {
      const skip = Math.min(this.#toSkip, this.#stride);
      this.#toSkip -= skip;
      await this.#clock.advance(STEP_MILLISECONDS + skip);
      if (skip > 0 && this.#toSkip === 0) {
        this.#skipped.resolve();
        this.#skipped = Promise.withResolvers();
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
