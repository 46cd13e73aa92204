import { encode, escapeString, rawString } from "@toon-format/toon";
import { escapeUnsafe } from "./escape_unsafe.ts";
import { isUnsafe, type SafeText, sanitize, spellOut } from "./safe_text.ts";

/**
 * A value as TOON. What a terminal would act upon stands in text as a `\u` escape, which reads back
 * as the same character. TOON has no escape for tag characters and lone surrogates, and its library
 * offers none for the names of fields: there such characters are spelled out.
 */
export function toToon(value: unknown): SafeText {
  return sanitize(encode(encodable(value), { replacer: escapeText }) + "\n");
}

/** The value with that spelled out which has no escape. */
function encodable(value: unknown): unknown {
  if (typeof value === "string") {
    return isUnsafe(value)
      ? value.replaceAll(/[\p{Surrogate}\u{e0000}-\u{e007f}]/gu, spellOut)
      : value;
  }
  if (Array.isArray(value)) return value.map(encodable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, part]) => [spellOut(name), encodable(part)]));
}

function escapeText(_name: string, value: unknown): unknown {
  if (typeof value !== "string" || !isUnsafe(value)) return value;
  return rawString(`"${escapeUnsafe(escapeString(value), escape)}"`);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
