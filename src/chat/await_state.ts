import type { SessionStream, StreamEnd, StreamEvent } from "../api/session_stream.ts";
import { raceAgainst } from "../api/race.ts";
import type { Clock } from "../app/deps.ts";
import { type Frame, historyOf } from "../protocol/frames.ts";
import { TurnState } from "./turn.ts";

/** What can be waited for: the agent has nothing to do, or asks a person, or the session is over. */
export const CONDITIONS = ["idle", "ended", "approval"] as const;
export type Condition = typeof CONDITIONS[number];

/**
 * A condition has to hold for so long without a frame: a turn may follow right on another, and the
 * last minute is sent again behind the history.
 */
const SETTLING_MILLISECONDS = 1_000;
/** After so long without a `history` frame there is none. */
const HISTORY_MILLISECONDS = 2_000;

/** How waiting ended. */
export type Outcome =
  /** It holds; with the requests that wait for an answer. */
  | { readonly type: "holds"; readonly requests: readonly Frame[] }
  /** The stream is over, and what was waited for can't come any more, unless it was that. */
  | { readonly type: "over"; readonly end: StreamEnd }
  /** @property activity what the agent does instead, in words */
  | { readonly type: "timed-out"; readonly activity: string | undefined };

export interface AwaitOptions {
  readonly stream: SessionStream;
  readonly clock: Clock;
  /** Milliseconds; undefined for as long as it takes. */
  readonly timeout: number | undefined;
  /** Whether the session began with a prompt: it is not idle before its first turn is over. */
  readonly hasPrompt: boolean;
  /** Asks for what was said, where the server doesn't tell. */
  readonly fetchHistory: () => Promise<readonly Frame[]>;
  /** Takes what happens to the connection. */
  readonly onTransport: (event: Exclude<StreamEvent, { type: "frames" }>) => void;
}

/** Follows a session until a condition holds, without a word to it. */
export class StateAwaiter {
  readonly #options: AwaitOptions;
  #turn = new TurnState();
  #hadTurn = false;
  #isAttached = false;
  #isTold = false;

  constructor(options: AwaitOptions) {
    this.#options = options;
  }

  /** @throws {CliError} what the stream throws */
  async until(condition: Condition): Promise<Outcome> {
    const { stream, clock, timeout } = this.#options;
    const done = new AbortController();
    const orLate = raceAgainst(
      timeout === undefined
        ? new Promise<never>(() => {})
        : clock.sleep(timeout, done.signal).then(() => "late" as const, () => "late" as const),
    );
    const events = stream.events();
    try {
      let next = events.next();
      while (true) {
        const heard = new AbortController();
        const quiet = this.#quiet(condition, heard.signal);
        const turn = await orLate(Promise.race([next, quiet]));
        heard.abort();
        const isHistoryDue = turn === "quiet" && !this.#isTold;
        if (turn === "late" || (isHistoryDue && await orLate(this.#askForHistory()) === "late")) {
          return { type: "timed-out", activity: this.#turn.activity };
        }
        if (turn === "quiet") {
          if (!isHistoryDue && this.#holds(condition)) {
            return { type: "holds", requests: this.#turn.pending };
          }
          continue;
        }
        if (turn.done === true) return { type: "over", end: turn.value };
        this.#take(turn.value);
        next = events.next();
      }
    } finally {
      done.abort();
      stream.detach();
    }
  }

  /** Settles when nothing has come for as long as it takes to decide; never where that is no use. */
  async #quiet(condition: Condition, signal: AbortSignal): Promise<"quiet"> {
    const { clock } = this.#options;
    const never = new Promise<never>(() => {});
    if (!this.#isAttached || (this.#isTold && !this.#holds(condition))) return await never;
    try {
      await clock.sleep(this.#isTold ? SETTLING_MILLISECONDS : HISTORY_MILLISECONDS, signal);
      return "quiet";
    } catch {
      return await never;
    }
  }

  #take(event: StreamEvent): void {
    if (event.type !== "frames") {
      this.#isAttached = event.type === "attached" ||
        (this.#isAttached && event.type !== "reconnecting");
      return this.#options.onTransport(event);
    }
    for (const { frame } of event.frames) this.#apply(frame);
  }

  async #askForHistory(): Promise<void> {
    const frames = await this.#options.fetchHistory();
    this.#turn = new TurnState();
    this.#apply({ type: "history", payload: { messages: frames } });
  }

  #apply(frame: Frame): void {
    if (frame.type === "history") this.#isTold = true;
    this.#turn.apply(frame);
    this.#hadTurn ||= hasResult(frame);
  }

  #holds(condition: Condition): boolean {
    switch (condition) {
      case "idle":
        return !this.#turn.isWorking && (this.#hadTurn || !this.#options.hasPrompt);
      case "approval":
        return this.#turn.isWaitingForAnswer;
      case "ended":
        return false;
    }
  }
}

function hasResult({ type, payload }: Frame): boolean {
  if (type !== "history") return type === "result";
  return historyOf(payload).some((message) => message.type === "result");
}
