import { parseWithRepeatedKeys } from "./repeated_keys.ts";

/**
 * A number that no double holds. A double has about 16 digits: an id of 19 would be shown, and sent
 * back, as another one. `JSON.stringify` writes it as it was read.
 */
export class ExactNumber {
  /** The number, as it stands in the JSON text. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    // From ECMAScript's "JSON.parse source text access", which TypeScript does not declare yet.
    return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** The double that is next to it. */
  valueOf(): number {
    return Number(this.text);
  }
}

/** What every number that needs care looks like, and little else: it keeps the slow way rare. */
const MAYBE_INEXACT = /[[:,]\s*-?(?:[\d.]{16}|[\d.]+e)/i;

/** The key of what a person is asked to allow: of that, repeated keys are kept as well. */
const TO_BE_ALLOWED = '"tool_input"';

/**
 * Reads JSON; in objects and lists, numbers that a double would round become an
 * {@linkcode ExactNumber}.
 *
 * @throws {SyntaxError} where the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  return asExact(JSON.parse(text), text);
}

/**
 * What `JSON.parse` has read, with its numbers as exact as they are in the text; but as it is where
 * it is nested thousands of levels deep. Where something is to be allowed, `membersOf()` tells of keys
 * that stand more than once in an object, at any depth.
 */
export function asExact(value: unknown, text: string): unknown {
  if (typeof value !== "object") return value;
  const exact = withExactNumbers(value, text);
  if (!text.includes(TO_BE_ALLOWED)) return exact;
  return parseWithRepeatedKeys(text, exact === value ? JSON.parse : readPrimitive);
}

function withExactNumbers(value: object | null, text: string): unknown {
  if (!MAYBE_INEXACT.test(text)) return value;
  try {
    return JSON.parse(text, keepExact);
  } catch (error) {
    if (error instanceof RangeError) return value;
    throw error;
  }
}

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined ? exactNumber(value, source) : value;
}

function readPrimitive(source: string): unknown {
  const value: unknown = JSON.parse(source);
  return typeof value === "number" ? exactNumber(value, source) : value;
}

function exactNumber(value: number, source: string): number | ExactNumber {
  // Seventeen digits tell each double from all others: some programs write as many of them.
  const isHeld = [String(value), value.toPrecision(17)]
    .some((text) => magnitudeOf(text) === magnitudeOf(source));
  return isHeld ? value : new ExactNumber(source);
}

/** A number's digits without zeros around them, and the power of ten that they stand for. */
function magnitudeOf(text: string): string {
  const [, whole = "", fraction = "", power = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  if (whole === "") return text;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}
