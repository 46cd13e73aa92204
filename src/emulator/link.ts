import type { Clock } from "../app/deps.ts";

/** What the network does to every byte that goes to a client. */
export interface Shaping {
  /** Milliseconds that each write is held back. */
  readonly delay: number;
  /** Bytes a second at most; undefined for as fast as it goes. */
  readonly bytesPerSecond?: number;
}

type Entry =
  | { readonly kind: "bytes"; readonly due: number; readonly bytes: Uint8Array }
  | { readonly kind: "cut" | "silence"; readonly due: number };

const READ_SIZE = 64 * 1024;
const WRITE_SIZE = 256 * 1024;
const HIGH_WATER = 1024 * 1024;

/**
 * One client's TCP or TLS connection. What is written goes out in order, in the background, with
 * the network's faults applied where real ones happen: to bytes, not to messages.
 */
export class Link {
  readonly #conn: Deno.Conn;
  readonly #clock: Clock;
  readonly #shaping: () => Shaping;
  readonly #closing = new AbortController();
  #input: Uint8Array = new Uint8Array(0);
  #queue: Entry[] = [];
  #queued = 0;
  #pumping: Promise<void> | undefined;
  #silent = false;
  #wake: (() => void)[] = [];

  constructor(conn: Deno.Conn, clock: Clock, shaping: () => Shaping) {
    this.#conn = conn;
    this.#clock = clock;
    this.#shaping = shaping;
  }

  /** Aborted when the connection is gone. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Queues bytes. After the connection is gone it does nothing. */
  write(bytes: Uint8Array): void {
    this.#enqueue({ kind: "bytes", due: this.#due(), bytes });
  }

  /** Closes the connection, without a word, behind everything that was written so far. */
  cutBehind(): void {
    this.#enqueue({ kind: "cut", due: this.#due() });
  }

  /** Neither sends nor reads from here on, behind everything that was written so far. */
  silenceBehind(): void {
    this.#enqueue({ kind: "silence", due: this.#due() });
  }

  /** Closes the connection at once. */
  cut(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#queue = [];
    this.#queued = 0;
    this.#conn.close();
    this.#notify();
  }

  /** Settles when little enough is queued that a fast producer may go on. */
  async ready(): Promise<void> {
    while (this.#queued > HIGH_WATER && !this.#closing.signal.aborted) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Settles when everything is written, or the connection is gone. */
  async flush(): Promise<void> {
    await this.#pumping;
  }

  /**
   * Reads up to and including a delimiter.
   *
   * @returns undefined at the end of input
   * @throws {RangeError} after `limit` bytes without one
   */
  async readUntil(delimiter: Uint8Array, limit: number): Promise<Uint8Array | undefined> {
    let from = 0;
    while (true) {
      const end = indexOf(this.#input, delimiter, from);
      if (end >= 0) return this.#take(end + delimiter.length);
      if (this.#input.length > limit) throw new RangeError(`No end within ${limit} bytes`);
      from = Math.max(0, this.#input.length - delimiter.length + 1);
      if (!await this.#fill()) return undefined;
    }
  }

  /**
   * Reads that many bytes.
   *
   * @returns undefined when the input ends before
   */
  async readExactly(size: number): Promise<Uint8Array | undefined> {
    while (this.#input.length < size) {
      if (!await this.#fill()) return undefined;
    }
    return this.#take(size);
  }

  /** Reads and forgets what still comes, so that closing does not reset what was sent. */
  async drain(): Promise<void> {
    do this.#input = new Uint8Array(0); while (await this.#fill());
  }

  #take(size: number): Uint8Array {
    const taken = this.#input.subarray(0, size);
    this.#input = this.#input.subarray(size);
    return taken;
  }

  async #fill(): Promise<boolean> {
    const buffer = new Uint8Array(READ_SIZE);
    let size: number | null;
    try {
      if (this.#silent) await this.#gone();
      size = await this.#conn.read(buffer);
      if (this.#silent) await this.#gone();
    } catch {
      // A reset by the client and our own close look the same here: there is no more input.
      size = null;
    }
    if (size === null || this.#closing.signal.aborted) return false;
    const joined = new Uint8Array(this.#input.length + size);
    joined.set(this.#input);
    joined.set(buffer.subarray(0, size), this.#input.length);
    this.#input = joined;
    return true;
  }

  #due(): number {
    const { delay } = this.#shaping();
    return delay > 0 ? this.#clock.now() + delay : 0;
  }

  #enqueue(entry: Entry): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push(entry);
    if (entry.kind === "bytes") this.#queued += entry.bytes.length;
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    try {
      // Whatever is written in the same turn of the event loop goes out together.
      await Promise.resolve();
      for (let batch = this.#queue; batch.length > 0; batch = this.#queue) {
        this.#queue = [];
        for (let index = 0; index < batch.length;) index = await this.#send(batch, index);
        this.#notify();
      }
    } catch {
      this.cut();
    }
    this.#pumping = undefined;
  }

  /** Sends one entry, or several that are due together, and returns the index of the next. */
  async #send(batch: readonly Entry[], index: number): Promise<number> {
    const entry = batch[index];
    if (entry === undefined) return batch.length;
    const wait = entry.due === 0 ? 0 : entry.due - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait, this.#closing.signal);
    if (entry.kind === "cut") {
      this.cut();
      return batch.length;
    }
    if (entry.kind === "silence") {
      this.#silent = true;
      await this.#gone();
      return batch.length;
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    let next = index;
    for (let each = batch[next]; each?.kind === "bytes"; each = batch[++next]) {
      if (size > 0 && (each.due !== entry.due || size + each.bytes.length > WRITE_SIZE)) break;
      chunks.push(each.bytes);
      size += each.bytes.length;
    }
    await this.#writeAll(concat(chunks, size));
    this.#queued -= size;
    return next;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    const { bytesPerSecond } = this.#shaping();
    const step = bytesPerSecond === undefined
      ? bytes.length
      : Math.max(1, Math.floor(bytesPerSecond / 10));
    for (let start = 0; start < bytes.length;) {
      const end = Math.min(bytes.length, start + step);
      while (start < end) start += await this.#conn.write(bytes.subarray(start, end));
      if (bytesPerSecond !== undefined) {
        await this.#clock.sleep(Math.ceil(step * 1000 / bytesPerSecond), this.#closing.signal);
      }
    }
  }

  #gone(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  #notify(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }
}

/** Joins chunks of a known total size; a single one is passed on as it is. */
export function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

function indexOf(haystack: Uint8Array, needle: Uint8Array, from: number): number {
  const last = haystack.length - needle.length;
  for (let start = from; start <= last; start++) {
    let offset = 0;
    while (offset < needle.length && haystack[start + offset] === needle[offset]) offset++;
    if (offset === needle.length) return start;
  }
  return -1;
}
