import { textOf } from "../protocol/content.ts";
import {
  type ClientMessage,
  type Frame,
  historyOf,
  isObject,
  type JsonObject,
} from "../protocol/frames.ts";
import type { ReceivedFrame } from "./attachment.ts";

/** Messages that no answer came to are remembered up to here. */
const MOST = 100;
/**
 * The server drops a link on which it hears nothing for 60 s. So whoever hears of it later than that
 * after a message, on the same link, knows that the message, or something behind it, arrived.
 */
const PROVED_MILLISECONDS = 65_000;

/** What became of a message whose link was lost before anything showed that it had arrived. */
export interface Delivery {
  readonly message: ClientMessage;
  /** `unknown` is not the last word: `delivered` may follow. */
  readonly state: "delivered" | "unknown";
}

interface Sent {
  readonly message: ClientMessage;
  /** Unix milliseconds. */
  readonly at: number;
  /** The link that it was sent on is lost. */
  isDoubtful: boolean;
  /** It was said that nobody knows. */
  isTold: boolean;
}

/**
 * Remembers what was sent until a frame shows that it arrived. Nothing is acknowledged: a prompt is
 * echoed as a `user` frame, an answer has a result, an interrupt ends the turn.
 */
export class SentMessages {
  #waiting: Sent[] = [];

  /** Whether something was sent on the present link that nothing came of yet. */
  get isWaiting(): boolean {
    return this.#waiting.some(({ isDoubtful }) => !isDoubtful);
  }

  /** @param at unix milliseconds */
  add(message: ClientMessage, at: number): void {
    if (message.type === "heartbeat") return;
    // Who sends again what may be lost has answered what became of it.
    const text = JSON.stringify(message);
    this.#waiting = this.#waiting.filter((sent) =>
      !sent.isTold || JSON.stringify(sent.message) !== text
    );
    this.#waiting.push({ message, at, isDoubtful: false, isTold: false });
    if (this.#waiting.length > MOST) this.#waiting.shift();
  }

  /** Takes frames, and gives the messages in doubt that they show to have arrived. */
  observe(received: readonly ReceivedFrame[]): Delivery[] {
    const deliveries: Delivery[] = [];
    for (const { frame } of received) {
      if (this.#waiting.length === 0) break;
      const frames = frame.type === "history" ? historyOf(frame.payload) : [frame];
      for (const each of frames) deliveries.push(...this.#settle(each));
    }
    return deliveries;
  }

  /**
   * Takes note that the link is lost.
   *
   * @param heardAt when something was last heard on it, unix milliseconds
   * @param isConfirmed whether the server has said that it read everything
   */
  linkLost(heardAt: number, isConfirmed: boolean): void {
    this.#waiting = this.#waiting.filter(({ isDoubtful, at }) =>
      isDoubtful || (!isConfirmed && heardAt < at + PROVED_MILLISECONDS)
    );
    for (const sent of this.#waiting) sent.isDoubtful = true;
  }

  /** The messages in doubt that this has not been said of yet. */
  takeUnknown(): Delivery[] {
    const unknown = this.#waiting.filter(({ isDoubtful, isTold }) => isDoubtful && !isTold);
    for (const sent of unknown) sent.isTold = true;
    return unknown.map(({ message }) => ({ message, state: "unknown" }));
  }

  #settle(frame: Frame): Delivery[] {
    const index = this.#waiting.findIndex(({ message, isDoubtful }) =>
      isEvidence(frame, message) || (!isDoubtful && isRefusal(frame))
    );
    const [sent] = index === -1 ? [] : this.#waiting.splice(index, 1);
    return sent?.isDoubtful === true ? [{ message: sent.message, state: "delivered" }] : [];
  }
}

function isEvidence(frame: Frame, message: ClientMessage): boolean {
  const { type, payload } = frame;
  switch (message.type) {
    case "prompt":
      return type === "user" && textOf(payload) === message.payload.text.trim();
    case "tool_approval_response":
      return isAbout(frame, message.payload.tool_use_id);
    case "ask_user_question_response":
      // The agent waits for its answer, whether or not the result of its question is shown.
      return isAbout(frame, message.payload.question_id) || type === "assistant" ||
        type === "tool_use" || type === "result";
    case "interrupt":
      return type === "result" || (type === "system" && payload["subtype"] === "interrupted");
    case "heartbeat":
      return false;
  }
}

/** Whether a frame shows that a tool was used, or has come to its result. */
function isAbout({ type, payload }: Frame, id: string): boolean {
  switch (type) {
    case "tool_use":
      return payload["id"] === id;
    case "tool_result":
      return payload["tool_use_id"] === id;
    case "user":
      return blocksOf(payload).some((block) => block["tool_use_id"] === id);
    default:
      return false;
  }
}

function blocksOf({ content }: JsonObject): JsonObject[] {
  return Array.isArray(content) ? content.filter(isObject) : [];
}

/** Whether the server says that it read a message, and did not take it. */
function isRefusal({ type, payload }: Frame): boolean {
  const { code } = payload;
  return type === "error" &&
    (code === "rate_limited" || code === "invalid_message" || code === "session_not_running");
}
