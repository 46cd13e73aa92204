import type { ReceivedFrame } from "../api/attachment.ts";
import type { Clock } from "../app/deps.ts";
import type { ExitCode } from "../app/exit_codes.ts";
import { textOf } from "../protocol/content.ts";
import { type Frame, historyOf } from "../protocol/frames.ts";
import {
  isLaterState,
  type MessageSoFar,
  messageSoFar,
  withoutEarlierStates,
} from "../protocol/growing_message.ts";
import { isNoise } from "../protocol/noise.ts";
import { hangingWords } from "../render/break_lines.ts";
import { type FrameStyle, renderFrame } from "../render/frames.ts";
import { counted } from "../render/human.ts";
import { toJson } from "../render/json.ts";
import { escapeJson, joinSafe, type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import type { OutputStream } from "../term/terminal.ts";
import type { LinkProgress } from "./link_progress.ts";
import { OpenMessage, type ProseStream } from "./open_message.ts";
import { describeTransport, type TransportEvent, transportFields } from "./transport.ts";
import type { View } from "./view.ts";

/** How a conversation ended, as scripts are told. */
export interface Final {
  /** `answered` is the end of a single turn; `lost` a stream that broke without the session's end. */
  readonly status: "ended" | "answered" | "detached" | "lost" | "undecided" | "failed";
  readonly reason: string;
  readonly exit_code: ExitCode;
  readonly session_id: string;
}

/** What a conversation leaves on stdout and stderr. */
export interface Transcript {
  /**
   * Takes a frame.
   *
   * @param asked whether a person is asked about it, and so sees it in the question
   */
  frame(received: ReceivedFrame, asked: boolean): void;
  /** Takes what happens to the connection. */
  transport(event: TransportEvent, sessionId: string): void;
  /** Tells the person something about the conversation. */
  notice(text: SafeText): void;
  /** Tells of something that is lost, also where little is told. */
  loss(text: SafeText): void;
  /** Shows what is still open as final: no more frames come, or something else is shown next. */
  close(): void;
  /** Says how it ended; nothing comes after that. */
  final(final: Final): Promise<void>;
}

export interface RenderedOptions {
  readonly style: FrameStyle;
  /** Renders what the agent says while it grows; otherwise all of it is shown each time. */
  readonly openProse?: { readonly clock: Clock; readonly make: () => ProseStream };
  /** Shows what is waited for, and how often it was tried, on a line that updates. */
  readonly progress?: LinkProgress | undefined;
  readonly showHistory: boolean;
  readonly quiet: boolean;
  /** How wide notices may be; however long they are unless given. */
  readonly columns?: (() => number) | undefined;
}

/** For people: lines of text, without the noise. */
export class RenderedTranscript implements Transcript {
  /** Whether frames are shown as JSON for the time being. */
  raw = false;
  /** Whether it was told that the connection is lost, and not that there is one again. */
  #isLossTold = false;
  readonly #view: View;
  readonly #open: OpenMessage | undefined;
  readonly #options: RenderedOptions;

  constructor(view: View, options: RenderedOptions) {
    this.#view = view;
    this.#options = options;
    const { openProse } = options;
    if (openProse !== undefined) {
      this.#open = new OpenMessage({ view, clock: openProse.clock, openProse: openProse.make });
    }
  }

  frame({ frame, text }: ReceivedFrame, asked: boolean): void {
    if (!this.raw && this.#open?.take(frame, () => this.#headingOf(frame)) === true) return;
    if (this.#open?.isOpen === true && this.#isShown(frame)) this.close();
    if (frame.type === "history") this.#history(frame);
    else if (this.raw) this.#view.print(safeText`${oneJsonLine(text)}\n`);
    else if (!asked) this.render(frame);
  }

  close(): void {
    this.#open?.close();
  }

  /** Whether what a frame shows, or says, comes behind the message that is open. */
  #isShown(frame: Frame): boolean {
    return this.raw || this.#options.style.verbose || frame.type === "result" || !isNoise(frame);
  }

  #headingOf(frame: Frame): SafeText {
    return renderFrame(frame, { ...this.#options.style, prose: () => safeText`` }).text;
  }

  /** Shows a frame, unless it is noise. */
  render(frame: Frame): void {
    const { style } = this.#options;
    if (!style.verbose && isNoise(frame)) return;
    const { stream, text } = renderFrame(frame, style);
    if (stream === "stderr") this.#view.note(text);
    else this.#view.print(text);
  }

  transport(event: TransportEvent, sessionId: string): void {
    const { progress } = this.#options;
    progress?.take(event);
    // Where a line counts the attempts, only the loss is told.
    const isLoss = event.type === "reconnecting";
    if (progress !== undefined && isLoss && this.#isLossTold) return;
    if (isLoss || event.type === "attached") this.#isLossTold = isLoss;
    const text = describeTransport(event, sessionId);
    if (event.type === "gap") this.loss(text);
    else this.notice(text);
  }

  notice(text: SafeText): void {
    if (!this.#options.quiet) this.loss(text);
  }

  loss(text: SafeText): void {
    const { columns, style: { styles } } = this.#options;
    const rows = text.split("\n").map(sanitize)
      .flatMap((line) => hangingWords(line, columns?.() ?? Infinity));
    this.#view.note(safeText`${joinSafe(rows.map((row) => styles.dim(row)), safeText`\n`)}\n`);
  }

  final(): Promise<void> {
    return Promise.resolve();
  }

  #history(frame: Frame): void {
    if (!this.#options.showHistory) return;
    const messages = historyOf(frame.payload);
    if (messages.length === 0) return;
    this.notice(safeText`--- History (${sanitize(counted(messages.length, "message"))}) ---`);
    for (const message of withoutEarlierStates(messages, (each) => each)) this.render(message);
    this.notice(safeText`--- Live stream ---`);
  }
}

/** What the agent does between what it says. */
const DEEDS: ReadonlySet<string> = new Set([
  "tool_use",
  "tool_result",
  "tool_approval_request",
  "ask_user_question",
]);

/** For scripts that want the agent's answer alone: what it said after the last thing it did. */
export class AnswerTranscript implements Transcript {
  readonly #view: View;
  #answer: string[] = [];
  #last: MessageSoFar | undefined;
  /** Whether the next words begin another answer. */
  #isOver = false;

  constructor(view: View) {
    this.#view = view;
  }

  frame({ frame }: ReceivedFrame): void {
    if (frame.type === "assistant") this.#say(frame);
    else if (DEEDS.has(frame.type)) this.#isOver = true;
    if (frame.type === "error" || frame.type === "session_error") {
      const style = { styles: makeStyles(false), verbose: false };
      this.#view.note(renderFrame(frame, style).text);
    }
  }

  transport(): void {}

  notice(): void {}

  loss(text: SafeText): void {
    this.#view.note(safeText`${text}\n`);
  }

  close(): void {}

  final(): Promise<void> {
    const answer = this.#answer.join("\n\n");
    if (answer !== "") this.#view.print(safeText`${sanitize(answer)}\n`);
    return Promise.resolve();
  }

  #say(frame: Frame): void {
    const text = textOf(frame.payload);
    if (text === "") return;
    const message = messageSoFar(frame);
    const isLater = message !== undefined && this.#last !== undefined &&
      isLaterState(message, this.#last);
    if (this.#isOver && !isLater) this.#answer = [];
    else if (isLater) this.#answer.pop();
    this.#isOver = false;
    this.#last = message;
    this.#answer.push(text);
  }
}

/** For scripts: each frame as one line of JSON, nothing added and nothing lost. */
export class RawTranscript implements Transcript {
  readonly #view: View;
  readonly #quiet: boolean;

  constructor(view: View, quiet: boolean) {
    this.#view = view;
    this.#quiet = quiet;
  }

  frame({ text }: ReceivedFrame): void {
    this.#view.print(safeText`${oneJsonLine(text)}\n`);
  }

  transport(event: TransportEvent, sessionId: string): void {
    const text = describeTransport(event, sessionId);
    if (event.type === "gap") this.loss(text);
    else this.notice(text);
  }

  notice(text: SafeText): void {
    if (!this.#quiet) this.loss(text);
  }

  loss(text: SafeText): void {
    this.#view.note(safeText`${text}\n`);
  }

  close(): void {}

  final(): Promise<void> {
    return Promise.resolve();
  }
}

/** For scripts: versioned envelopes, the last of which says how it ended. */
export class JsonlTranscript implements Transcript {
  readonly #view: View;
  readonly #stdout: OutputStream;
  #isClosed = false;

  /** @param stdout where the view prints: once nobody reads it, the end is told on stderr */
  constructor(view: View, stdout: OutputStream) {
    this.#view = view;
    this.#stdout = stdout;
    void stdout.closed.then(() => this.#isClosed = true);
  }

  frame({ text }: ReceivedFrame): void {
    // The frame's own text is kept, so that no number loses digits.
    this.#view.print(
      safeText`{"schema_version":1,"type":"frame","frame":${oneJsonLine(text)}}\n`,
    );
  }

  transport(event: TransportEvent): void {
    this.#envelope("transport", { event: event.type, ...transportFields(event) });
  }

  notice(text: SafeText): void {
    this.#envelope("notice", { message: text });
  }

  loss(text: SafeText): void {
    this.notice(text);
  }

  close(): void {}

  async final(final: Final): Promise<void> {
    this.#envelope("final", final);
    await this.#stdout.flush();
    if (this.#isClosed) this.#view.note(envelope("final", final));
  }

  #envelope(type: string, content: object): void {
    this.#view.print(envelope(type, content));
  }
}

/** One line of `-o jsonl`. */
export function envelope(type: string, content: object): SafeText {
  return safeText`${toJson({ schema_version: 1, type, ...content })}\n`;
}

/** JSON text on one line: line ends can only stand between its tokens. */
export function oneJsonLine(json: string): SafeText {
  return escapeJson(json.includes("\n") ? json.replaceAll("\n", " ") : json);
}
