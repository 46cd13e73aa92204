/** Lets tests wait for what happens in the server. */
export class Events {
  #waiting: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];

  /** Settles as soon as the condition holds, now or after a {@linkcode notify}. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  /** Looks at every condition that is waited for. */
  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      if (each.holds()) each.resolve();
      else this.#waiting.push(each);
    }
  }
}
