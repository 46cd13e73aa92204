/** Made when it is first used: that takes milliseconds, which most runs can do without. */
let segmenter: Intl.Segmenter | undefined;

/** The characters of a text that a person sees as one, each with the code units before it. */
export function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** A pictograph in its style or skin tone, as the source of a regular expression with the flag `u`. */
export const PICTOGRAPH = "\\p{Extended_Pictographic}(?:[\\ufe0e\\ufe0f]|[\\u{1f3fb}-\\u{1f3ff}])?";

/** So many pictographs are joined to one emoji at most: two people, a heart and a kiss. */
export const MOST_JOINED = 4;
