import {
  questionsOf,
  resultSummary,
  stringOr,
  textOf,
  toolResultText,
} from "../protocol/content.ts";
import type { Frame, JsonObject } from "../protocol/frames.ts";
import { breakLines, styledRows } from "./break_lines.ts";
import { cutCharacters, oneLine } from "./cut.ts";
import {
  escapeJson,
  joinSafe,
  safeLines,
  type SafeText,
  safeText,
  sanitize,
  sanitizeLine,
} from "./safe_text.ts";
import type { Style, Styles } from "./styles.ts";
import { compactJson } from "./tool_input_json.ts";

/** Columns that the body of a frame stands in from the left. */
export const INDENT = 2;

/** User-perceived characters that are shown of what belongs on one line. */
const LINE_LIMIT = 500;
/** User-perceived characters that are shown of what a tool gave back. */
const TOOL_RESULT_LIMIT = 4_000;

export interface FrameStyle {
  readonly styles: Styles;
  /** Whole ISO time stamps instead of HH:MM:SS. */
  readonly verbose: boolean;
  /** Whether texts are whole, however long they are. */
  readonly uncut?: boolean;
  /**
   * Of the terminal: what is longer is broken, so that nothing of it begins a row where our own words
   * do. Lines stay whole unless given.
   */
  readonly columns?: (() => number) | undefined;
  /** Renders what the agent says, in lines; as it stands unless given. */
  readonly prose?: (text: string) => SafeText;
  /** Renders what a tool gave back, in lines; cut at 4,000 characters unless given. */
  readonly toolResult?: (text: string) => SafeText;
}

/** A frame as lines of text, and where they belong: an error is no part of the conversation. */
export interface RenderedFrame {
  readonly stream: "stdout" | "stderr";
  readonly text: SafeText;
}

/** Renders one frame in the form that PROTOCOL section 7 gives it; unknown types compactly. */
export function renderFrame(frame: Frame, style: FrameStyle): RenderedFrame {
  const { styles, verbose, uncut = false } = style;
  const columns = style.columns?.();
  const body = (text: string) => indent(text, columns);
  const { prose = body } = style;
  const cut = (text: string, limit: number) => uncut ? text : cutCharacters(text, limit);
  const compact = (value: unknown) => cut(whole(value), LINE_LIMIT);
  const { toolResult = uncut ? body : (text) => cutResult(text, columns) } = style;
  const { payload } = frame;
  const time = timePrefix(frame.timestamp, verbose);
  const rows = (dress: Style, text: string) =>
    styledRows(sanitizeLine(time + text), dress, columns);
  const line = (style: Style, text: string): RenderedFrame => ({
    stream: "stdout",
    text: rows(style, text),
  });
  const block = (style: Style, heading: string, body: SafeText): RenderedFrame => ({
    stream: "stdout",
    text: safeText`${rows(style, heading)}${body}`,
  });
  switch (frame.type) {
    case "user":
      return block(styles.user, "user:", body(textOf(payload)));
    case "assistant":
      return block(styles.assistant, "assistant:", prose(textOf(payload)));
    case "tool_use": {
      const name = stringOr(payload["name"], "(unnamed)");
      const heading = `tool_use ${name} (${stringOr(payload["id"], "")})`;
      return line(styles.toolUse, `${heading}: ${compact(payload["input"] ?? {})}`);
    }
    case "tool_result": {
      const failed = payload["is_error"] === true ? " failed" : "";
      const heading = `tool_result (${stringOr(payload["tool_use_id"], "")})${failed}:`;
      return block(styles.toolResult, heading, toolResult(toolResultText(payload["content"])));
    }
    case "system": {
      const subtype = stringOr(payload["subtype"], "");
      const text = cut(oneLine(messageOf(payload)), LINE_LIMIT);
      return line(styles.dim, `system${subtype && `[${subtype}]`}: ${text}`);
    }
    case "result":
      return line(styles.result, `result: ${resultSummary(payload)}`);
    case "error":
    case "session_error": {
      const code = payload["code"] === undefined ? "" : ` [${whole(payload["code"])}]`;
      const details = payload["details"] === undefined ? "" : ` ${compact(payload["details"])}`;
      const message = stringOr(payload["message"], stringOr(payload["error"], "")) + details;
      return { ...line(styles.error, `error${code}: ${oneLine(message)}`), stream: "stderr" };
    }
    case "session_end": {
      const code = payload["exit_code"];
      const detail = typeof code === "number" ? ` (exit_code=${code})` : "";
      return line(styles.error, `session ended: ${stringOr(payload["reason"], "")}${detail}`);
    }
    case "tool_approval_request": {
      const name = stringOr(payload["tool_name"], "(unnamed)");
      // Who cannot be asked here may decide by this elsewhere.
      const input = escapeJson(compactJson(payload["tool_input"] ?? {}));
      return line(styles.approval, `approval requested for ${name}: ${input}`);
    }
    case "ask_user_question":
      return line(
        styles.question,
        `question: ${questionsOf(payload).map(({ question }) => oneLine(question)).join(", ")}`,
      );
    default:
      return line(styles.dim, `${frame.type}: ${compact(payload)}`);
  }
}

/** The frame's own time, as it stands in the ISO string: HH:MM:SS, or whole. */
function timePrefix(timestamp: string | undefined, verbose: boolean): string {
  if (timestamp === undefined || timestamp === "") return "";
  const time = /T(\d\d:\d\d:\d\d)/.exec(timestamp)?.[1];
  return `[${verbose || time === undefined ? timestamp : time}] `;
}

function messageOf(payload: JsonObject): string {
  return stringOr(payload["message"], stringOr(payload["text"], ""));
}

/** A value on one line; what is unsafe in it stands as an escape. */
function whole(value: unknown): string {
  return typeof value === "string" ? oneLine(value) : escapeJson(JSON.stringify(value) ?? "");
}

/** What a tool gave back, each line two columns in, cut where it is too long. */
export function cutResult(text: string, columns?: number): SafeText {
  return indent(cutCharacters(text, TOOL_RESULT_LIMIT), columns);
}

/**
 * Text from anywhere with each line two columns in; nothing for no text.
 *
 * @param columns of the terminal, where lines that do not fit are to be broken
 */
export function indent(text: string, columns?: number): SafeText {
  const lines = sanitize(text.trimEnd());
  return indentRows(columns === undefined ? lines : breakLines(lines, columns - INDENT));
}

/** Rendered rows, each two columns in; nothing for none. */
export function indentRows(rows: SafeText): SafeText {
  const margin = sanitize(" ".repeat(INDENT));
  return joinSafe(
    safeLines(rows).map((row) => row === "" ? safeText`\n` : safeText`${margin}${row}\n`),
  );
}
