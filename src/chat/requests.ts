import type { Clock } from "../app/deps.ts";
import { timeOf } from "../protocol/frame_identity.ts";
import type { ClientMessage, Frame } from "../protocol/frames.ts";
import { type SafeText, safeText, spellOutLine } from "../render/safe_text.ts";
import { denial } from "./approval.ts";
import type { AnswerDraft, Asker } from "./asker.ts";
import type { Transcript } from "./transcript.ts";
import type { LinkTrouble } from "./transport.ts";
import { requestId } from "./turn.ts";

/** So long the server waits for an answer; then the session fails. */
const ANSWER_LIMIT_MILLISECONDS = 5 * 60_000;

/** So many answered requests are kept in mind. */
const MOST_ANSWERED = 20;

export interface RequestsOptions {
  readonly asker: Asker;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** What is wrong with the connection; nothing while it is good. */
  readonly linkTrouble: () => LinkTrouble | undefined;
  /** Sends an answer; false when it could not be sent. */
  readonly send: (message: ClientMessage) => boolean;
  /** Stops the agent's turn; false when that could not be sent. */
  readonly interrupt: () => boolean;
  /** Called when a request needs no answer any more, because of what was sent. */
  readonly onAnswered: (request: Frame) => void;
  /** Called when a request was put off. */
  readonly onPutOff: () => void;
  /** Called when there is nobody to answer. */
  readonly onUndecided: (request: Frame) => void;
}

interface Waiting {
  readonly request: Frame;
  /** Unix milliseconds. */
  readonly deadline: number;
  /** Whether it was answered before, by what may never have arrived. */
  readonly isAgain?: true;
  readonly draft: AnswerDraft;
}

/** Why a question is taken back. */
type Recall =
  | "withdrawn"
  | "timed-out"
  | "answered-elsewhere"
  | "replaced"
  | "arrived"
  | "ended"
  | "left";

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
  /** How many have been dealt with since nothing was open. */
  #dealtWith = 0;
  #working: Promise<void> = Promise.resolve();

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Requests that nobody has answered yet. */
  get count(): number {
    return this.#waiting.length + this.#postponed.length + this.#unsent.length +
      (this.#open === undefined ? 0 : 1);
  }

  /** Whether the person has put a request off. */
  get isPutOff(): boolean {
    return this.#postponed.length > 0;
  }

  /** Puts a request in line. An earlier one of its id is asked no more: the answer would be this one's. */
  add(request: Frame): void {
    this.#drop(requestId(request), "replaced");
    const now = this.#options.clock.now();
    const asked = timeOf(request) ?? now;
    // A clock that differs from the server's must not shorten or lengthen the wait by much.
    const begin = asked > now - ANSWER_LIMIT_MILLISECONDS && asked < now ? asked : now;
    const deadline = begin + ANSWER_LIMIT_MILLISECONDS;
    this.#queue({ request, deadline, draft: { answers: new Map() } });
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
        this.#queue({ ...waiting, isAgain: true });
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
    this.#deny(found, reason);
    return true;
  }

  /** Takes a request back that the server no longer waits for. */
  answeredElsewhere(id: string): void {
    this.#drop(id, "answered-elsewhere");
  }

  /** Takes a request back that was asked again, because the first answer has arrived after all. */
  arrived(id: string): void {
    this.#drop(id, "arrived");
  }

  #drop(id: string, why: Recall): void {
    for (const list of [this.#waiting, this.#postponed, this.#unsent, this.#answered]) {
      const index = list.findIndex(({ request }) => requestId(request) === id);
      if (index !== -1) list.splice(index, 1);
    }
    if (this.#open !== undefined && requestId(this.#open.request) === id) {
      this.#recall(why);
    }
  }

  /** The person would rather not answer; false when nothing is being asked. */
  withdraw(): boolean {
    if (this.#open === undefined) return false;
    this.#recall("withdrawn");
    return true;
  }

  /** Takes everything back, because the session has ended, or is left. */
  async close(why: "ended" | "left"): Promise<void> {
    this.#waiting.length = 0;
    this.#recall(why);
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
    const { request } = next;
    const { clock } = this.#options;
    const recall = new AbortController();
    const answered = new AbortController();
    this.#open = { request, recall };
    const limit = clock.sleep(Math.max(0, next.deadline - clock.now()), answered.signal)
      .then(() => recall.abort("timed-out"), () => {});
    try {
      const answer = await this.#answer(next, recall.signal);
      // It may have been taken back in the moment in which it was answered.
      recall.signal.throwIfAborted();
      if (answer === "later") {
        this.#postponed.push(next);
        this.#options.transcript.notice(safeText`Put off: /approve asks again, /deny denies`);
        this.#options.onPutOff();
      } else if (answer === undefined) this.#options.onUndecided(request);
      else this.#send(next, answer);
    } catch (error) {
      if (!recall.signal.aborted) throw error;
      this.#tellRecall(next, recall.signal.reason);
    } finally {
      this.#open = undefined;
      this.#dealtWith = this.#waiting.length === 0 ? 0 : this.#dealtWith + 1;
      answered.abort();
      await limit;
    }
  }

  /**
   * Sends an answer, and says what it was once it is on its way; asks again where it is not.
   *
   * @returns whether it was sent
   */
  #send(waiting: Waiting, answer: ClientMessage): boolean {
    const { send, transcript, onAnswered } = this.#options;
    if (!send(answer)) {
      this.#keepUnsent(waiting);
      return false;
    }
    const words = describeAnswer(answer);
    if (words !== undefined) transcript.notice(words);
    this.#answered.push(waiting);
    if (this.#answered.length > MOST_ANSWERED) this.#answered.shift();
    onAnswered(waiting.request);
    return true;
  }

  #keepUnsent(waiting: Waiting): void {
    this.#unsent.push(waiting);
    this.#options.transcript.notice(
      safeText`You are asked again, with what you typed, when the connection is back`,
    );
  }

  async #answer(
    { request, deadline, isAgain, draft }: Waiting,
    signal: AbortSignal,
  ): Promise<ClientMessage | "later" | undefined> {
    const { asker, linkTrouble } = this.#options;
    const place = () => {
      const number = this.#dealtWith + 1;
      return { number, of: number + this.#waiting.length };
    };
    const context = { deadline, place, signal, isAgain: isAgain === true, linkTrouble, draft };
    if (request.type === "ask_user_question") {
      const payload = await asker.questions(request, context);
      return payload && { type: "ask_user_question_response", payload };
    }
    const payload = await asker.approval(request, context);
    if (payload === undefined || payload === "later") return payload;
    return { type: "tool_approval_response", payload };
  }

  #deny(waiting: Waiting, reason?: string): boolean {
    if (reason !== undefined) waiting.draft.reason = reason;
    const payload = denial(waiting.request, reason);
    return this.#send(waiting, { type: "tool_approval_response", payload });
  }

  /** Denies an approval, leaves a question without an answer, and stops the agent's turn. */
  #refuse(waiting: Waiting): void {
    const { transcript, interrupt, onAnswered } = this.#options;
    if (isApproval(waiting.request)) {
      if (this.#deny(waiting)) interrupt();
    } else if (interrupt()) {
      transcript.notice(safeText`Not answered: the agent is interrupted`);
      onAnswered(waiting.request);
    } else this.#keepUnsent(waiting);
  }

  #tellRecall(waiting: Waiting, why: Recall): void {
    const { transcript } = this.#options;
    switch (why) {
      case "withdrawn":
        return this.#refuse(waiting);
      case "timed-out":
        return transcript.notice(
          safeText`Timed out: nobody answered within 5 minutes, and the session fails`,
        );
      case "answered-elsewhere":
        return transcript.notice(safeText`Answered elsewhere`);
      case "replaced":
        return transcript.notice(
          safeText`No longer asked, and not answered: another request came in its place`,
        );
      case "arrived":
        return transcript.notice(safeText`No longer asked: your first answer has arrived`);
      case "ended":
        return transcript.notice(safeText`The session ended before an answer was given`);
      case "left":
        return transcript.notice(safeText`No answer was given, because the session was left`);
    }
  }
}

/** What an answer was, in words; nothing for one to a question, which has been seen. */
function describeAnswer(answer: ClientMessage): SafeText | undefined {
  if (answer.type !== "tool_approval_response") return undefined;
  const { approved, approval_scope: scope, approval_pattern: pattern } = answer.payload;
  if (!approved) return safeText`Denied`;
  if (scope !== "session") return safeText`Approved, this call only`;
  return pattern === undefined
    ? safeText`Approved for this session`
    : safeText`Approved for this session, where it matches ${spellOutLine(pattern)}`;
}

function isApproval({ type }: Frame): boolean {
  return type === "tool_approval_request";
}
