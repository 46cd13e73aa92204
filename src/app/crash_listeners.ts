/** Who has something to say before the program breaks down. */
export class CrashListeners {
  readonly #listeners = new Set<(error: unknown) => Promise<void>>();

  /** As `Process.onCrash` of deps.ts. */
  add(listener: (error: unknown) => Promise<void>): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Lets everyone have their say; none of them can keep the others from it. */
  async tell(error: unknown): Promise<void> {
    await Promise.allSettled([...this.#listeners].map(async (listener) => await listener(error)));
  }
}
