import { foldLines } from "../render/fold.ts";
import { indent } from "../render/frames.ts";
import { type SafeText, safeText } from "../render/safe_text.ts";
import type { Styles } from "../render/styles.ts";

/** Lines that are shown of a long result. */
const SHOWN_LINES = 12;
/** So many folded results are kept; beyond, the oldest can no longer be shown in full. */
const MOST_KEPT = 50;

/** Shows long results folded, and keeps the last of them to be shown in full. */
export class FoldedResults {
  readonly #styles: Styles;
  readonly #kept = new Map<number, string>();
  #last = 0;

  constructor(styles: Styles) {
    this.#styles = styles;
  }

  /** The lines of a result; of a long one the first and the last, with how to see the others. */
  readonly show = (text: string): SafeText => {
    const { shown, hiddenBytes } = foldLines(text, SHOWN_LINES);
    if (hiddenBytes === 0) return indent(text);
    const number = ++this.#last;
    this.#kept.set(number, text);
    this.#kept.delete(number - MOST_KEPT);
    const hint = this.#styles.dim(safeText`  /expand ${number} shows all of it`);
    return safeText`${indent(shown)}${hint}\n`;
  };

  /** A folded result in full, the last one unless its number is given; undefined if it is gone. */
  expand(number = this.#last): SafeText | undefined {
    const text = this.#kept.get(number);
    return text === undefined ? undefined : indent(text);
  }
}
