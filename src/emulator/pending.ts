import type { Clock } from "../app/deps.ts";

/** Milliseconds that a person has to decide. */
const DECISION_LIMIT = 5 * 60_000;

/** What waits for a person's decision: one thing at a time. */
export class Pending<Answer> {
  readonly #clock: Clock;
  #current: { readonly id: string; readonly give: (answer: Answer) => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives the answer to what waits under this id; false where nothing does. */
  give(id: string, answer: Answer): boolean {
    if (this.#current?.id !== id) return false;
    this.#current.give(answer);
    return true;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @returns undefined when nobody has answered in time
   * @throws {unknown} the signal's reason
   */
  async wait(id: string, ask: () => void, signal: AbortSignal): Promise<Answer | undefined> {
    const answered = Promise.withResolvers<Answer>();
    const settled = new AbortController();
    const either = AbortSignal.any([signal, settled.signal]);
    const expired = this.#clock.sleep(DECISION_LIMIT, either).then(() => undefined);
    this.#current = { id, give: answered.resolve };
    ask();
    try {
      return await Promise.race([answered.promise, expired]);
    } finally {
      this.#current = undefined;
      settled.abort();
    }
  }
}
