/** A TCP connection that is read in pieces of known size or end. */
export class Connection implements Disposable {
  readonly #conn: Deno.Conn;
  #read: Uint8Array = new Uint8Array(0);

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; left.length > 0;) {
      left = left.subarray(await this.#conn.write(left));
    }
  }

  /** Reads what there is next; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#read.length === 0 && !await this.#fill()) return undefined;
    return this.#take(this.#read.length);
  }

  /** @throws {Deno.errors.UnexpectedEof} when the connection ends before */
  async readExactly(size: number): Promise<Uint8Array> {
    while (this.#read.length < size) await this.#readMore();
    return this.#take(size);
  }

  /**
   * Reads up to and including the empty line that ends the head of an HTTP message.
   *
   * @throws {Deno.errors.UnexpectedEof} when the connection ends before
   * @throws {RangeError} after `limit` bytes without one
   */
  async readHead(limit: number): Promise<string> {
    while (true) {
      const text = LATIN1.decode(this.#read);
      const end = /\r?\n\r?\n/.exec(text);
      if (end !== null) {
        return LATIN1.decode(this.#take(end.index + end[0].length));
      }
      if (text.length > limit) throw new RangeError(`No end of the head within ${limit} bytes`);
      await this.#readMore();
    }
  }

  /** Copies everything between two connections until both directions have ended; closes both. */
  async join(other: Connection): Promise<void> {
    using _ = this;
    using __ = other;
    await Promise.all([this.#copyTo(other), other.#copyTo(this)]);
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // It was closed already, by whoever waited too long for it.
    }
  }

  #take(size: number): Uint8Array {
    const taken = this.#read.subarray(0, size);
    this.#read = this.#read.subarray(size);
    return taken;
  }

  async #readMore(): Promise<void> {
    if (!await this.#fill()) throw new Deno.errors.UnexpectedEof("The connection ended");
  }

  /** Reads more; false at the end. */
  async #fill(): Promise<boolean> {
    const buffer = new Uint8Array(CHUNK);
    const size = await this.#conn.read(buffer);
    if (size === null) return false;
    const joined = new Uint8Array(this.#read.length + size);
    joined.set(this.#read);
    joined.set(buffer.subarray(0, size), this.#read.length);
    this.#read = joined;
    return true;
  }

  async #copyTo(other: Connection): Promise<void> {
    try {
      await other.write(this.#read);
      const buffer = new Uint8Array(CHUNK);
      for (let size; (size = await this.#conn.read(buffer)) !== null;) {
        await other.write(buffer.subarray(0, size));
      }
      await other.#conn.closeWrite();
    } catch {
      // One end is gone; so must be the other.
      this[Symbol.dispose]();
      other[Symbol.dispose]();
    }
  }
}

const CHUNK = 64 * 1024;
const LATIN1 = new TextDecoder("latin1");
