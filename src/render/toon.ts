import { encode, escapeString, rawString } from "@toon-format/toon";
import { ExactNumber } from "../protocol/exact_json.ts";
import { isObject } from "../protocol/frames.ts";
import { escapeUnsafe, isUnsafe, type SafeText, sanitize, spell, spellOut } from "./safe_text.ts";

/**
 * A value as TOON. What a terminal would act upon stands in text as a `\u` escape, which reads back
 * as the same character. TOON has no escape for lone surrogates and what is beyond U+FFFF, and its
 * library offers none for the names of fields: there such characters are spelled out.
 */
export function toToon(value: unknown): SafeText {
  return sanitize(encode(encodable(value), { replacer: escapeText }) + "\n");
}

/** The value with that spelled out which the library refuses, or gives no way to escape. */
function encodable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/\p{Surrogate}/gu, spellOut);
  if (Array.isArray(value)) return value.map(encodable);
  if (value instanceof ExactNumber) return rawString(value.text);
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, part]) => [spellOut(name), encodable(part)]));
}

function escapeText(_name: string, value: unknown): unknown {
  if (typeof value !== "string" || !isUnsafe(value)) return value;
  return rawString(`"${escapeUnsafe(escapeString(value), escape)}"`);
}

function escape(character: string): string {
  if (character.length > 1) return escapeString(spell(character));
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
