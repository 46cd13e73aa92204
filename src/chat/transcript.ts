import type { ReceivedFrame } from "../api/attachment.ts";
import type { StreamEvent } from "../api/session_stream.ts";
import type { ExitCode } from "../app/exit_codes.ts";
import { type Frame, historyOf } from "../protocol/frames.ts";
import { isNoise } from "../protocol/noise.ts";
import { renderFrame } from "../render/frames.ts";
import { toJson } from "../render/json.ts";
import { escapeJson, type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import type { Styles } from "../render/styles.ts";
import type { View } from "./view.ts";

/** How a conversation ended, as scripts are told. */
export interface Final {
  /** `ended` with the session, `detached` from it, or `lost` without its end. */
  readonly status: "ended" | "detached" | "lost" | "undecided" | "failed";
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
  transport(event: Exclude<StreamEvent, { type: "frames" }>, sessionId: string): void;
  /** Tells the person something about the conversation. */
  notice(text: SafeText): void;
  final(final: Final): void;
}

export interface RenderedOptions {
  readonly styles: Styles;
  readonly verbose: boolean;
  readonly showHistory: boolean;
  readonly quiet: boolean;
}

/** For people: lines of text, without the noise. */
export class RenderedTranscript implements Transcript {
  readonly #view: View;
  readonly #options: RenderedOptions;

  constructor(view: View, options: RenderedOptions) {
    this.#view = view;
    this.#options = options;
  }

  frame({ frame }: ReceivedFrame, asked: boolean): void {
    if (frame.type === "history") this.#history(frame);
    else if (!asked) this.#render(frame);
  }

  transport(event: Exclude<StreamEvent, { type: "frames" }>, sessionId: string): void {
    this.notice(describeTransport(event, sessionId));
  }

  notice(text: SafeText): void {
    if (!this.#options.quiet) this.#view.note(safeText`${this.#options.styles.dim(text)}\n`);
  }

  final(): void {}

  #history(frame: Frame): void {
    if (!this.#options.showHistory) return;
    const messages = historyOf(frame.payload);
    if (messages.length === 0) return;
    this.notice(safeText`--- History (${messages.length} messages) ---`);
    for (const message of messages) this.#render(message);
    this.notice(safeText`--- Live stream ---`);
  }

  #render(frame: Frame): void {
    if (!this.#options.verbose && isNoise(frame)) return;
    const { stream, text } = renderFrame(frame, this.#options);
    if (stream === "stderr") this.#view.note(text);
    else this.#view.print(text);
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

  transport(event: Exclude<StreamEvent, { type: "frames" }>, sessionId: string): void {
    this.notice(describeTransport(event, sessionId));
  }

  notice(text: SafeText): void {
    if (!this.#quiet) this.#view.note(safeText`${text}\n`);
  }

  final(): void {}
}

/** For scripts: versioned envelopes, the last of which says how it ended. */
export class JsonlTranscript implements Transcript {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  frame({ text }: ReceivedFrame): void {
    // The frame's own text is kept, so that no number loses digits.
    this.#view.print(
      safeText`{"schema_version":1,"type":"frame","frame":${oneJsonLine(text)}}\n`,
    );
  }

  transport(event: Exclude<StreamEvent, { type: "frames" }>): void {
    const detail = event.type === "attached" ? { read_only: event.readOnly } : {};
    this.#envelope("transport", { event: event.type, ...detail });
  }

  notice(text: SafeText): void {
    this.#envelope("notice", { message: text });
  }

  final(final: Final): void {
    this.#envelope("final", final);
  }

  #envelope(type: string, content: object): void {
    this.#view.print(safeText`${toJson({ schema_version: 1, type, ...content })}\n`);
  }
}

/** JSON text on one line: line ends can only stand between its tokens. */
function oneJsonLine(json: string): SafeText {
  return escapeJson(json.includes("\n") ? json.replaceAll("\n", " ") : json);
}

function describeTransport(
  event: Exclude<StreamEvent, { type: "frames" }>,
  sessionId: string,
): SafeText {
  switch (event.type) {
    case "attached":
      return event.readOnly
        ? safeText`Attached to session ${sanitize(sessionId)}, read-only. Ctrl-C detaches.`
        : safeText`Attached to session ${sanitize(sessionId)}. Ctrl-C detaches.`;
    case "read-only-fallback":
      return safeText`You do not own this session: watching it read-only.`;
    case "starting":
      return safeText`The session is starting…`;
  }
}
