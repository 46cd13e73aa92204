import { type Line, lineOf, textOfLine } from "./line.ts";

/** Earlier inputs, with what was changed in them since, and a place among them. */
export class InputHistory {
  readonly #entries: string[] = [];
  /** Lines that were changed and left for others, by their place. */
  readonly #drafts = new Map<number, Line>();
  #place = 0;

  /** Adds an input, goes behind it, and forgets what was changed. */
  add(text: string): void {
    if (text.trim() !== "" && text !== this.#entries.at(-1)) this.#entries.push(text);
    this.#place = this.end;
    this.#drafts.clear();
  }

  /** The place of the input that is shown. */
  get place(): number {
    return this.#place;
  }

  /** The place behind the newest input: that of the one being written. */
  get end(): number {
    return this.#entries.length;
  }

  /** The input at a place, as it was; undefined where there is none. */
  at(place: number): string | undefined {
    return this.#entries[place];
  }

  /** The input at this place, as it was left. */
  get line(): Line {
    return this.#drafts.get(this.#place) ?? this.original;
  }

  /** The input at this place, as it was. */
  get original(): Line {
    return lineOf(this.at(this.#place) ?? "");
  }

  /** Keeps what became of the input at this place, for when one comes back to it. */
  keep(line: Line): void {
    const isChanged = textOfLine(line) !== textOfLine(this.original);
    if (isChanged) this.#drafts.set(this.#place, line);
    else this.#drafts.delete(this.#place);
  }

  /** Goes to a place, or as near to it as there are some. */
  goTo(place: number): void {
    this.#place = Math.min(Math.max(place, 0), this.end);
  }

  /** The nearest place with an input that fits, from one on in one direction. */
  find(fits: (text: string) => boolean, from: number, step: -1 | 1): number | undefined {
    for (let place = from; place >= 0 && place < this.end; place += step) {
      if (fits(this.#entries[place] ?? "")) return place;
    }
    return undefined;
  }
}
