/** Earlier inputs, and a place among them. */
export class InputHistory {
  readonly #entries: string[] = [];
  #place = 0;

  /** Adds an input, and goes behind it. */
  add(text: string): void {
    if (text.trim() !== "" && text !== this.#entries.at(-1)) this.#entries.push(text);
    this.#place = this.end;
  }

  /** The place of the input that is shown. */
  get place(): number {
    return this.#place;
  }

  /** The place behind the newest input: that of the one being written. */
  get end(): number {
    return this.#entries.length;
  }

  /** The input at a place; undefined where there is none. */
  at(place: number): string | undefined {
    return this.#entries[place];
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
