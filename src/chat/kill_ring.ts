/** So many killed texts are kept. */
const MOST_KEPT = 60;

/** What was killed, for it to be yanked: the newest first, until the ring is turned. */
export class KillRing {
  readonly #texts: string[] = [];
  #turned = 0;

  /**
   * Takes a text that was killed.
   *
   * @param joins on which side it goes with the text killed just before; undefined where it is a new one
   */
  add(text: string, joins?: "before" | "after"): void {
    this.#turned = 0;
    if (text === "") return;
    if (joins === undefined) this.#texts.unshift(text);
    else {
      const last = this.#texts.shift() ?? "";
      this.#texts.unshift(joins === "before" ? text + last : last + text);
    }
    if (this.#texts.length > MOST_KEPT) this.#texts.pop();
  }

  /** What would be yanked now. */
  get text(): string {
    return this.#texts[this.#turned] ?? "";
  }

  /** Has the text killed before this one yanked next, and after the oldest the newest again. */
  turn(): void {
    this.#turned = (this.#turned + 1) % Math.max(this.#texts.length, 1);
  }
}
