import type { SafeText } from "../render/safe_text.ts";
import type { InputStream, OutputStream, Size, Terminal } from "./terminal.ts";

/** With more than this queued, a producer is asked to wait. */
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

/** Writes in order without blocking the program, joining what is queued into few writes. */
export class SystemOutput implements OutputStream {
  readonly isTerminal: boolean;
  readonly closed: Promise<void>;
  readonly #writer: Writer;
  readonly #encoder = new TextEncoder();
  #queue: string[] = [];
  #queued = 0;
  #writing: Promise<void> | undefined;
  #broken = false;
  #reportClosed: () => void = () => {};

  constructor(writer: Writer) {
    this.#writer = writer;
    this.isTerminal = writer.isTerminal();
    this.closed = new Promise((resolve) => this.#reportClosed = resolve);
  }

  write(text: SafeText): void {
    if (this.#broken || text === "") return;
    this.#queue.push(text);
    this.#queued += text.length;
    this.#writing ??= this.#writeQueued();
  }

  async ready(): Promise<void> {
    if (this.#queued > HIGH_WATER) await this.#writing;
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async #writeQueued(): Promise<void> {
    // Lets everything that is printed in one turn of the event loop go out in one write.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        let bytes = this.#encoder.encode(this.#queue.join(""));
        this.#queue = [];
        this.#queued = 0;
        while (bytes.length > 0) bytes = bytes.subarray(await this.#writer.write(bytes));
      }
    } catch {
      // The reader is gone (a closed pipe, a terminal that was hung up): nothing can be said to it.
      this.#broken = true;
      this.#queue = [];
      this.#queued = 0;
      this.#reportClosed();
    }
    this.#writing = undefined;
  }
}

/** stdin with one pending read at most, which outlives an aborted call. */
export class SystemInput implements InputStream {
  readonly isTerminal: boolean;
  readonly #reader: Reader;
  #pending: Promise<Uint8Array | null> | undefined;

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
    if (this.isTerminal) this.#reader.setRaw(raw, { cbreak: raw });
  }

  async #readOnce(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.#reader.read(buffer);
    return count === null ? null : buffer.subarray(0, count);
  }
}

/** The process's own terminal. */
export function systemTerminal(): Terminal {
  return {
    stdin: new SystemInput(Deno.stdin),
    stdout: new SystemOutput(Deno.stdout),
    stderr: new SystemOutput(Deno.stderr),
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
