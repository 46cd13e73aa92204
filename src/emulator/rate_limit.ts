/** Lets through at most so many of something in any stretch of time. */
export class RateLimit {
  readonly #count: number;
  readonly #window: number;
  #times: number[] = [];

  /** @param window milliseconds */
  constructor(count: number, window: number) {
    this.#count = count;
    this.#window = window;
  }

  /**
   * Takes one.
   *
   * @returns 0, or the milliseconds until there is room for another
   */
  take(now: number): number {
    const [oldest] = this.#times;
    if (oldest !== undefined && oldest <= now - this.#window) {
      this.#times = this.#times.filter((time) => time > now - this.#window);
    }
    const [first = now] = this.#times;
    if (this.#times.length >= this.#count) return first + this.#window - now;
    this.#times.push(now);
    return 0;
  }
}
