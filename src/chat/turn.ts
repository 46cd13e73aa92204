import { type Frame, historyOf } from "../protocol/frames.ts";
import { stringOr } from "../protocol/content.ts";
import { compactJson } from "../render/tool_input_json.ts";

/** So many answered requests are known again when they are sent again. */
const MOST_ANSWERED = 20;

/**
 * What is going on in a session, as far as its frames tell: whether the agent works, and which of
 * its requests wait for an answer.
 */
export class TurnState {
  #working = false;
  #unanswered = 0;
  #tool: string | undefined;
  /** The requests that were answered, as they stand on the wire, by their ids. */
  readonly #answered = new Map<string, string>();
  /** Never changed, only replaced. */
  #requests: readonly Frame[] = [];

  /** Whether the agent is in a turn, or has a prompt of ours to begin with. */
  get isWorking(): boolean {
    return this.#working || this.#unanswered > 0;
  }

  /** Whether nothing but an answer of ours can make the agent go on. */
  get isWaitingForAnswer(): boolean {
    return this.#requests.length > 0;
  }

  /** What the agent does, in words; undefined when it does nothing. */
  get activity(): string | undefined {
    if (this.#requests.length > 0) return "waiting for you";
    return this.isWorking ? this.#tool ?? "thinking" : undefined;
  }

  /** The requests that still wait for an answer; the same list for as long as they are the same. */
  get pending(): readonly Frame[] {
    return this.#requests;
  }

  /** Takes note of a prompt that was sent. */
  prompted(): void {
    this.#unanswered++;
    this.#working = true;
  }

  /** Takes note that a prompt may never have arrived. */
  unprompted(): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    if (this.#unanswered === 0) this.#working = false;
  }

  /** Takes note of an answer that was sent to a request. */
  answered(id: string): void {
    const request = this.#requests.find((request) => requestId(request) === id);
    if (request !== undefined) this.#answered.set(id, contentOf(request));
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MOST_ANSWERED && oldest !== undefined) this.#answered.delete(oldest);
    this.#dropRequest(id);
    this.#working = true;
  }

  /** Takes note that the agent fell silent after a turn: what it was sent was dealt with in that. */
  settled(): void {
    this.#unanswered = 0;
    this.#working = false;
  }

  /** Whether the last turn is over, while prompts of ours seem to be left. */
  get mayBeSettled(): boolean {
    return !this.#working && this.#unanswered > 0 && !this.isWaitingForAnswer;
  }

  /** Takes note of a frame. */
  apply(frame: Frame): void {
    const { type, payload } = frame;
    switch (type) {
      case "history":
        for (const earlier of historyOf(payload)) this.apply(earlier);
        return;
      case "result":
        this.#working = false;
        this.#tool = undefined;
        this.#unanswered = Math.max(0, this.#unanswered - 1);
        this.#requests = [];
        return;
      case "session_end":
        this.#working = false;
        this.#unanswered = 0;
        this.#requests = [];
        return;
      case "tool_approval_request":
      case "ask_user_question":
        this.#working = true;
        if (!this.#isKnown(frame)) this.#addRequest(frame);
        return;
      case "tool_result":
        this.#working = true;
        this.#tool = undefined;
        this.#dropRequest(stringOr(payload["tool_use_id"], ""));
        return;
      case "tool_use":
        this.#working = true;
        this.#tool = stringOr(payload["name"], "a tool");
        return;
      case "assistant":
      case "user":
        this.#working = true;
        this.#tool = undefined;
    }
  }

  /** Whether a request came before, as it is sent again on a new connection. */
  #isKnown(request: Frame): boolean {
    const id = requestId(request);
    const waiting = this.#requests.find((other) => requestId(other) === id);
    const before = waiting === undefined ? this.#answered.get(id) : contentOf(waiting);
    return before === contentOf(request);
  }

  #addRequest(request: Frame): void {
    this.#dropRequest(requestId(request));
    this.#requests = [...this.#requests, request];
  }

  #dropRequest(id: string): void {
    if (this.#requests.some((request) => requestId(request) === id)) {
      this.#requests = this.#requests.filter((request) => requestId(request) !== id);
    }
  }
}

/** What a request asks, with keys that stand more than once: who changes one of them asks anew. */
function contentOf({ type, payload }: Frame): string {
  return compactJson([type, payload]);
}

/** The id by which a request is answered, from itself or from its answer. */
export function requestId(
  { payload }: {
    readonly payload: { readonly tool_use_id?: unknown; readonly question_id?: unknown };
  },
): string {
  return stringOr(payload.tool_use_id, stringOr(payload.question_id, ""));
}
