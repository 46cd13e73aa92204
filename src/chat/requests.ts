import type { Clock } from "../app/deps.ts";
import type { ClientMessage, Frame } from "../protocol/frames.ts";
import { safeText } from "../render/safe_text.ts";
import { denial } from "./approval.ts";
import type { Asker } from "./asker.ts";
import type { Transcript } from "./transcript.ts";
import { requestId } from "./turn.ts";

/** So long the server waits for an answer; then the session fails. */
const ANSWER_LIMIT_MILLISECONDS = 5 * 60_000;

/** So many answered requests are kept in mind. */
const MOST_ANSWERED = 20;

export interface RequestsOptions {
  readonly asker: Asker;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** Sends an answer; false when it could not be sent. */
  readonly send: (message: ClientMessage) => boolean;
  readonly onAnswered: (request: Frame) => void;
  /** Called when there is nobody to answer. */
  readonly onUndecided: (request: Frame) => void;
}

interface Waiting {
  readonly request: Frame;
  /** Unix milliseconds. */
  readonly deadline: number;
}

/** Why a question is taken back. */
type Recall = "withdrawn" | "timed-out" | "answered-elsewhere" | "over";

/** The agent's requests: one before the person at a time, the others in line. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #waiting: Waiting[] = [];
  readonly #postponed: Waiting[] = [];
  /** Answered, but by an answer that could not be sent. */
  readonly #unsent: Waiting[] = [];
  /** The last requests that were answered, for the case that an answer gets lost. */
  readonly #answered: Waiting[] = [];
  #open: { readonly request: Frame; readonly recall: AbortController } | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Requests that nobody has answered yet. */
  get count(): number {
    return this.#waiting.length + this.#postponed.length + this.#unsent.length +
      (this.#open === undefined ? 0 : 1);
  }

  /** Puts a request in line. */
  add(request: Frame): void {
    const now = this.#options.clock.now();
    const asked = Date.parse(request.timestamp ?? "");
    // A clock that differs from the server's must not shorten or lengthen the wait by much.
    const begin = asked > now - ANSWER_LIMIT_MILLISECONDS && asked < now ? asked : now;
    this.#queue({ request, deadline: begin + ANSWER_LIMIT_MILLISECONDS });
  }

  /** Asks again what was answered while the connection was down. */
  reopenUnsent(): void {
    for (const waiting of this.#unsent.splice(0)) this.#queue(waiting);
  }

  /** Asks again for an answer that may never have arrived. */
  askAgain(id: string): void {
    const index = this.#answered.findIndex(({ request }) => requestId(request) === id);
    if (index !== -1) {
      for (const waiting of this.#answered.splice(index, 1)) {
        this.#queue(waiting);
      }
    }
  }

  /** Asks again what was put off; false when nothing was. */
  reopen(): boolean {
    const next = this.#postponed.shift();
    if (next === undefined) return false;
    this.#queue(next);
    return true;
  }

  /** Denies the approval that was put off; false when none was. */
  denyPostponed(reason?: string): boolean {
    const index = this.#postponed.findIndex(({ request }) => isApproval(request));
    const [found] = index === -1 ? [] : this.#postponed.splice(index, 1);
    if (found === undefined) return false;
    this.#deny(found.request, reason);
    return true;
  }

  /** Takes a request back that the server no longer waits for. */
  answeredElsewhere(id: string): void {
    for (const list of [this.#waiting, this.#postponed, this.#unsent, this.#answered]) {
      const index = list.findIndex(({ request }) => requestId(request) === id);
      if (index !== -1) list.splice(index, 1);
    }
    if (this.#open !== undefined && requestId(this.#open.request) === id) {
      this.#recall("answered-elsewhere");
    }
  }

  /** The person would rather not answer; false when nothing is being asked. */
  withdraw(): boolean {
    if (this.#open === undefined) return false;
    this.#recall("withdrawn");
    return true;
  }

  /** Takes everything back, because the conversation is over. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.#recall("over");
    await this.#working;
  }

  #queue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#working = this.#working.then(() => this.#askNext());
  }

  #recall(why: Recall): void {
    this.#open?.recall.abort(why);
  }

  async #askNext(): Promise<void> {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const { request, deadline } = next;
    const { clock } = this.#options;
    const recall = new AbortController();
    const answered = new AbortController();
    this.#open = { request, recall };
    const limit = clock.sleep(Math.max(0, deadline - clock.now()), answered.signal)
      .then(() => recall.abort("timed-out"), () => {});
    try {
      const answer = await this.#answer(request, deadline, recall.signal);
      if (answer === "later") this.#postponed.push(next);
      else if (answer === undefined) this.#options.onUndecided(request);
      else if (this.#options.send(answer)) this.#sent(next);
      else this.#unsent.push(next);
    } catch (error) {
      if (!recall.signal.aborted) throw error;
      this.#tellRecall(request, recall.signal.reason);
    } finally {
      this.#open = undefined;
      answered.abort();
      await limit;
    }
  }

  #sent(waiting: Waiting): void {
    this.#answered.push(waiting);
    if (this.#answered.length > MOST_ANSWERED) this.#answered.shift();
    this.#options.onAnswered(waiting.request);
  }

  async #answer(
    request: Frame,
    deadline: number,
    signal: AbortSignal,
  ): Promise<ClientMessage | "later" | undefined> {
    const { asker, transcript } = this.#options;
    const more = this.#waiting.length;
    if (more > 0) transcript.notice(safeText`${more} more waiting after this one`);
    if (request.type === "ask_user_question") {
      const payload = await asker.questions(request, { deadline, signal });
      return payload && { type: "ask_user_question_response", payload };
    }
    const payload = await asker.approval(request, { deadline, signal });
    if (payload === "later") {
      transcript.notice(safeText`Put off: /approve asks again, /deny denies`);
    }
    if (payload === undefined || payload === "later") return payload;
    transcript.notice(
      !payload.approved
        ? safeText`Denied`
        : payload.approval_scope === "session"
        ? safeText`Approved for this session`
        : safeText`Approved, this call only`,
    );
    return { type: "tool_approval_response", payload };
  }

  #deny(request: Frame, reason?: string): void {
    const { transcript, send, onAnswered } = this.#options;
    if (!send({ type: "tool_approval_response", payload: denial(request, reason) })) return;
    transcript.notice(safeText`Denied`);
    onAnswered(request);
  }

  #tellRecall(request: Frame, why: Recall): void {
    const { transcript, send } = this.#options;
    switch (why) {
      case "withdrawn":
        if (isApproval(request)) this.#deny(request);
        send({ type: "interrupt" });
        return;
      case "timed-out":
        return transcript.notice(
          safeText`Timed out: nobody answered within 5 minutes, and the session fails`,
        );
      case "answered-elsewhere":
        return transcript.notice(safeText`Answered elsewhere`);
      case "over":
        return transcript.notice(safeText`The session ended before an answer was given`);
    }
  }
}

function isApproval({ type }: Frame): boolean {
  return type === "tool_approval_request";
}
