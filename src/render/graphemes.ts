/** Made when it is first used: that takes milliseconds, which most runs can do without. */
let segmenter: Intl.Segmenter | undefined;

/** The characters of a text that a person sees as one, each with the code units before it. */
export function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}
