import { isObject } from "../protocol/frames.ts";
import { type Member, membersOf } from "../protocol/repeated_keys.ts";
import { sanitize } from "./safe_text.ts";
import { type Findings, type Piece, visiblePieces } from "./tool_input_visible.ts";
import { utf8Length } from "./utf8_length.ts";

/** What is still to be written: a value with what stands before and behind it, or a bracket. */
type Task =
  | { readonly value: unknown; readonly lead: readonly Piece[]; readonly tail: string }
  | { readonly close: string };

/** What is still to be written: a value, or a piece of text. */
type Compact = { readonly value: unknown } | string;

/** A line of JSON: how deep it stands, and what it says. */
export interface JsonLine {
  readonly depth: number;
  readonly pieces: readonly Piece[];
}

/**
 * A JSON value as lines, one for each value and bracket, in its own order. What hides or deceives
 * stands as `\u` escapes, in keys as well. It works for any depth, unlike `JSON.stringify`.
 *
 * @param lead what stands before the value on its first line
 */
export function jsonLines(
  value: unknown,
  findings: Findings,
  lead: readonly Piece[] = [],
): JsonLine[] {
  const lines: JsonLine[] = [];
  const tasks: Task[] = [{ value, lead, tail: "" }];
  let depth = 0;
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if ("close" in task) {
      depth--;
      lines.push({ depth, pieces: [plain(task.close)] });
      continue;
    }
    const { value, lead, tail } = task;
    const entries = entriesOf(value);
    if (entries === undefined || entries.length === 0) {
      lines.push({ depth, pieces: [...lead, ...scalar(value, findings), ...plainTail(tail)] });
      continue;
    }
    const isArray = Array.isArray(value);
    if (!isArray) findings.keys(entries.map(([key]) => key), (key) => key);
    lines.push({ depth, pieces: [...lead, plain(isArray ? "[" : "{")] });
    depth++;
    tasks.push({ close: (isArray ? "]" : "}") + tail });
    for (let index = entries.length - 1; index >= 0; index--) {
      const [key = "", inner] = entries[index] ?? [];
      tasks.push({
        value: inner,
        lead: isArray ? [] : [...quoted(key, findings), plain(": ")],
        tail: index === entries.length - 1 ? "" : ",",
      });
    }
  }
  return lines;
}

/** How many bytes of UTF-8 a JSON value takes in its most compact form. */
export function jsonBytes(value: unknown): number {
  return utf8Length(compactJson(value));
}

/** A JSON value in its most compact form, with each key as often as it stood; of any depth. */
export function compactJson(value: unknown): string {
  const parts: string[] = [];
  const tasks: Compact[] = [{ value }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (typeof task === "string") {
      parts.push(task);
      continue;
    }
    const entries = entriesOf(task.value);
    if (entries === undefined) {
      parts.push(scalarText(task.value));
      continue;
    }
    const isArray = Array.isArray(task.value);
    parts.push(isArray ? "[" : "{");
    tasks.push(isArray ? "]" : "}");
    for (let index = entries.length - 1; index >= 0; index--) {
      const [key = "", value] = entries[index] ?? [];
      tasks.push({ value });
      if (!isArray) tasks.push(`${JSON.stringify(key)}:`);
      if (index > 0) tasks.push(",");
    }
  }
  return parts.join("");
}

function entriesOf(value: unknown): readonly Member[] | undefined {
  return isObject(value) || Array.isArray(value) ? membersOf(value) : undefined;
}

function scalar(value: unknown, findings: Findings): Piece[] {
  if (typeof value === "string") return quoted(value, findings);
  return [plain(scalarText(value))];
}

function scalarText(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

function quoted(text: string, findings: Findings): Piece[] {
  return [plain('"'), ...visiblePieces(text, "json", findings), plain('"')];
}

function plain(text: string): Piece {
  return { kind: "text", text: sanitize(text) };
}

function plainTail(tail: string): Piece[] {
  return tail === "" ? [] : [plain(tail)];
}
