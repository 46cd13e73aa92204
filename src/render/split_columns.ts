import { graphemes } from "./graphemes.ts";
import { roomFor } from "./width.ts";

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Cuts text without styling into parts that fit, between user-perceived characters (within one only
 * if it is wider than a whole part); together they are the text.
 *
 * @param first columns of the first part, which is empty where not even one character fits
 * @param rest columns of each further part, at least 2
 */
export function splitColumns(text: string, first: number, rest: number): string[] {
  const parts: string[] = [];
  if (ASCII.test(text)) {
    parts.push(text.slice(0, Math.max(first, 0)));
    for (let start = Math.max(first, 0); start < text.length; start += rest) {
      parts.push(text.slice(start, start + rest));
    }
    return parts;
  }
  let [start, end, width, limit] = [0, 0, 0, first];
  const add = (character: string, own: number) => {
    if (width + own > limit && (width > 0 || parts.length === 0)) {
      parts.push(text.slice(start, end));
      [start, width, limit] = [end, 0, rest];
    }
    end += character.length;
    width += own;
  };
  for (const { segment } of graphemes(text)) {
    const own = roomFor(segment);
    if (own <= rest) add(segment, own);
    else for (const codePoint of segment) add(codePoint, roomFor(codePoint));
  }
  parts.push(text.slice(start));
  return parts;
}
