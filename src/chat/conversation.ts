import { NotSentError, type ReceivedFrame } from "../api/attachment.ts";
import type { SessionStream, StreamEnd, StreamEvent } from "../api/session_stream.ts";
import type { Clock } from "../app/deps.ts";
import { messageOf } from "../app/errors.ts";
import { type ClientMessage, type Frame, historyOf } from "../protocol/frames.ts";
import { hasFailed, type SessionEnd, wasRequested } from "../protocol/session_end.ts";
import { safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import type { Asker } from "./asker.ts";
import { Outbox } from "./outbox.ts";
import { Requests } from "./requests.ts";
import { readLineCommand, type SlashName } from "./slash.ts";
import type { Status } from "./status.ts";
import type { Transcript } from "./transcript.ts";
import { type LinkTrouble, linkTrouble, mentionOf } from "./transport.ts";
import { requestId, TurnState } from "./turn.ts";
import { addUsage, NO_USAGE } from "./usage.ts";

/** How long a server may take to send the history, before there is taken to be none. */
const HISTORY_MILLISECONDS = 2_000;
/**
 * How long the agent is quiet, after a turn or an interrupt, before what it was still to do counts
 * as done.
 */
const SETTLING_MILLISECONDS = 10_000;
/** How long it may take to read what stands in a pipe already. */
const HEAR_OUT_MILLISECONDS = 200;

/** What was left undone: the one turn, or messages of which nobody can say that they arrived. */
export type Undone = "turn" | "messages";

/** How a conversation ended: with its stream, its one turn, or for want of someone to decide. */
export type ConversationEnd =
  | Extract<StreamEnd, { type: "lost" }>
  | Extract<StreamEnd, { type: "session-end" }> & { readonly undone?: Undone | undefined }
  /** @property why where it was not the person who left */
  | { readonly type: "detached"; readonly why?: string; readonly undone?: Undone | undefined }
  /** What was sent may be lost, and nothing more is to be expected. */
  | { readonly type: "doubtful" }
  | { readonly type: "turn-end"; readonly failed: boolean }
  | { readonly type: "undecided"; readonly request: Frame };

/** What a conversation needs of a stream. */
export type ConversationStream = Pick<
  SessionStream,
  "events" | "send" | "detach" | "canSend" | "state" | "lastHeardAt"
>;

export interface ConversationOptions {
  readonly sessionId: string;
  readonly stream: ConversationStream;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** Asks the person; without it the conversation is only watched. */
  readonly asker?: Asker | undefined;
  /** Whether a person is asked, who can decide to answer again what may be lost. */
  readonly isPerson?: boolean;
  /** Sent as soon as the session is attached. */
  readonly prompt?: string | undefined;
  /** Ends with the first turn, and with how that went. */
  readonly once?: boolean;
  /** Holds back what is typed while the agent works, so that it can be taken back. */
  readonly queues?: boolean;
  /** US dollars that the session may cost. */
  readonly budget?: number | undefined;
  /** Called when the session is attached, with whether prompts can be sent to it. */
  readonly onAttached?: (canSend: boolean) => void;
  /** Called when the {@linkcode Conversation.status} may have changed. */
  readonly onChange?: () => void;
  /** Carries out the commands that are not the conversation's own. */
  readonly onCommand?: (name: SlashName, argument: string) => void;
  /** Settles when the output can take more. */
  readonly outputReady: () => Promise<void>;
  /** Aborted when the program is ended. */
  readonly signal: AbortSignal;
}

/**
 * A conversation with a session: frames go to the transcript, requests to the person, and what the
 * person types to the agent. It knows neither terminal nor network.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #turn = new TurnState();
  readonly #outbox = new Outbox();
  #usage = NO_USAGE;
  #activity: string | undefined;
  #activeSince = 0;
  #link: LinkTrouble | undefined = { words: "connecting" };
  #requests: Requests | undefined;
  #heard = false;
  #inputEnded = false;
  /** Whether the session is over, by a link that may still be open. */
  #hasEnded = false;
  /** Called with the next message from the input, or its end. */
  #onInput: (() => void) | undefined;
  /** Whether a message was such that it can never be sent. */
  #isRefused = false;
  /** Why the conversation itself left the session. */
  #ownEnd: ConversationEnd | undefined;
  #settling: AbortController | undefined;
  /** Whether nothing came for a while, and nothing is to be expected. */
  #isSettled = false;
  readonly #over = new AbortController();

  constructor(options: ConversationOptions) {
    this.#options = options;
    if (options.prompt !== undefined) this.#outbox.add(options.prompt);
  }

  /** Whether there is a connection: not yet, while it is dialled or the session starts. */
  get isConnected(): boolean {
    return this.#options.stream.state === "attached";
  }

  /** Whether the agent is at work. */
  get isWorking(): boolean {
    return this.#turn.isWorking;
  }

  /** What goes on, at a glance. */
  get status(): Status {
    return {
      activity: this.#activity,
      since: this.#activeSince,
      usage: this.#usage,
      budget: this.#options.budget,
      link: this.#link,
      heardAt: this.#options.stream.lastHeardAt,
      queued: this.queued.length,
      requests: this.#requests?.count ?? 0,
    };
  }

  /** What was typed and not sent yet, the oldest first. */
  get queued(): readonly string[] {
    return this.#outbox.queued;
  }

  /** Takes the last message back that was not sent yet. */
  takeBack(): string | undefined {
    const text = this.#outbox.takeBack();
    this.#options.onChange?.();
    return text;
  }

  /** Attaches, and goes on until the stream ends. */
  async run(): Promise<ConversationEnd> {
    let why: "ended" | "left" = "left";
    try {
      const end = await this.#follow(this.#options.stream.events());
      if (end.type === "session-end") {
        why = "ended";
        await this.#hearOut();
      }
      return this.#ended(end);
    } finally {
      this.#over.abort();
      this.#unsettle();
      await this.#requests?.close(why);
      for (const text of this.#outbox.queued) this.tellUnsent(text);
    }
  }

  /** Tells of what was written, and will never be sent: all of it, where it stands nowhere else. */
  tellUnsent(text: string): void {
    const words = text === this.#options.prompt ? mentionOf(text) : sanitize(text);
    this.#options.transcript.loss(safeText`Not sent: ${words}`);
  }

  async #follow(events: AsyncGenerator<StreamEvent, StreamEnd>): Promise<StreamEnd> {
    const { transcript, sessionId, outputReady } = this.#options;
    while (true) {
      const { value, done } = await events.next();
      if (done === true) return value;
      if (value.type === "frames") {
        for (const received of value.frames) this.#receive(received);
        await outputReady();
      } else {
        transcript.transport(value, sessionId);
        this.#link = linkTrouble(value, this.#link);
        if (value.type === "attached" && !value.resumed) this.#attached(value.readOnly);
        else if (value.type === "attached") this.#requests?.reopenUnsent();
        else if (value.type === "delivery") this.#delivery(value);
        else if (value.type === "reconnecting") this.#unsettle();
      }
      this.#followTurn();
    }
  }

  /** Takes a line that was typed, or came from a pipe. */
  submit(line: string): void {
    const command = readLineCommand(line);
    switch (command.type) {
      case "nothing":
        return;
      case "prompt":
        this.#outbox.add(command.text);
        this.#onInput?.();
        return this.#sendQueued();
      case "mistake":
        return this.#options.transcript.notice(sanitizeLine(command.words));
      case "command":
        this.#runCommand(command.name, command.argument);
    }
  }

  /** Stops the agent's turn. */
  interrupt(): void {
    if (this.#breakOff()) this.#options.transcript.notice(safeText`Interrupt sent`);
  }

  /** Stops the agent's turn without a word; false when that could not be sent. */
  #breakOff(): boolean {
    if (!this.#send({ type: "interrupt" })) return false;
    // A turn that is broken off need not end in a result.
    void this.#settle();
    return true;
  }

  /** Takes back the question that is being asked: a denial, for an approval. */
  withdrawQuestion(): boolean {
    return this.#requests?.withdraw() ?? false;
  }

  /**
   * Leaves the session to itself.
   *
   * @param why where it is not the person who leaves
   */
  detach(why?: string): void {
    if (why !== undefined) this.#ownEnd ??= { type: "detached", why };
    this.#options.stream.detach();
  }

  /** Nothing more will be typed: the agent's turn is still seen to its end. */
  endInput(): void {
    this.#inputEnded = true;
    this.#onInput?.();
    this.#leaveWhenDone();
  }

  /** Waits for what stands in a pipe, and was not read before the session ended. */
  async #hearOut(): Promise<void> {
    const { clock, isPerson, once } = this.#options;
    if (this.#requests === undefined || isPerson === true || once === true) return;
    if (this.#inputEnded || this.#outbox.queued.length > 0) return;
    const time = clock.sleep(HEAR_OUT_MILLISECONDS, this.#over.signal).catch(() => {});
    await Promise.race([new Promise<void>((resolve) => this.#onInput = resolve), time]);
  }

  /** How the conversation ended, with its stream or before that. */
  #ended(end: StreamEnd): ConversationEnd {
    const own = this.#ownEnd;
    const isOwn = own !== undefined && !(end.type === "session-end" && hasFailed(end.end)) &&
      (own.type !== "detached" || end.type === "detached");
    const ended = isOwn ? own : end;
    if (ended.type === "session-end") return { ...ended, undone: this.#undoneBy(ended.end) };
    return ended.type === "detached" ? { ...ended, undone: this.#undoneBy() } : ended;
  }

  /** What a session's end, or leaving it, left undone; a person who sees that knows what it means. */
  #undoneBy(end?: SessionEnd): Undone | undefined {
    const { once, isPerson } = this.#options;
    if (once !== true && isPerson === true) return undefined;
    if (this.#isRefused) return "messages";
    if (end === undefined) return undefined;
    if (this.#outbox.queued.length > 0 || this.#outbox.isInDoubt) return "messages";
    return once === true && wasRequested(end) ? "turn" : undefined;
  }

  #attached(readOnly: boolean): void {
    const { asker, transcript, clock, signal, onAttached } = this.#options;
    const canSend = !readOnly && asker !== undefined;
    if (canSend) {
      this.#requests = new Requests({
        asker,
        transcript,
        clock,
        linkTrouble: () => this.#link,
        send: (message) => this.#send(message),
        interrupt: () => this.#breakOff(),
        onAnswered: (request) => {
          this.#turn.answered(requestId(request));
          this.#followTurn();
        },
        onPutOff: () => this.#sendQueued(),
        onUndecided: (request) => {
          this.#ownEnd = { type: "undecided", request };
          this.detach();
        },
      });
      // Before whoever asks finds out for himself, and takes it for a mistake.
      signal.addEventListener("abort", () => void this.#requests?.close("left"), { once: true });
    } else if (this.#outbox.clear()) {
      transcript.notice(safeText`Not sent, because this session is read-only`);
    }
    onAttached?.(canSend);
    if (!canSend) return;
    this.#sendQueued();
    void this.#expectHistory();
  }

  async #expectHistory(): Promise<void> {
    try {
      await this.#options.clock.sleep(HISTORY_MILLISECONDS, this.#over.signal);
    } catch {
      return;
    }
    this.#heard = true;
    this.#leaveWhenDone();
  }

  #receive(received: ReceivedFrame): void {
    const { frame } = received;
    const { transcript } = this.#options;
    const before = this.#turn.pending;
    this.#heard = true;
    this.#unsettle();
    this.#usage = frame.type === "history"
      ? historyOf(frame.payload).reduce(addUsage, this.#usage)
      : addUsage(this.#usage, frame);
    if (this.#options.once === true && frame.type === "result") {
      this.#ownEnd = { type: "turn-end", failed: hasTurnFailed(frame) };
      this.detach();
    }
    if (frame.type === "session_end") this.#hasEnded = true;
    this.#turn.apply(frame);
    const asked = isRequest(frame) && this.#requests !== undefined &&
      this.#options.asker?.shows(frame) === true;
    transcript.frame(received, asked);
    // What the session's end leaves open is taken back when the conversation is over.
    if (frame.type !== "session_end") this.#followRequests(before);
  }

  /** Asks what is newly asked, also by the history, and takes back what needs no answer now. */
  #followRequests(before: readonly Frame[]): void {
    const now = this.#turn.pending;
    if (now === before) return;
    const asked = new Set(now.map(requestId));
    for (const request of before) {
      // One of the same id takes its place.
      if (!asked.has(requestId(request))) this.#requests?.answeredElsewhere(requestId(request));
    }
    for (const request of now) if (!before.includes(request)) this.#requests?.add(request);
  }

  /** What may never have arrived is not waited for; an answer is asked for again. */
  #delivery({ message, state }: Extract<StreamEvent, { type: "delivery" }>): void {
    const isUnknown = state === "unknown";
    switch (message.type) {
      case "prompt": {
        const { text } = message.payload;
        if (!isUnknown) return this.#outbox.arrived(text);
        this.#outbox.doubt(text);
        this.#turn.unprompted();
        return;
      }
      case "tool_approval_response":
      case "ask_user_question_response": {
        const id = requestId(message);
        if (!isUnknown) this.#requests?.arrived(id);
        else if (this.#options.isPerson === true) this.#requests?.askAgain(id);
      }
    }
  }

  #runCommand(name: SlashName, argument: string): void {
    switch (name) {
      case "interrupt":
        return this.interrupt();
      case "quit":
        return this.detach();
      case "resend":
        return this.#resend();
      case "approve":
        return this.#reopen();
      case "deny":
        if (this.#requests?.denyPostponed(argument || undefined) !== true) this.#nothingOpen();
        return;
      default:
        this.#options.onCommand?.(name, argument);
    }
  }

  #resend(): void {
    if (this.#outbox.queueDoubtful()) this.#sendQueued();
    else this.#options.transcript.notice(safeText`Nothing of yours may be lost`);
  }

  #reopen(): void {
    if (this.#requests?.reopen() !== true) this.#nothingOpen();
  }

  #nothingOpen(): void {
    this.#options.transcript.notice(safeText`Nothing waits for an answer`);
  }

  /**
   * Sends what was typed: all at once, or where messages queue, one when the agent has time. Who has
   * put a request off has something to say first.
   */
  #sendQueued(): void {
    const { stream, queues, onChange } = this.#options;
    const isHeldBack = () => queues === true && this.isWorking && this.#requests?.isPutOff !== true;
    const mayGo = () => stream.canSend && !this.#hasEnded && !isHeldBack();
    if (this.#requests !== undefined) this.#outbox.sendWhile(mayGo, (text) => this.#prompt(text));
    onChange?.();
  }

  /** Sends a prompt; false when it is to stay in line. */
  #prompt(text: string): boolean {
    const failure = this.#trySend({ type: "prompt", payload: { text } });
    if (failure instanceof NotSentError && failure.reason === "too-large") {
      // It never gets smaller, and must not hold up what comes behind it.
      this.#isRefused = true;
      return true;
    }
    if (failure !== undefined) return false;
    this.#turn.prompted();
    this.#followActivity();
    return true;
  }

  #send(message: ClientMessage): boolean {
    return this.#trySend(message) === undefined;
  }

  /** @returns why a message was not sent, of which the person was told */
  #trySend(message: ClientMessage): unknown {
    try {
      this.#options.stream.send(message);
      return undefined;
    } catch (error) {
      this.#options.transcript.notice(safeText`Not sent: ${sanitizeLine(messageOf(error))}`);
      return error;
    }
  }

  /** After each step: what the agent does now, and whether that is a time to send or to leave. */
  #followTurn(): void {
    this.#followActivity();
    this.#sendQueued();
    this.#leaveWhenDone();
  }

  #followActivity(): void {
    const { activity } = this.#turn;
    if (activity === this.#activity) return;
    this.#activity = activity;
    this.#activeSince = this.#options.clock.now();
  }

  /**
   * With the input at its end, the conversation is over when all of it was sent and the agent's turn
   * is over. What may be lost may also be taken up yet: that is waited for.
   */
  #leaveWhenDone(): void {
    const isDoubtful = this.#outbox.isInDoubt;
    const isLast = this.#inputEnded || (this.#options.once === true && isDoubtful);
    if (!isLast || !this.#heard || this.#requests === undefined) return;
    if (this.#outbox.queued.length > 0) return;
    const { isWorking, mayBeSettled } = this.#turn;
    if (isWorking ? mayBeSettled : isDoubtful && !this.#isSettled) void this.#settle();
    else if (isWorking) return;
    else if (isDoubtful) this.#leaveInDoubt();
    else this.detach("the input has ended");
  }

  #leaveInDoubt(): void {
    this.#ownEnd ??= { type: "doubtful" };
    this.detach();
  }

  /** Takes the agent for done when nothing comes for a while. */
  async #settle(): Promise<void> {
    if (this.#settling !== undefined) return;
    const settling = this.#settling = new AbortController();
    try {
      await this.#options.clock.sleep(SETTLING_MILLISECONDS, settling.signal);
    } catch {
      return;
    }
    this.#settling = undefined;
    this.#isSettled = true;
    this.#turn.settled();
    this.#followTurn();
  }

  #unsettle(): void {
    this.#settling?.abort();
    this.#settling = undefined;
    this.#isSettled = false;
  }
}

function isRequest({ type }: Frame): boolean {
  return type === "tool_approval_request" || type === "ask_user_question";
}

function hasTurnFailed({ payload }: Frame): boolean {
  return payload["success"] === false || payload["is_error"] === true;
}
