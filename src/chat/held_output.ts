/** What was to be printed while something else had the screen. */
export class HeldOutput {
  #kept: (() => void)[] | undefined;

  get isHeld(): boolean {
    return this.#kept !== undefined;
  }

  /** Keeps a piece of output for later. */
  keep(print: () => void): void {
    this.#kept?.push(print);
  }

  hold(): Disposable {
    this.#kept ??= [];
    return {
      [Symbol.dispose]: () => {
        const kept = this.#kept ?? [];
        this.#kept = undefined;
        for (const print of kept) print();
      },
    };
  }
}
