/** Options of {@linkcode Transcript.waitFor}. */
export interface WaitOptions {
  /** Milliseconds after which it fails; 20 s unless given. */
  readonly timeout?: number;
}

/** How long a test waits for something that comes, unless it says otherwise. */
export const DEFAULT_TIMEOUT = 20_000;

/** Text that grows, and whose growth can be awaited. */
export class Transcript {
  readonly #name: string;
  readonly #waiting = new Set<() => void>();
  #text = "";
  #searched = 0;
  #ended = false;

  /** @param name what the text is, for error messages */
  constructor(name: string) {
    this.#name = name;
  }

  /** Everything so far. */
  get text(): string {
    return this.#text;
  }

  /** The whole lines so far, without their ends. */
  get lines(): string[] {
    return this.#text.split("\n").slice(0, -1);
  }

  append(text: string): void {
    this.#text += text;
    this.#wake();
  }

  /** Says that nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /**
   * Waits for a text or a pattern in what came after the last one that was waited for.
   *
   * @returns the match; with a text, the text itself is its first element
   * @throws {Error} with everything so far, after the time-out or at the end of the text
   */
  async waitFor(
    wanted: string | RegExp,
    { timeout = DEFAULT_TIMEOUT }: WaitOptions = {},
  ): Promise<RegExpMatchArray> {
    const pattern = typeof wanted === "string" ? new RegExp(RegExp.escape(wanted)) : wanted;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#wake();
    }, timeout);
    try {
      while (true) {
        const found = this.#text.slice(this.#searched).match(pattern);
        if (found !== null) {
          this.#searched += (found.index ?? 0) + found[0].length;
          return found;
        }
        if (this.#ended || timedOut) {
          const why = this.#ended ? "ended" : `brought nothing more for ${timeout} ms`;
          throw new Error(
            `${this.#name} ${why} without ${wanted} in what followed the last match:\n` +
              this.#text.slice(this.#searched) + `\n--- and before it:\n` +
              this.#text.slice(0, this.#searched),
          );
        }
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
