declare const safe: unique symbol;

/**
 * Text that may reach a terminal: our own words and styling, and what {@linkcode sanitize} made of
 * a server's. Only this module makes values of this type, so that a string from elsewhere cannot be
 * written without a compile error.
 */
export type SafeText = string & { readonly [safe]: true };

/**
 * Everything that moves a cursor, changes a terminal's state, or shows text as what it is not:
 * control sequences whole or cut off, C0 but LF and TAB, DEL, C1, bidi controls, line and paragraph
 * separators, zero-width and tag characters, lone surrogates.
 */
const UNSAFE_CHARACTERS = [
  "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]",
  "[\\u061c\\u200b\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]",
  "[\\u{e0000}-\\u{e007f}]",
  "\\p{Surrogate}",
];

const UNSAFE = new RegExp(
  [
    // CSI with its parameters; cut off, it takes what there is of them.
    "(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]?",
    // OSC, DCS, SOS, PM, APC up to their terminator; without one, up to the end of the line.
    "(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?",
    // Other escape sequences.
    "\\x1b[\\x20-\\x2f]*[\\x30-\\x7e]?",
    ...UNSAFE_CHARACTERS,
  ].join("|"),
  "gu",
);

const UNSAFE_IN_JSON = new RegExp(UNSAFE_CHARACTERS.join("|"), "gu");

/** Nearly all text is plain ASCII, and to see that is much faster than to look for what is unsafe. */
const PLAIN_ASCII = /^[\x20-\x7e\n\t]*$/;

/** Stands, in prose, where something was taken out. */
const MARK = "\u{fffd}";

/**
 * Makes text from anywhere fit for a terminal: what is unsafe becomes one visible mark, with CR LF
 * read as LF.
 */
export function sanitize(text: string): SafeText {
  if (PLAIN_ASCII.test(text)) return text as SafeText;
  return text.replaceAll("\r\n", "\n").replace(UNSAFE, MARK) as SafeText;
}

/**
 * Makes text from anywhere fit for a decision: what is unsafe is spelled out (`\x1b`, `\u202e`),
 * so that the reader sees exactly what there is.
 */
export function spellOut(text: string): SafeText {
  if (PLAIN_ASCII.test(text)) return text as SafeText;
  return text.replace(UNSAFE, (found) => Array.from(found, spell).join("")) as SafeText;
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
  if (PLAIN_ASCII.test(text)) return false;
  UNSAFE.lastIndex = 0;
  return UNSAFE.test(text);
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

/**
 * Makes JSON text fit for a terminal without loss. In valid JSON unsafe characters stand only
 * inside strings, where an escape means the same, but for CR between tokens, which is white space.
 */
export function escapeJson(json: string): SafeText {
  if (PLAIN_ASCII.test(json)) return json as SafeText;
  return json.replace(
    UNSAFE_IN_JSON,
    (found) =>
      Array.from(
        found,
        (character) =>
          character === "\r" ? " " : Array.from(
            { length: character.length },
            (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
          ).join(""),
      ).join(""),
  ) as SafeText;
}
