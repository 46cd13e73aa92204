import { foldLines } from "../render/fold.ts";
import { cutResult, INDENT, indent } from "../render/frames.ts";
import { bytes } from "../render/human.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import type { Styles } from "../render/styles.ts";

/** Lines that are shown of a long result. */
const SHOWN_LINES = 12;
/** So many folded results are kept; beyond, the oldest can no longer be shown in full. */
const MOST_KEPT = 50;

/** Shows long results folded, and keeps the last of them to be shown in full. */
export class FoldedResults {
  /** Whether somebody can ask for the rest; until then they are cut only. */
  canExpand = false;
  readonly #styles: Styles;
  readonly #columns: () => number;
  readonly #kept = new Map<number, string>();
  #last = 0;

  /** @param columns of the screen, as it is when a result comes */
  constructor(styles: Styles, columns: () => number) {
    this.#styles = styles;
    this.#columns = columns;
  }

  /** The lines of a result; of a long one the first and the last, with how to see the others. */
  readonly show = (text: string): SafeText => {
    if (!this.canExpand) return cutResult(text, this.#columns());
    const { shown, hiddenBytes } = foldLines(text, SHOWN_LINES, this.#columns() - INDENT);
    if (hiddenBytes === 0) return indent(text, this.#columns());
    const number = ++this.#last;
    this.#kept.set(number, text);
    this.#kept.delete(number - MOST_KEPT);
    const more = sanitize(bytes(hiddenBytes));
    const hint = this.#styles.dim(safeText`  /expand ${number} shows ${more} more`);
    return safeText`${indent(shown, this.#columns())}${hint}\n`;
  };

  /** The number of the last one. */
  get last(): number {
    return this.#last;
  }

  /** The numbers of those that can be shown in full, the oldest first. */
  get numbers(): readonly number[] {
    return [...this.#kept.keys()];
  }

  /** A folded result in full, the last one unless its number is given; undefined if it is gone. */
  expand(number = this.#last): SafeText | undefined {
    const text = this.#kept.get(number);
    return text === undefined ? undefined : indent(text, this.#columns());
  }
}
