import type { SafeText } from "../render/safe_text.ts";
import type { OutputStream } from "./terminal.ts";

/** A queue writes joined text as soon as there is so much of it, in characters. */
const JOINED = 64 << 10;
/**
 * With more characters than this queued, a producer is asked to wait. It is more than a server can
 * send within one turn of the event loop, in which nothing of it is written: a producer that waited
 * then would let ever more frames wait in its turn.
 */
const HIGH_WATER = 16 << 20;
/** Pause before a stream is tried again that another program has set not to block. */
const RETRY_MILLISECONDS = 5;

/** What Deno.stdout and Deno.stderr are. */
interface Writer {
  write(bytes: Uint8Array): Promise<number>;
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

interface Entry {
  readonly stream: SystemOutput;
  text: string;
}

/** Text for several streams in the order in which it came; what goes to one in a row is one text. */
class Entries {
  #entries: Entry[] = [];
  #length = 0;

  /** In characters. */
  get length(): number {
    return this.#length;
  }

  add(stream: SystemOutput, text: SafeText): void {
    const last = this.#entries.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#entries.push({ stream, text });
    this.#length += text.length;
  }

  take(): readonly Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#length = 0;
    return entries;
  }
}

/** Writes to several streams in the order in which it was asked to. */
export interface WriteQueue {
  add(stream: SystemOutput, text: SafeText): void;
  /** Settles when it can take more. */
  ready(): Promise<void>;
  /** Settles when all of it was written. */
  flush(): Promise<void>;
}

/** Writes without blocking the program: to a terminal, whose keys are to be heard meanwhile. */
export class BackgroundQueue implements WriteQueue {
  readonly #entries = new Entries();
  #writing: Promise<void> | undefined;

  add(stream: SystemOutput, text: SafeText): void {
    this.#entries.add(stream, text);
    this.#writing ??= this.#writeAll();
  }

  async ready(): Promise<void> {
    if (this.#entries.length > HIGH_WATER) await this.#writing;
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Lets everything that is printed in one turn of the event loop go out in one write.
    await Promise.resolve();
    while (this.#entries.length > 0) {
      for (const { stream, text } of this.#entries.take()) await stream.writeSoon(text);
    }
    this.#writing = undefined;
  }
}

/**
 * Writes and waits for it: to files and pipes. While the program waits it takes no frame off a
 * WebSocket, which is how a slow reader slows a fast server down; there is no other way, and what
 * had to wait otherwise would grow without bound.
 */
export class BlockingQueue implements WriteQueue {
  readonly #entries = new Entries();
  #isAwaited = false;

  add(stream: SystemOutput, text: SafeText): void {
    this.#entries.add(stream, text);
    if (this.#entries.length >= JOINED) this.#writeAll();
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    // Lets what is printed in one turn of the event loop go out in few writes: in a flood the turn
    // lasts long, and its microtasks come after every few frames. setTimeout() would do the same, but
    // its first call loads the timers of Node.js, which takes half as long as the whole start.
    AbortSignal.timeout(0).onabort = () => {
      this.#isAwaited = false;
      this.#writeAll();
    };
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  flush(): Promise<void> {
    this.#writeAll();
    return Promise.resolve();
  }

  #writeAll(): void {
    for (const { stream, text } of this.#entries.take()) stream.writeNow(text);
  }
}

/** stdout or stderr of the process. */
export class SystemOutput implements OutputStream {
  readonly isTerminal: boolean;
  readonly closed: Promise<void>;
  failure: unknown;
  readonly #encoder = new TextEncoder();
  readonly #writer: Writer;
  readonly #queue: WriteQueue;
  #broken = false;
  #reportClosed: () => void = () => {};

  constructor(writer: Writer, queues: { terminal: WriteQueue; other: WriteQueue }) {
    this.#writer = writer;
    this.isTerminal = writer.isTerminal();
    this.#queue = this.isTerminal ? queues.terminal : queues.other;
    this.closed = new Promise((resolve) => this.#reportClosed = resolve);
  }

  write(text: SafeText): void {
    if (!this.#broken && text !== "") this.#queue.add(this, text);
  }

  ready(): Promise<void> {
    return this.#queue.ready();
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Hands text to the system without waiting for it; called by a queue only. */
  async writeSoon(text: string): Promise<void> {
    for (let left = this.#encoder.encode(text); left.length > 0 && !this.#broken;) {
      try {
        left = left.subarray(await this.#writer.write(left));
      } catch (error) {
        this.#yieldTo(error);
      }
    }
  }

  /** Hands text to the system, and waits until it has taken it; called by a queue only. */
  writeNow(text: string): void {
    for (let rest = text; rest !== "" && !this.#broken;) {
      const { read, written } = this.#encoder.encodeInto(rest, BYTES);
      rest = rest.slice(read);
      this.#writeBytes(BYTES.subarray(0, written));
    }
  }

  #writeBytes(bytes: Uint8Array): void {
    for (let left = bytes; left.length > 0 && !this.#broken;) {
      try {
        left = left.subarray(this.#writer.writeSync(left));
      } catch (error) {
        this.#yieldTo(error);
      }
    }
  }

  #yieldTo(error: unknown): void {
    if (error instanceof Deno.errors.WouldBlock) {
      Atomics.wait(NEVER_NOTIFIED, 0, 0, RETRY_MILLISECONDS);
      return;
    }
    // Where the reader is gone (a closed pipe, a terminal that was hung up), that is no failure.
    const { BrokenPipe, ConnectionReset } = Deno.errors;
    const isReaderGone = this.isTerminal || error instanceof BrokenPipe ||
      error instanceof ConnectionReset;
    if (!isReaderGone) this.failure = error;
    this.#broken = true;
    this.#reportClosed();
  }
}

/** Used again for each write, because new ones would take more memory than all else in a flood. */
const BYTES = new Uint8Array(2 * JOINED);
const NEVER_NOTIFIED = new Int32Array(new SharedArrayBuffer(4));
