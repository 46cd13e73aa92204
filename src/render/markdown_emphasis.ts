/** Markers of emphasis that begin or end a stretch, or just stand there. */
export interface Delimiter {
  readonly character: "*" | "_";
  /** Characters that mark nothing. */
  left: number;
  /** 1 where a stretch begins here, -1 where one ends. */
  bold: number;
  italic: number;
}

/** What emphasis may begin behind: not a letter, a digit, a slash or an operator. */
const BEFORE_EMPHASIS = /^[\s([{"'<>\-,;:.!?|*_~`]|^\P{ASCII}/u;
const AFTER_EMPHASIS = /^[\s)\]}"'<>\-,;:.!?|*_~`(]|^\P{ASCII}/u;
/** What emphasis with one marker may begin with; `*.log` is a pattern. */
const FIRST_OF_ITALIC = /^[\p{L}\p{N}"'([{<`*_$#@]|^\P{ASCII}/u;

/** What bold text may begin with: `**` and a slash is a pattern. */
const FIRST_OF_BOLD = /^[^\s/\\]/;
const LETTER = /[\p{L}\p{N}]/u;

/** Finds out which markers of emphasis belong together; asked about each of a line, in order. */
export class Emphasis {
  readonly #open: Delimiter[] = [];
  /** How many are open, by their character and what is left of their length. */
  readonly #openCounts = new Map<string, number>();

  /** Takes the markers that stand between two characters; what they mark is known at the line's end. */
  add(delimiter: Delimiter, before: string, after: string): void {
    const { character, left: length } = delimiter;
    if (/\S/.test(before) && mayStandAfter(after, character)) this.#close(delimiter);
    const first = length === 1 ? FIRST_OF_ITALIC : FIRST_OF_BOLD;
    if (delimiter.left === length && mayStandBefore(before, character) && first.test(after)) {
      this.#push(delimiter);
    }
  }

  /** Ends what the markers can end. */
  #close(closing: Delimiter): void {
    for (let lengths = this.#endable(closing); lengths.length > 0;) {
      let opening = this.#drop();
      // What was opened within stays open, and so marks nothing.
      while (opening?.character !== closing.character || !lengths.includes(opening.left)) {
        if (opening === undefined) return;
        opening = this.#drop();
      }
      const used = Math.min(opening.left, closing.left);
      if (used !== 2) opening.italic = -(--closing.italic);
      if (used !== 1) opening.bold = -(--closing.bold);
      opening.left -= used;
      closing.left -= used;
      if (opening.left > 0) this.#push(opening);
      lengths = this.#endable(closing);
    }
  }

  /** How many markers an open stretch may have that these end; none where they end nothing. */
  #endable({ character, left }: Delimiter): readonly number[] {
    const isOpen = (length: number) => (this.#openCounts.get(`${character}${length}`) ?? 0) > 0;
    if (left === 0) return [];
    if (isOpen(left)) return [left];
    return left === 3 ? [1, 2].filter(isOpen) : [3].filter(isOpen);
  }

  #push(delimiter: Delimiter): void {
    this.#open.push(delimiter);
    this.#count(delimiter, 1);
  }

  #drop(): Delimiter | undefined {
    const delimiter = this.#open.pop();
    if (delimiter !== undefined) this.#count(delimiter, -1);
    return delimiter;
  }

  #count({ character, left }: Delimiter, change: number): void {
    const key = `${character}${left}`;
    this.#openCounts.set(key, (this.#openCounts.get(key) ?? 0) + change);
  }
}

function mayStandBefore(before: string, character: "*" | "_"): boolean {
  return BEFORE_EMPHASIS.test(before) && !(character === "_" && LETTER.test(before));
}

function mayStandAfter(after: string, character: "*" | "_"): boolean {
  return AFTER_EMPHASIS.test(after) && !(character === "_" && LETTER.test(after));
}
