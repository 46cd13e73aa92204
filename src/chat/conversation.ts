import type { ReceivedFrame } from "../api/attachment.ts";
import type { SessionStream, StreamEnd } from "../api/session_stream.ts";
import type { Clock } from "../app/deps.ts";
import { messageOf } from "../app/errors.ts";
import type { ClientMessage, Frame } from "../protocol/frames.ts";
import { joinSafe, safeText, sanitize } from "../render/safe_text.ts";
import type { Asker } from "./asker.ts";
import { Requests } from "./requests.ts";
import { readLineCommand, SLASH_COMMANDS, type SlashName } from "./slash.ts";
import type { Transcript } from "./transcript.ts";
import { requestId, TurnState } from "./turn.ts";

/** How long a server may take to send the history, before there is taken to be none. */
const HISTORY_MILLISECONDS = 2_000;
/** How long the agent is quiet after a turn before prompts that it never took up count as done. */
const SETTLING_MILLISECONDS = 10_000;

/** How a conversation ended: with its stream, or because there was no one to decide. */
export type ConversationEnd = StreamEnd | { readonly type: "undecided"; readonly request: Frame };

export interface ConversationOptions {
  readonly sessionId: string;
  readonly stream: SessionStream;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** Asks the person; without it the conversation is only watched. */
  readonly asker?: Asker;
  /** Sent as soon as the session is attached. */
  readonly prompt?: string;
  /** Called when the session is attached, with whether prompts can be sent to it. */
  readonly onAttached?: (canSend: boolean) => void;
  /** Settles when the output can take more. */
  readonly outputReady: () => Promise<void>;
}

/**
 * A conversation with a session: frames go to the transcript, requests to the person, and what the
 * person types to the agent. It knows neither terminal nor network.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #turn = new TurnState();
  readonly #waiting: string[] = [];
  #requests: Requests | undefined;
  #heard = false;
  #inputEnded = false;
  #undecided: Frame | undefined;
  #settling: AbortController | undefined;

  constructor(options: ConversationOptions) {
    this.#options = options;
    if (options.prompt !== undefined) this.#waiting.push(options.prompt);
  }

  /** Whether the agent is at work. */
  get isWorking(): boolean {
    return this.#turn.isWorking;
  }

  /** Attaches, and goes on until the stream ends. */
  async run(): Promise<ConversationEnd> {
    const { stream, transcript, sessionId, outputReady } = this.#options;
    const events = stream.events();
    while (true) {
      const { value, done } = await events.next();
      if (done === true) {
        this.#settling?.abort();
        await this.#requests?.close();
        return this.#undecided === undefined
          ? value
          : { type: "undecided", request: this.#undecided };
      }
      if (value.type === "frames") {
        for (const received of value.frames) this.#receive(received);
        await outputReady();
      } else {
        transcript.transport(value, sessionId);
        if (value.type === "attached") this.#attached(value.readOnly);
      }
      this.#leaveWhenDone();
    }
  }

  /** Takes a line that was typed, or came from a pipe. */
  submit(line: string): void {
    const command = readLineCommand(line);
    const { transcript } = this.#options;
    switch (command.type) {
      case "nothing":
        return;
      case "prompt":
        if (this.#requests !== undefined) this.#prompt(command.text);
        else this.#waiting.push(command.text);
        return;
      case "unknown":
        transcript.notice(safeText`Unknown command ${sanitize(command.word)}; see /help`);
        return;
      case "command":
        this.#runCommand(command.name);
    }
  }

  /** Stops the agent's turn. */
  interrupt(): void {
    if (this.#send({ type: "interrupt" })) {
      this.#options.transcript.notice(safeText`Interrupt sent`);
    }
  }

  /** Takes back the question that is being asked: a denial, for an approval. */
  withdrawQuestion(): boolean {
    return this.#requests?.withdraw() ?? false;
  }

  /** Leaves the session to itself. */
  detach(): void {
    this.#options.stream.detach();
  }

  /** Nothing more will be typed: the agent's turn is still seen to its end. */
  endInput(): void {
    this.#inputEnded = true;
    this.#leaveWhenDone();
  }

  #attached(readOnly: boolean): void {
    const { asker, transcript, clock, onAttached } = this.#options;
    const canSend = !readOnly && asker !== undefined;
    const waiting = this.#waiting.splice(0);
    if (canSend) {
      this.#requests = new Requests({
        asker,
        transcript,
        clock,
        send: (message) => this.#send(message),
        onAnswered: (request) => this.#turn.answered(requestId(request)),
        onUndecided: (request) => {
          this.#undecided = request;
          this.detach();
        },
      });
    } else if (waiting.length > 0) {
      transcript.notice(safeText`Not sent, because this session is read-only`);
    }
    onAttached?.(canSend);
    if (!canSend) return;
    for (const text of waiting) this.#prompt(text);
    void this.#expectHistory();
  }

  async #expectHistory(): Promise<void> {
    await this.#options.clock.sleep(HISTORY_MILLISECONDS);
    this.#heard = true;
    this.#leaveWhenDone();
  }

  #receive(received: ReceivedFrame): void {
    const { frame } = received;
    const { transcript } = this.#options;
    const before = this.#turn.pending;
    this.#heard = true;
    this.#settling?.abort();
    this.#turn.apply(frame);
    const asked = isRequest(frame) && this.#requests !== undefined;
    transcript.frame(received, asked);
    this.#followRequests(before);
  }

  /** Asks what is newly asked, also by the history, and takes back what needs no answer now. */
  #followRequests(before: readonly Frame[]): void {
    const now = this.#turn.pending;
    for (const request of before) {
      if (!now.includes(request)) this.#requests?.answeredElsewhere(requestId(request));
    }
    for (const request of now) if (!before.includes(request)) this.#requests?.add(request);
  }

  #runCommand(name: SlashName): void {
    switch (name) {
      case "interrupt":
        return this.interrupt();
      case "quit":
        return this.detach();
      case "help":
        return this.#options.transcript.notice(helpText());
    }
  }

  #prompt(text: string): void {
    if (this.#send({ type: "prompt", payload: { text } })) this.#turn.prompted();
  }

  #send(message: ClientMessage): boolean {
    try {
      this.#options.stream.send(message);
      return true;
    } catch (error) {
      this.#options.transcript.notice(safeText`Not sent: ${sanitize(messageOf(error))}`);
      return false;
    }
  }

  /** With the input at its end, the conversation is over when the agent's turn is. */
  #leaveWhenDone(): void {
    if (!this.#inputEnded || !this.#heard || this.#requests === undefined) return;
    if (!this.#turn.isWorking) this.detach();
    else if (this.#turn.mayBeSettled) void this.#settle();
  }

  async #settle(): Promise<void> {
    const settling = this.#settling = new AbortController();
    try {
      await this.#options.clock.sleep(SETTLING_MILLISECONDS, settling.signal);
      this.#turn.settled();
      this.#leaveWhenDone();
    } catch (error) {
      if (!settling.signal.aborted) throw error;
    }
  }
}

function isRequest({ type }: Frame): boolean {
  return type === "tool_approval_request" || type === "ask_user_question";
}

function helpText() {
  const lines = Object.entries(SLASH_COMMANDS)
    .map(([name, what]) => sanitize(`/${name}`.padEnd(14) + what));
  return joinSafe(lines, safeText`\n`);
}
