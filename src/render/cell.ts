import { isObject } from "../protocol/frames.ts";
import { oneLine } from "./cut.ts";
import { bytes, count, counted, money, parseInstant, relativeTime } from "./human.ts";
import { type SafeText, sanitize } from "./safe_text.ts";
import { widthOf } from "./width.ts";

/** What the numbers and texts of a column stand for: a time, US dollars, bytes, a plain number. */
export type CellKind = "time" | "money" | "size" | "count";

/** How values are shown in cells. */
export interface CellStyle {
  /** Milliseconds since 1970-01-01 UTC, which times are seen from; without it values stay as they are. */
  readonly now?: number | undefined;
  /** Columns from which on a nested value shows as how many it holds. */
  readonly nestedColumns: number;
}

/**
 * A value as one line of a table. Line breaks and tabs show as a space, nested values as compact
 * JSON, or as how much they hold where that is too wide.
 */
export function cellText(value: unknown, kind: CellKind | undefined, style: CellStyle): SafeText {
  return sanitize(oneLine(plainText(value, kind, style)));
}

function plainText(value: unknown, kind: CellKind | undefined, style: CellStyle): string {
  if (value === null || value === undefined) return "";
  if (style.now !== undefined && kind !== undefined) {
    const text = forPeople(value, kind, style.now);
    if (text !== undefined) return text;
  }
  if (!isNested(value)) return String(value);
  const text = Array.isArray(value) && value.every((item) => item !== null && !isNested(item))
    ? value.join(", ")
    : JSON.stringify(value);
  return widthOf(text) <= style.nestedColumns ? text : sizeOf(value);
}

/** What a value of that kind is to people; undefined where it isn't of that kind. */
function forPeople(value: unknown, kind: CellKind, now: number): string | undefined {
  if (kind === "time") {
    const instant = parseInstant(value);
    return instant === undefined ? undefined : relativeTime(instant, now);
  }
  if (typeof value !== "number") return undefined;
  return { money, size: bytes, count }[kind](value);
}

function isNested(value: unknown): value is object {
  return Array.isArray(value) || isObject(value);
}

function sizeOf(value: object): string {
  return Array.isArray(value)
    ? `[${counted(value.length, "item")}]`
    : `{${counted(Object.keys(value).length, "key")}}`;
}
