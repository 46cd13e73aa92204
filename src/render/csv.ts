import { stringify } from "csv-stringify/sync";
import { isObject } from "../protocol/frames.ts";
import { fieldNames } from "./query.ts";
import { type SafeText, spellOut } from "./safe_text.ts";

/**
 * Rows as CSV (RFC 4180, lines end in LF): a header of all their fields, in the order given or else
 * the order in which they first appear. Cells are as in the Python CLI: nothing for null, `True` and
 * `False`, nested values as compact JSON. Rows that are no objects are a column without a header.
 *
 * CSV knows no escapes, so characters that a terminal acts upon are spelled out (`\x1b`); line feeds
 * and tabs stay. Only json, jsonl and yaml are without loss.
 */
export function toCsv(rows: readonly unknown[], fields?: readonly string[]): SafeText {
  if (!rows.some(isObject)) return toText(rows.map((row) => [cellOf(row)]));
  const names = fields ?? [...fieldNames(rows)];
  const objects = rows.filter(isObject);
  return toText([names, ...objects.map((row) => names.map((name) => cellOf(row[name])))]);
}

function toText(lines: string[][] | (readonly string[])[]): SafeText {
  return spellOut(stringify([...lines], { record_delimiter: "\n" }).replaceAll("\r\n", "\n"));
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
