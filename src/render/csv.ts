import { stringify } from "csv-stringify/sync";
import { isObject, ownField } from "../protocol/frames.ts";
import { fieldNames } from "./query.ts";
import { type SafeText, sanitize, spellOut } from "./safe_text.ts";

/**
 * Data as CSV (RFC 4180, lines end in LF): a header of all fields of its rows, in the order given or
 * else the order in which they first appear. An object is one row, null none; rows that are no
 * objects are a column without a header. Cells are as in the Python CLI: nothing for null, `True`
 * and `False`, nested values as compact JSON.
 *
 * CSV knows no escapes, so characters that a terminal acts upon are spelled out (`\x1b`); line feeds
 * and tabs stay. Only json, jsonl and yaml are without loss.
 */
export function toCsv(data: unknown, fields?: readonly string[]): SafeText {
  const rows: readonly unknown[] = Array.isArray(data) ? data : data === null ? [] : [data];
  const objects = rows.filter(isObject);
  const names = fields ?? [...fieldNames(objects)];
  const lines = objects.length === 0 ? rows.map((row) => [cellOf(row)]) : [
    names.map(cellOf),
    ...objects.map((row) => names.map((name) => cellOf(ownField(row, name)))),
  ];
  const text = stringify(lines, {
    record_delimiter: "\n",
    // A line of one empty cell would be an empty line, which readers skip.
    quoted_empty: lines[0]?.length === 1,
  });
  return sanitize(text);
}

function cellOf(value: unknown): SafeText {
  return spellOut(textOf(value).replaceAll("\r\n", "\n"));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
