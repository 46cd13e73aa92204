import { parseFrame, type ReceivedFrame } from "../../api/attachment.ts";
import type { Deps } from "../../app/deps.ts";
import { usageError } from "../../app/errors.ts";
import {
  oneJsonLine,
  RawTranscript,
  type RenderedOptions,
  RenderedTranscript,
} from "../../chat/transcript.ts";
import { PlainView } from "../../chat/plain_view.ts";
import type { View } from "../../chat/view.ts";
import { isObject } from "../../protocol/frames.ts";
import { describeRecord, isGap } from "../../recording/describe.ts";
import type { RecordLine } from "../../recording/record.ts";
import { describeFault, type LineFault } from "../../recording/verify.ts";
import type { FrameStyle } from "../../render/frames.ts";
import { toJson } from "../../render/json.ts";
import { PlainLines } from "../../render/plain_lines.ts";
import { safeText, sanitize, sanitizeLine } from "../../render/safe_text.ts";
import { styledRows } from "../../render/break_lines.ts";
import { makeStyles } from "../../render/styles.ts";
import { columnsOf } from "../../term/columns_of.ts";
import { usesColor } from "../../term/uses_color.ts";

/** Shows a recording, line by line. */
export interface Player {
  play(record: RecordLine): void;
  /** Tells what is wrong, before the line that it is told of is played. */
  fault(fault: LineFault): void;
  /** Shows what was still open: no more lines come. */
  end(): void;
}

const PLAIN: FrameStyle = { styles: makeStyles(false), verbose: false };

export interface PlayerOptions {
  readonly raw?: true | undefined;
  readonly verbose?: true | undefined;
}

/**
 * Chooses how a recording is shown: for people, as its frames alone, or as envelopes.
 *
 * @throws {CliError} (exit 4) on a format that is none of these
 */
export function choosePlayer({ raw, verbose }: PlayerOptions, deps: Deps): Player {
  const { output, quiet } = deps.flags;
  if (output !== undefined && output !== "jsonl") {
    throw usageError(
      `A recording cannot be replayed as ${output}`,
      "Use -o jsonl, or leave the format out",
    );
  }
  const view = new PlainView(deps.terminal);
  if (raw === true) return new RawPlayer(view);
  if (output === "jsonl") return new JsonlPlayer(view);
  const style = {
    styles: makeStyles(usesColor(deps)),
    verbose: verbose === true,
    columns: columnsOf(deps.terminal, "stdout", deps.clock),
  };
  const openProse = { clock: deps.clock, make: () => new PlainLines(style.columns) };
  return new RenderedPlayer(view, {
    style,
    openProse,
    showHistory: true,
    quiet,
    columns: columnsOf(deps.terminal, "stderr", deps.clock),
  });
}

/** For people: frames as they looked live, and what else happened between them. */
class RenderedPlayer implements Player {
  readonly #view: View;
  readonly #options: RenderedOptions;
  readonly #transcript: RenderedTranscript;

  constructor(view: View, options: RenderedOptions) {
    this.#view = view;
    this.#options = options;
    this.#transcript = new RenderedTranscript(view, options);
  }

  play(record: RecordLine): void {
    const received = frameOf(record);
    if (received !== undefined) return this.#transcript.frame(received, false);
    this.end();
    const { stream, text } = describeRecord(record, this.#options.style);
    if (stream === "stdout") this.#view.print(text);
    else if (!this.#options.quiet || isGap(record)) this.#view.note(text);
  }

  fault(fault: LineFault): void {
    this.end();
    tell(fault, this.#view, this.#options.style);
  }

  end(): void {
    this.#transcript.close();
  }
}

/** For scripts: what `attach --raw` printed. */
class RawPlayer implements Player {
  readonly #view: View;
  readonly #transcript: RawTranscript;

  constructor(view: View) {
    this.#view = view;
    this.#transcript = new RawTranscript(view, true);
  }

  play(record: RecordLine): void {
    const received = frameOf(record);
    if (received !== undefined) this.#transcript.frame(received);
    else if (isGap(record)) this.#view.note(describeRecord(record, PLAIN).text);
  }

  fault(fault: LineFault): void {
    tell(fault, this.#view, PLAIN);
  }

  end(): void {}
}

/** For scripts: each line in the envelope that `-o jsonl` had it in, with its number and time. */
class JsonlPlayer implements Player {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  play(record: RecordLine): void {
    const { seq, time, type, entry } = record;
    const received = frameOf(record);
    if (received === undefined) {
      // As it stood in the live stream: what happened, and its fields beside it.
      const { detail, ...fields } = entry;
      const inner = type === "transport" && isObject(detail) ? detail : { detail };
      const head = { seq, time, type };
      return this.#envelope(Object.assign({ ...head }, fields, inner, head));
    }
    const head = toJson({ schema_version: 1, seq, time, type });
    const open = sanitize(head.slice(0, -1));
    this.#view.print(safeText`${open},"frame":${oneJsonLine(received.text)}}\n`);
  }

  fault({ line, ...fault }: LineFault): void {
    this.#envelope({ type: "fault", line, message: describeFault({ line, ...fault }) });
  }

  end(): void {}

  #envelope(content: object): void {
    this.#view.print(safeText`${toJson({ schema_version: 1, ...content })}\n`);
  }
}

function tell(fault: LineFault, view: View, { styles, columns }: FrameStyle): void {
  const line = sanitizeLine(`!!! ${describeFault(fault)}`);
  view.note(styledRows(line, styles.error, columns?.()));
}

/** @returns undefined for a line that holds no frame that can be read */
function frameOf({ type, entry }: RecordLine): ReceivedFrame | undefined {
  const text = entry["frame"];
  if (type !== "frame" || typeof text !== "string") return undefined;
  const frame = parseFrame(text);
  return frame && { text, frame };
}
