/** What was to be printed while something else had the screen. */
export class HeldOutput {
  #kept: (() => void)[] = [];
  /** How many have the screen. */
  #holders = 0;

  get isHeld(): boolean {
    return this.#holders > 0;
  }

  /** Keeps a piece of output for later. */
  keep(print: () => void): void {
    this.#kept.push(print);
  }

  /** Keeps output until this is disposed of, and whatever else holds it. */
  hold(): Disposable {
    const held = new DisposableStack();
    this.#holders++;
    held.defer(() => {
      this.#holders--;
      if (this.isHeld) return;
      for (const print of this.#kept.splice(0)) print();
    });
    return held;
  }
}
