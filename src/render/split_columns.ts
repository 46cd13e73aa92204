import { widthOf } from "./width.ts";

const ASCII = /^[\x20-\x7e]*$/;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Cuts text without styling into parts that fit, between user-perceived characters; together they
 * are the text. A character that is wider than a part alone may be stands alone in its own.
 *
 * @param first columns of the first part, which is empty where not even one character fits
 * @param rest columns of each further part
 */
export function splitColumns(text: string, first: number, rest: number): string[] {
  if (ASCII.test(text)) {
    const parts = [text.slice(0, Math.max(first, 0))];
    for (let start = Math.max(first, 0); start < text.length; start += Math.max(rest, 1)) {
      parts.push(text.slice(start, start + Math.max(rest, 1)));
    }
    return parts;
  }
  const parts: string[] = [];
  let [start, width, limit] = [0, 0, first];
  for (const { segment, index } of segmenter.segment(text)) {
    const own = widthOf(segment);
    if (width + own > limit && (width > 0 || parts.length === 0)) {
      parts.push(text.slice(start, index));
      [start, width, limit] = [index, 0, rest];
    }
    width += own;
  }
  parts.push(text.slice(start));
  return parts;
}
