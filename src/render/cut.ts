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

/** Text as one line: every run of white space is one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
