/** Earlier inputs, and a place among them. */
export class InputHistory {
  readonly #entries: string[] = [];
  /** Place of the input that is shown; the number of entries stands for the one being written. */
  #place = 0;

  /** Adds an input, and goes behind it. */
  add(text: string): void {
    if (text.trim() !== "" && text !== this.#entries.at(-1)) this.#entries.push(text);
    this.leave();
  }

  /** Goes behind the newest input. */
  leave(): void {
    this.#place = this.#entries.length;
  }

  /** Whether the place is behind the newest input. */
  get isBehind(): boolean {
    return this.#place === this.#entries.length;
  }

  /**
   * Goes one input back or forth.
   *
   * @returns the input there; undefined behind the newest
   * @throws {RangeError} where there is none
   */
  step(by: -1 | 1): string | undefined {
    const place = this.#place + by;
    if (place < 0 || place > this.#entries.length) throw new RangeError("No input there");
    this.#place = place;
    return this.#entries[place];
  }

  /** Whether {@linkcode step} leads anywhere. */
  canStep(by: -1 | 1): boolean {
    const place = this.#place + by;
    return place >= 0 && place <= this.#entries.length;
  }

  /** Goes to the newest input that holds a text: at or before the place, or strictly before it. */
  search(text: string, strictlyBefore: boolean): string | undefined {
    const from = Math.min(this.#place, this.#entries.length - 1) - (strictlyBefore ? 1 : 0);
    for (let place = from; place >= 0; place--) {
      const entry = this.#entries[place];
      if (entry?.includes(text)) {
        this.#place = place;
        return entry;
      }
    }
    return undefined;
  }
}
