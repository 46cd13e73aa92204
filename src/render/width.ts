import { unicodeWidth } from "@std/cli/unicode-width";
import { graphemes, PICTOGRAPH } from "./graphemes.ts";
import type { SafeText } from "./safe_text.ts";

const ASCII = /^[\x20-\x7e]*$/;

/** What can make several code points one emoji: joiner, emoji style, skin tones. */
const MAY_JOIN = /[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]/u;

/**
 * What some terminals draw one column wider: letters of flags, the signs of Arabic, Syriac and Kaithi
 * under or over numbers, hexagrams and numbers in circles.
 */
const MAY_BE_WIDER =
  /[\u{1f1e6}-\u{1f1ff}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u4dc0-\u4dff\u3248-\u324f]/gu;

/** An emoji sequence, which fills two columns however many code points it has. */
const EMOJI_SEQUENCE = new RegExp(
  "^(?:[0-9#*]\\ufe0f\\u20e3|\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]" +
    `|${PICTOGRAPH}\\u200d${PICTOGRAPH})`,
  "u",
);

const DOTS = "...";

/**
 * How many columns of a terminal text without styling fills. Control characters count for
 * nothing, so TAB and LF are to be dealt with before.
 *
 * Widths are those of the Unicode tables (East Asian Width), except that an emoji sequence counts
 * as the one emoji that a terminal with grapheme clustering draws.
 */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  // Outside emoji sequences, a character is as wide as its code points together.
  if (!MAY_JOIN.test(text)) return unicodeWidth(text);
  let width = 0;
  for (const { segment } of graphemes(text)) width += widthOfCharacter(segment);
  return width;
}

function widthOfCharacter(character: string): number {
  return EMOJI_SEQUENCE.test(character) ? 2 : unicodeWidth(character);
}

/**
 * The most columns that a terminal takes for text without styling: many draw what makes up an emoji
 * side by side. What is to fit is measured by this, or it would be broken where nobody knows.
 */
export function roomFor(text: string): number {
  if (ASCII.test(text)) return text.length;
  if (!MAY_JOIN.test(text)) return apartOf(text);
  let room = 0;
  for (const { segment } of graphemes(text)) room += roomForCharacter(segment);
  return room;
}

function roomForCharacter(character: string): number {
  return Math.max(widthOfCharacter(character), apartOf(character));
}

/** Columns of code points that stand side by side. */
function apartOf(text: string): number {
  return unicodeWidth(text) + (text.match(MAY_BE_WIDER)?.length ?? 0);
}

/**
 * Cuts text without styling to at most that many columns, between user-perceived characters; where
 * something was cut the result ends in `...` (in fewer dots where there is no room for three).
 */
export function truncateToWidth(text: SafeText, columns: number): SafeText;
export function truncateToWidth(text: string, columns: number): string;
export function truncateToWidth(text: string, columns: number): string {
  // No text is wider than two columns a code unit.
  if (text.length * 2 <= columns || roomFor(text) <= columns) return text;
  const dots = DOTS.slice(0, Math.max(columns, 0));
  return text.slice(0, prefixOfWidth(text, columns - dots.length)) + dots;
}

/** Fills text up with spaces behind it, to that many columns. */
export function padEndToWidth(text: SafeText, columns: number): SafeText;
export function padEndToWidth(text: string, columns: number): string;
export function padEndToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/** Fills text up with spaces before it, to that many columns. */
export function padStartToWidth(text: SafeText, columns: number): SafeText;
export function padStartToWidth(text: string, columns: number): string;
export function padStartToWidth(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text;
}

/**
 * Breaks one line of text without styling into lines of at most that many columns, at spaces where
 * there are any, else between user-perceived characters.
 *
 * @param further columns of each line but the first; as many unless given
 */
export function wrapToWidth(text: SafeText, columns: number, further?: number): SafeText[];
export function wrapToWidth(text: string, columns: number, further?: number): string[];
export function wrapToWidth(text: string, columns: number, further = columns): string[] {
  const lines: string[] = [];
  let [start, width, lastSpace] = [0, 0, 0];
  for (const { segment, index } of graphemes(text)) {
    const isSpace = segment === " ";
    // What separates two lines belongs to neither.
    if (isSpace && index === start && lines.length > 0) {
      start++;
      continue;
    }
    const own = roomForCharacter(segment);
    if (width + own > (lines.length === 0 ? columns : further) && index > start) {
      const words = text.slice(start, isSpace ? index : lastSpace).trimEnd();
      lines.push(words === "" ? text.slice(start, index) : words);
      start = isSpace ? index + 1 : words === "" ? index : lastSpace + 1;
      width = roomFor(text.slice(start, index));
      if (isSpace) continue;
    }
    if (isSpace) lastSpace = index;
    width += own;
  }
  return [...lines, text.slice(start)];
}

/** How many code units the longest beginning has that fits. */
function prefixOfWidth(text: string, columns: number): number {
  if (ASCII.test(text)) return Math.max(0, columns);
  let width = 0;
  for (const { segment, index } of graphemes(text)) {
    width += roomForCharacter(segment);
    if (width > columns) return index;
  }
  return text.length;
}
