import { graphemes } from "./graphemes.ts";
import { joinSafe, type SafeText, sanitize } from "./safe_text.ts";
import { splitColumns } from "./split_columns.ts";
import type { Styles } from "./styles.ts";
import { roomFor, widthOf } from "./width.ts";

/** What Markdown is rendered for. */
export interface MarkdownView {
  readonly styles: Styles;
  /** Columns that a row may fill. */
  readonly columns: number;
}

/** What a piece of text is dressed in. */
export type Mark = "heading" | "bold" | "italic" | "code" | "link" | "dim";

/** Text in which everything is dressed alike. */
export interface Run {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** What begins or ends no row, as Japanese and Chinese are set. */
const NEVER_FIRST =
  /^[\p{Pe}\p{Pf}\p{M}!%,.:;?…、。々〻ーぁぃぅぇぉっゃゅょァィゥェォッャュョ！，．：；？]/u;
const NEVER_LAST = /^[\p{Ps}\p{Pi}]/u;

/** Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts of India have no wide characters. */
const MAY_BE_WIDE = /[\u1100-\uffff]/;

/** The most columns that a terminal takes for runs. */
export function roomForRuns(runs: readonly Run[]): number {
  return runs.reduce((room, { text }) => room + roomFor(text), 0);
}

/** How many columns runs fill. */
export function widthOfRuns(runs: readonly Run[]): number {
  return runs.reduce((width, { text }) => width + widthOf(text), 0);
}

/** Runs as text for a terminal. */
export function dressRuns(runs: readonly Run[], styles: Styles): SafeText {
  return joinSafe(
    runs.map(({ text, marks }) =>
      marks.reduceRight((dressed, mark) => styles[mark](dressed), sanitize(text))
    ),
  );
}

/**
 * Breaks runs into rows: at spaces, which no row begins or ends with; beside wide characters; and
 * within a word only where it is longer than a row.
 *
 * @returns at least one row
 */
export function wrapRuns(runs: readonly Run[], columns: number): Run[][] {
  const wrapper = new Wrapper(columns);
  for (const { text, marks } of runs) {
    for (const [part] of text.matchAll(/ +|[^ ]+/g)) {
      if (part.startsWith(" ")) wrapper.space(part, marks);
      else wrapper.word(part, marks);
    }
  }
  return wrapper.end();
}

/** What stands together, with the most columns that it takes. */
interface Piece extends Run {
  readonly width: number;
}

class Wrapper {
  readonly #columns: number;
  readonly #rows: Run[][] = [[]];
  #width = 0;
  /** Spaces behind the row, which stay only if another word follows. */
  #spaces: Piece[] = [];
  /** What can't be broken, as far as it is known. */
  #word: Piece[] = [];
  /** Whether a row may end after what was read last. */
  #mayBreak = false;
  /** Whether what was read last must not end a row. */
  #isOpening = false;

  constructor(columns: number) {
    this.#columns = Math.max(columns, 2);
  }

  space(text: string, marks: Run["marks"]): void {
    this.#place();
    this.#spaces.push({ text, marks, width: text.length });
    this.#mayBreak = false;
    this.#isOpening = false;
  }

  word(text: string, marks: Run["marks"]): void {
    if (!MAY_BE_WIDE.test(text)) {
      if (this.#mayBreak && !NEVER_FIRST.test(text)) this.#place();
      this.#word.push({ text, marks, width: roomFor(text) });
      this.#mayBreak = false;
      this.#isOpening = false;
      return;
    }
    for (const { segment } of graphemes(text)) {
      const width = roomFor(segment);
      const isWide = width > 1;
      if ((isWide || this.#mayBreak) && !this.#isOpening && !NEVER_FIRST.test(segment)) {
        this.#place();
      }
      this.#word.push({ text: segment, marks, width });
      this.#isOpening = NEVER_LAST.test(segment);
      this.#mayBreak = isWide && !this.#isOpening;
    }
  }

  end(): Run[][] {
    this.#place();
    return this.#rows;
  }

  /** Puts the word into the row, or into rows of its own where it doesn't fit. */
  #place(): void {
    if (this.#word.length === 0) return;
    const spaces = totalWidth(this.#spaces);
    const word = totalWidth(this.#word);
    if (this.#width > 0 && this.#width + spaces + word > this.#columns) {
      this.#newRow();
    } else {
      for (const piece of this.#spaces) this.#put(piece);
    }
    this.#spaces = [];
    for (const piece of this.#word) {
      if (this.#width + piece.width <= this.#columns) {
        this.#put(piece);
        continue;
      }
      const left = this.#columns - this.#width;
      splitColumns(piece.text, left, this.#columns).forEach((text, index) => {
        if (index > 0) this.#newRow();
        this.#put({ text, marks: piece.marks, width: roomFor(text) });
      });
    }
    this.#word = [];
  }

  #newRow(): void {
    this.#rows.push([]);
    this.#width = 0;
  }

  #put({ text, marks, width }: Piece): void {
    if (text === "") return;
    const row = this.#rows.at(-1);
    const last = row?.at(-1);
    if (last?.marks === marks) row?.splice(-1, 1, { text: last.text + text, marks });
    else row?.push({ text, marks });
    this.#width += width;
  }
}

function totalWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { width }) => sum + width, 0);
}
