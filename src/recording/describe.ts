import { stringOr } from "../protocol/content.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { styledRows } from "../render/break_lines.ts";
import { type FrameStyle, indent, type RenderedFrame } from "../render/frames.ts";
import { escapeJson, type SafeText, safeText, sanitizeLine } from "../render/safe_text.ts";
import type { RecordLine } from "./record.ts";

/**
 * A line of a recording that is no frame, in words: what was sent, on stdout, and what is told about
 * the conversation, on stderr. Fields that a changed line lacks are left out.
 */
export function describeRecord(
  { type, time, entry }: RecordLine,
  { styles, verbose, columns }: Pick<FrameStyle, "styles" | "verbose" | "columns">,
): RenderedFrame {
  const width = columns?.();
  const clock = /T(\d\d:\d\d:\d\d)/.exec(time)?.[1];
  const prefix = sanitizeLine(`[${verbose || clock === undefined ? time : clock}] `);
  const sent = (text: SafeText, body: SafeText = safeText``): RenderedFrame => ({
    stream: "stdout",
    text: safeText`${styledRows(safeText`${prefix}${text}`, styles.user, width)}${body}`,
  });
  const told = (text: SafeText): RenderedFrame => ({
    stream: "stderr",
    text: styledRows(text, styles.dim, width),
  });
  switch (type) {
    case "start":
      return told(describeStart(time, entry));
    case "transport":
      if (isGap({ type, entry })) return told(describeGap(entry["detail"]));
      return told(safeText`${prefix}connection ${word(entry["event"])}${values(entry["detail"])}`);
    case "prompt":
      return sent(safeText`prompt:`, indent(stringOr(entry["text"], ""), width));
    case "decision":
      return sent(describeDecision(entry, verbose));
    case "answer":
      return sent(safeText`answer:${values(entry["answers"])}`);
    case "interrupt":
      return sent(safeText`interrupt`);
    case "unsent":
      return sent(safeText`not sent: line ${word(entry["line"])}, ${word(entry["reason"])}`);
    case "final": {
      const [status, reason] = [word(entry["status"]), word(entry["reason"])];
      return told(
        safeText`--- ${status}: ${reason} (exit code ${word(entry["exit_code"])}) at ${
          sanitizeLine(time)
        } ---`,
      );
    }
    case "torn":
      return told(safeText`--- ${word(entry["bytes"])} bytes of a line were cut off here ---`);
    default:
      return told(safeText`${prefix}${word(type)}${values(entry)}`);
  }
}

/** Whether frames are missing, which is told even where notices are not wanted. */
export function isGap({ type, entry }: Pick<RecordLine, "type" | "entry">): boolean {
  return type === "transport" && entry["event"] === "gap";
}

/** In the words of the live stream. */
function describeGap(detail: unknown): SafeText {
  const { from, to } = isObject(detail) ? detail : {};
  return safeText`--- Lost: what was said between ${timeOfDay(from)} and ${timeOfDay(to)} ---`;
}

function timeOfDay(time: unknown): SafeText {
  return word(/T(\d\d:\d\d:\d\d)/.exec(stringOr(time, ""))?.[1] ?? time);
}

function describeStart(time: string, { session_id, host, program, caller, ...rest }: JsonObject) {
  const access = rest["read_only"] === true ? safeText`, read-only` : safeText``;
  const session = safeText`Session ${word(session_id)} on ${word(host)}${access}`;
  return safeText`--- ${session}, recorded by ${word(program)} for${values(caller)} from ${
    sanitizeLine(time)
  } ---`;
}

function describeDecision(entry: JsonObject, verbose: boolean): SafeText {
  const decision = isObject(entry["decision"]) ? entry["decision"] : {};
  const { approved, approval_scope, approval_pattern, message, updated_input } = decision;
  const tool = safeText`${word(entry["tool_name"] ?? "(unknown)")} (${
    word(decision["tool_use_id"])
  })`;
  const scope = approval_pattern !== undefined
    ? safeText`, for the session where the input matches ${word(approval_pattern)}`
    : approval_scope === "session"
    ? safeText`, for the session`
    : safeText`, this call only`;
  const verdict = approved === true ? safeText`approved ${tool}${scope}` : safeText`denied ${tool}`;
  const reason = message === undefined ? safeText`` : safeText`: ${word(message)}`;
  const change = updated_input === undefined
    ? safeText``
    : safeText`, with the input changed to ${word(updated_input)}`;
  const hash = verbose ? safeText` [input SHA-256 ${word(entry["input_sha256"])}]` : safeText``;
  return safeText`decision: ${verdict}${change}${reason}${hash}`;
}

/** A value of any type on one line; what is unsafe in it stands as an escape. */
function word(value: unknown): SafeText {
  if (typeof value === "string") return sanitizeLine(value);
  return escapeJson(JSON.stringify(value) ?? "(unknown)");
}

/** The fields of an object, each with a space before it. */
function values(value: unknown): SafeText {
  const fields = isObject(value) ? Object.entries(value) : [];
  return fields.reduce(
    (text, [name, field]) => safeText`${text} ${word(name)}=${word(field)}`,
    safeText``,
  );
}
