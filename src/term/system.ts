import type { SafeText } from "../render/safe_text.ts";
import type { InputStream, OutputStream, Size, Terminal } from "./terminal.ts";

/** With more characters than this queued, a producer is asked to wait. */
const HIGH_WATER = 1 << 20;

interface Writer {
  write(bytes: Uint8Array): Promise<number>;
  isTerminal(): boolean;
}

interface Reader {
  read(buffer: Uint8Array): Promise<number | null>;
  isTerminal(): boolean;
  setRaw(mode: boolean, options?: Deno.SetRawOptions): void;
}

/**
 * Writes to stdout and stderr in the order in which it was asked to, so that both read right on
 * one screen; without blocking the program, and with what is queued joined into few writes.
 */
export class WriteQueue {
  readonly #encoder = new TextEncoder();
  /** What is to be written, in order; what goes to one stream in a row is one text. */
  #entries: { readonly stream: SystemOutput; text: string }[] = [];
  #length = 0;
  #writing: Promise<void> | undefined;

  add(stream: SystemOutput, text: SafeText): void {
    const last = this.#entries.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#entries.push({ stream, text });
    this.#length += text.length;
    this.#writing ??= this.#writeAll();
  }

  async ready(): Promise<void> {
    if (this.#length > HIGH_WATER) await this.#writing;
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Lets everything that is printed in one turn of the event loop go out in one write.
    await Promise.resolve();
    while (this.#entries.length > 0) {
      const entries = this.#entries;
      this.#entries = [];
      this.#length = 0;
      for (const { stream, text } of entries) await stream.writeNow(this.#encoder.encode(text));
    }
    this.#writing = undefined;
  }
}

/** stdout or stderr of the process. */
export class SystemOutput implements OutputStream {
  readonly isTerminal: boolean;
  readonly closed: Promise<void>;
  readonly #writer: Writer;
  readonly #queue: WriteQueue;
  #broken = false;
  #reportClosed: () => void = () => {};

  constructor(writer: Writer, queue: WriteQueue) {
    this.#writer = writer;
    this.#queue = queue;
    this.isTerminal = writer.isTerminal();
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

  /** Hands bytes to the system; called by the queue only. */
  async writeNow(bytes: Uint8Array): Promise<void> {
    if (this.#broken) return;
    try {
      for (let left = bytes; left.length > 0;) {
        left = left.subarray(await this.#writer.write(left));
      }
    } catch {
      // The reader is gone (a closed pipe, a terminal that was hung up): nothing can be said to it.
      this.#broken = true;
      this.#reportClosed();
    }
  }
}

/** stdin with one pending read at most, which outlives an aborted call. */
export class SystemInput implements InputStream {
  readonly isTerminal: boolean;
  readonly #reader: Reader;
  #pending: Promise<Uint8Array | null> | undefined;
  #raw = false;

  constructor(reader: Reader) {
    this.#reader = reader;
    this.isTerminal = reader.isTerminal();
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    signal?.throwIfAborted();
    this.#pending ??= this.#readOnce();
    const pending = this.#pending;
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => abort = () => reject(signal?.reason));
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const bytes = await Promise.race([pending, aborted]);
      this.#pending = undefined;
      return bytes;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  setRaw(raw: boolean): void {
    if (!this.isTerminal || raw === this.#raw) return;
    this.#raw = raw;
    this.applyMode();
  }

  /** Sets the terminal's mode again, as is needed after the shell had it (Ctrl-Z and `fg`). */
  applyMode(): void {
    try {
      if (this.isTerminal) this.#reader.setRaw(this.#raw, { cbreak: this.#raw });
    } catch {
      // The terminal was hung up; there is no mode left to set.
    }
  }

  async #readOnce(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      const count = await this.#reader.read(buffer);
      return count === null ? null : buffer.subarray(0, count);
    } catch {
      // A terminal that was hung up reads as an error; to a reader that is the end of input.
      return null;
    }
  }
}

/** The process's own terminal. */
export function systemTerminal(): Terminal {
  const queue = new WriteQueue();
  const stdin = new SystemInput(Deno.stdin);
  if (stdin.isTerminal && Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGCONT", () => stdin.applyMode());
  }
  return {
    stdin,
    stdout: new SystemOutput(Deno.stdout, queue),
    stderr: new SystemOutput(Deno.stderr, queue),
    size: systemSize,
    onResize(listener) {
      if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
      Deno.addSignalListener("SIGWINCH", listener);
      return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGWINCH", listener) };
    },
  };
}

function systemSize(): Size {
  try {
    const { columns, rows } = Deno.consoleSize();
    if (columns > 0 && rows > 0) return { columns, rows };
  } catch {
    // No terminal.
  }
  return { columns: 80, rows: 24 };
}
