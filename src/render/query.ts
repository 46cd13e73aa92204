import { ExactNumber } from "../protocol/exact_json.ts";
import { isObject, type JsonObject, ownField } from "../protocol/frames.ts";
import { didYouMean, nearNames } from "./near_names.ts";
import { QueryError } from "./query_error.ts";

/** The names of a comma-separated list, without blanks, each with where it begins. */
export interface FieldName {
  readonly name: string;
  /** Which character of the list it begins at, from 1. */
  readonly position: number;
}

/** Reads the value of `--fields`; names that stand twice count once. */
export function parseFields(text: string): FieldName[] {
  const names = new Map<string, FieldName>();
  let start = 0;
  for (const part of text.split(",")) {
    const name = part.trim();
    const position = start + part.indexOf(name) + 1;
    if (name !== "" && !names.has(name)) names.set(name, { name, position });
    start += part.length + 1;
  }
  return [...names.values()];
}

/**
 * The named fields of an object, in the order of the names; those that it doesn't have are left
 * out, because most fields of the service's answers are optional.
 */
export function selectFields(item: JsonObject, fields: readonly FieldName[]): JsonObject {
  return Object.fromEntries(
    fields.filter(({ name }) => Object.hasOwn(item, name)).map(({ name }) => [name, item[name]]),
  );
}

/**
 * Sorts rows by a field, rows without it first. Rows that are equal keep their order, in reverse
 * too. Where no row is an object the rows themselves are compared.
 *
 * Values of different kinds are in the order nothing, booleans, numbers, text, the rest (as JSON);
 * text is compared by code points. (The Python CLI leaves a list of mixed kinds unsorted.)
 */
export function sortRows(rows: readonly unknown[], field: string, reverse: boolean): unknown[] {
  const byField = rows.some(isObject);
  const fieldOf = (row: unknown) => isObject(row) ? ownField(row, field) : undefined;
  const keyed = rows.map((row) => ({ row, key: byField ? fieldOf(row) : row }));
  keyed.sort((a, b) => reverse ? compareValues(b.key, a.key) : compareValues(a.key, b.key));
  return keyed.map(({ row }) => row);
}

const KINDS = ["undefined", "boolean", "number", "string", "object"];

function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [a ?? undefined, b ?? undefined];
  const kind = kindOf(left);
  const kinds = KINDS.indexOf(kind) - KINDS.indexOf(kindOf(right));
  if (kinds !== 0 || left === undefined) return kinds;
  if (kind === "object") return compareText(JSON.stringify(left), JSON.stringify(right));
  if (typeof left === "string") return compareText(left, String(right));
  return Number(left) - Number(right);
}

function kindOf(value: unknown): string {
  return value instanceof ExactNumber ? "number" : typeof value;
}

/** Compares text by code points, in which JavaScript's own order of UTF-16 units differs. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a[index] !== b[index]) return unitRank(a, index) - unitRank(b, index);
  }
  return a.length - b.length;
}

/** Puts surrogates, which stand for code points beyond U+FFFF, behind all other units. */
function unitRank(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/**
 * Checks that each name is one that rows have.
 *
 * @param flag the flag that named them, `--fields` or `--sort-by`
 * @throws {QueryError} that names the first unknown one, its position, and names that come close
 */
export function checkNames(
  flag: string,
  text: string,
  wanted: readonly FieldName[],
  known: ReadonlySet<string>,
): void {
  const unknown = wanted.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  const all = [...known].sort(compareText);
  const hint = [
    didYouMean(nearNames(unknown.name, known)),
    all.length > 0 ? `Fields: ${all.join(", ")}` : "There are no fields in this output",
  ].filter((part) => part !== undefined);
  throw new QueryError(
    `Unknown field "${unknown.name}" at position ${unknown.position} of ${flag} "${text}"`,
    hint.join(" "),
  );
}

/** The names of all fields of the rows that are objects, in the order they first appear. */
export function fieldNames(rows: Iterable<unknown>): Set<string> {
  const names = new Set<string>();
  for (const row of rows) {
    if (isObject(row)) { for (const name of Object.keys(row)) names.add(name); }
  }
  return names;
}
