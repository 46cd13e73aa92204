/** Room that is kept from one use to the next. */
const KEPT_BYTES = 1 << 20;

const LINE_FEED = 10;

/** Collects lines as UTF-8, to be written in one piece. */
export class LineBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(KEPT_BYTES);
  #length = 0;

  /** All that was added; valid until the next change. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Adds a line.
   *
   * @returns its bytes without its end; valid until the next change
   */
  add(line: string): Uint8Array<ArrayBuffer> {
    const start = this.#length;
    // A UTF-16 unit becomes three bytes at most.
    this.#makeRoom(line.length * 3 + 1);
    const { written } = this.#encoder.encodeInto(line, this.#bytes.subarray(start));
    this.#length += written;
    this.#bytes[this.#length++] = LINE_FEED;
    return this.#bytes.subarray(start, start + written);
  }

  /** Forgets what was added. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(KEPT_BYTES);
  }

  #makeRoom(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
