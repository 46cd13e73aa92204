import type { Key } from "../term/keys.ts";

/** So often a key counts at most. */
const MOST_TIMES = 1_000;

/** How often the next key is to count, as it is typed: digits with Alt, and then without it. */
export class RepeatCount {
  #typed = "";

  /** What was typed of it. */
  get typed(): string {
    return this.#typed;
  }

  /**
   * Takes a key that belongs to it.
   *
   * @returns what is left of the key: all of it, a part, or nothing
   */
  take(key: Key): Key | undefined {
    if (key.name === "digit") {
      this.#typed = key.digit === "-" ? "-" : this.#typed + key.digit;
      return undefined;
    }
    // Digits go on a count that was begun.
    const digits = key.name === "text" && this.#typed !== ""
      ? /^\d*/.exec(key.text)?.[0] ?? ""
      : "";
    if (key.name !== "text" || digits === "") return key;
    this.#typed += digits;
    const text = key.text.slice(digits.length);
    return text === "" ? undefined : { name: "text", text };
  }

  /** The count, once: 1 unless one was typed, and negative for the other direction. */
  use(): number {
    const typed = this.#typed;
    this.#typed = "";
    if (typed === "") return 1;
    const times = typed === "-" ? -1 : Number(typed);
    return Math.min(Math.max(times, -MOST_TIMES), MOST_TIMES);
  }
}
