import { graphemes } from "./graphemes.ts";

/** Cuts text after that many user-perceived characters; what was cut shows as `...`. */
export function cutCharacters(text: string, limit: number): string {
  // No text has more user-perceived characters than code units.
  if (text.length <= limit) return text;
  let count = 0;
  for (const { index } of graphemes(text)) {
    if (count === limit) return text.slice(0, index) + "...";
    count++;
  }
  return text;
}

/** White space, but for what only looks like some, or makes a terminal do something. */
const SPACES = /(?:\r\n|[^\S\r\v\f\u2028\u2029\ufeff])+/g;

/**
 * Text as one line: every run of white space is one space, and none is at its ends. What a sanitizer
 * marks stays.
 */
export function oneLine(text: string): string {
  return text.replaceAll(SPACES, " ").replaceAll(/^ | $/g, "");
}
