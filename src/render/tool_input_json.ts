import { isObject } from "../protocol/frames.ts";
import { sanitize } from "./safe_text.ts";
import { type Findings, type Piece, visiblePieces } from "./tool_input_visible.ts";
import { utf8Length } from "./utf8_length.ts";

/** What is still to be written: a value with what stands before and behind it, or a bracket. */
type Task =
  | { readonly value: unknown; readonly lead: readonly Piece[]; readonly tail: string }
  | { readonly close: string };

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
  let bytes = 0;
  const values: unknown[] = [value];
  while (values.length > 0) {
    const next = values.pop();
    const entries = entriesOf(next);
    if (entries === undefined) {
      bytes += utf8Length(scalarText(next));
      continue;
    }
    // Two brackets, and a comma between two entries.
    bytes += 2 + Math.max(entries.length - 1, 0);
    for (const [key, inner] of entries) {
      if (!Array.isArray(next)) bytes += utf8Length(JSON.stringify(key)) + 1;
      values.push(inner);
    }
  }
  return bytes;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  return isObject(value) || Array.isArray(value) ? Object.entries(value) : undefined;
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
