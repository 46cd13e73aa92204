import { MOST_JOINED, PICTOGRAPH } from "./graphemes.ts";

declare const safe: unique symbol;

/**
 * Text that may reach a terminal: our own words and styling, and what {@linkcode sanitize} made of
 * a server's. Only this module makes values of this type, so that a string from elsewhere cannot be
 * written without a compile error.
 */
export type SafeText = string & { readonly [safe]: true };

/**
 * What no font draws, or what a terminal acts upon: C0 but LF and TAB, DEL, C1; format characters and
 * all that may be left out (bidi controls, zero-width and tag characters, fillers, soft hyphens,
 * variation selectors); separators of lines and paragraphs; private characters, some of which stand
 * for pictures; what is no character at all.
 */
export const UNSEEN =
  "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Zl}\\p{Zp}" +
  "\\p{Co}\\p{Noncharacter_Code_Point}\\p{Surrogate}]";

/** Such characters, each behind one that it shapes, where writing needs them. */
const NEEDED = [
  // Signs of Arabic, Syriac and Kaithi that stand under or over a number, and are seen.
  "[\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}]",
  // Joiners and variants of letters, from Arabic to Sinhala, Tibetan, Burmese, Khmer and Mongolian.
  "[\\u0620-\\u0dff\\u0f40-\\u109f\\u1780-\\u17b3\\u17b6-\\u17d3\\u1820-\\u18aa][\\u200c\\u200d\\u180b-\\u180d\\u180f]",
  // Emoji style, and what joins several emoji to one.
  "\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]|[0-9#*]\\ufe0f(?=\\u20e3)",
  `(?<!(?:\\u200d${PICTOGRAPH}){${MOST_JOINED - 1}})(?<=${PICTOGRAPH})\\u200d(?=${PICTOGRAPH})`,
  // Variants of Chinese characters.
  "\\p{Script=Han}[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]",
].join("|");

/** Accents beyond the fifth on one character, which would cover the lines around it. */
const HEAPED_ACCENTS = "[\\p{Mn}\\p{Me}](?<=[\\p{Mn}\\p{Me}]{6})[\\p{Mn}\\p{Me}]*";

/**
 * Vowels and final letters of Hangul that end no syllable: they take no column, so that there may be
 * any number of them in one.
 */
export const STRAY_JAMO = (() => {
  const [first, vowel, last] = [
    "[\\u1100-\\u115e\\ua960-\\ua97c]",
    "[\\u1161-\\u11a7\\ud7b0-\\ud7c6]",
    "[\\u11a8-\\u11ff\\ud7cb-\\ud7fb]",
  ];
  return `${vowel}(?<!${first}.)|${last}(?<!(?:${first}${vowel}|[\\uac00-\\ud7a3]).)`;
})();

const UNSAFE_CHARACTERS = [`${UNSEEN}(?<!${NEEDED})`, HEAPED_ACCENTS, STRAY_JAMO];

const UNSAFE = [
  // CSI with its parameters; cut off, it takes what there is of them.
  "(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]?",
  // OSC, DCS, SOS, PM, APC up to their terminator; without one, up to the end of the line.
  "(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?",
  // Other escape sequences.
  "\\x1b[\\x20-\\x2f]*[\\x30-\\x7e]?",
  ...UNSAFE_CHARACTERS,
].join("|");

let unsafe: RegExp | undefined;
let unsafeCharacter: RegExp | undefined;

/**
 * What may not reach a terminal. The expressions are made when they are first needed: most text is
 * harmless, and to make them takes a tenth of a short run.
 */
function unsafePattern(): RegExp {
  return unsafe ??= new RegExp(UNSAFE, "gu");
}

/** The same, each character by itself. */
function unsafeCharacterPattern(): RegExp {
  return unsafeCharacter ??= new RegExp(UNSAFE_CHARACTERS.join("|"), "gu");
}

/**
 * Nearly all text has only harmless characters, and to see that is much faster than to look for what
 * is unsafe: ASCII, Latin, Greek, Cyrillic, punctuation, arrows, boxes, Chinese, Japanese, Korean.
 */
const HARMLESS =
  /^[\x20-\x7e\n\t\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\u3163\u3165-\u9fff\uac00-\ud7a3\uff01-\uff9f]*$/;

/** Stands, in prose, where something was taken out. */
const MARK = "\u{fffd}";

/**
 * Makes text from anywhere fit for a terminal: what is unsafe becomes one visible mark, with CR LF
 * read as LF.
 */
export function sanitize(text: string): SafeText {
  if (HARMLESS.test(text)) return text as SafeText;
  return text.replaceAll("\r\n", "\n").replace(unsafePattern(), MARK) as SafeText;
}

/**
 * Makes text from anywhere fit for a place on one line of ours, such as a name or a reason: line ends
 * and tabs are spaces there, so that it can begin no line of its own.
 */
export function sanitizeLine(text: string): SafeText {
  return sanitize(text).replaceAll(/ *[\n\t][ \n\t]*/g, " ") as SafeText;
}

/**
 * Makes text from anywhere fit for a decision: what is unsafe is spelled out (`\x1b`, `\u202e`),
 * so that the reader sees exactly what there is.
 */
export function spellOut(text: string): SafeText {
  if (HARMLESS.test(text)) return text as SafeText;
  return text.replace(unsafePattern(), (found) => Array.from(found, spell).join("")) as SafeText;
}

/** The same for a place on one line of ours: line ends and tabs are spelled out as well. */
export function spellOutLine(text: string): SafeText {
  return spellOut(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t") as SafeText;
}

/** One character in the notation of {@linkcode spellOut}: itself where it is printable ASCII. */
export function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return character;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

/** Whether text holds anything that {@linkcode sanitize} would change. */
export function isUnsafe(text: string): boolean {
  if (HARMLESS.test(text)) return false;
  return text.search(unsafePattern()) !== -1;
}

/** Styling, and moves and erasures near the cursor. */
// deno-lint-ignore no-control-regex
const DRAWING = /^(?:\r|\x1b\[(?:\?25[hl]|[\d;]*[A-HJKm]))$/;

/**
 * Makes fit for a terminal what a library drew for it, with its styling and its cursor movement: all
 * else that is unsafe becomes a mark. Text from elsewhere has to be safe before the library gets it.
 */
export function sanitizeDrawn(text: string): SafeText {
  return text.replace(unsafePattern(), (found) => DRAWING.test(found) ? found : MARK) as SafeText;
}

/** Joins our own words (the literal parts) with text that is safe already. */
export function safeText(words: TemplateStringsArray, ...parts: (SafeText | number)[]): SafeText {
  let text = words[0] ?? "";
  for (let index = 0; index < parts.length; index++) text += `${parts[index]}${words[index + 1]}`;
  return text as SafeText;
}

/** Joins safe texts. */
export function joinSafe(
  parts: readonly SafeText[],
  separator: SafeText = "" as SafeText,
): SafeText {
  return parts.join(separator) as SafeText;
}

/** The lines of safe text, without their ends; none for no text. */
export function safeLines(text: SafeText): SafeText[] {
  const lines = text.split("\n") as SafeText[];
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * Makes text fit for a terminal without loss: each unsafe character becomes what a notation writes
 * for it, which is to be plain text.
 */
export function escapeUnsafe(text: string, escape: (character: string) => string): SafeText {
  if (HARMLESS.test(text)) return text as SafeText;
  return text.replace(
    unsafeCharacterPattern(),
    (found) => sanitize(Array.from(found, escape).join("")),
  ) as SafeText;
}

/**
 * Makes JSON text fit for a terminal without loss. In valid JSON unsafe characters stand only
 * inside strings, where an escape means the same, but for CR between tokens, which is white space.
 */
export function escapeJson(json: string): SafeText {
  return escapeUnsafe(json, (character) => character === "\r" ? " " : escapeUnits(character));
}

/** A character as JSON's `\u` escapes, one for each code unit. */
function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

// What is within a list or an object of unknown type has the type any in TypeScript's own declarations,
// which passes for SafeText.
declare global {
  interface ArrayConstructor {
    isArray(value: unknown): value is unknown[];
  }
  interface ObjectConstructor {
    entries<T extends object>(value: object extends T ? T : never): [string, unknown][];
    values<T extends object>(value: object extends T ? T : never): unknown[];
  }
}
