import { safeText } from "../render/safe_text.ts";
import { BackgroundQueue, BlockingQueue, SystemOutput } from "./system_output.ts";
import type { InputStream, Size, Terminal } from "./terminal.ts";

interface Reader {
  read(buffer: Uint8Array): Promise<number | null>;
  isTerminal(): boolean;
  setRaw(mode: boolean, options?: Deno.SetRawOptions): void;
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
  // Of each kind there is one, so that what both streams print reads right on one screen.
  const queues = { terminal: new BackgroundQueue(), other: new BlockingQueue() };
  const stdin = new SystemInput(Deno.stdin);
  const stdout = new SystemOutput(Deno.stdout, queues);
  const stderr = new SystemOutput(Deno.stderr, queues);
  const resumed = new Set<() => void>();
  let marksPastes = false;

  function writePasteMode(on: boolean): void {
    const output = [stdout, stderr].find((stream) => stream.isTerminal);
    output?.write(on ? safeText`\x1b[?2004h` : safeText`\x1b[?2004l`);
  }

  /** Takes the terminal again, which the shell has had. */
  function resume(): void {
    stdin.applyMode();
    if (marksPastes) writePasteMode(true);
    for (const listener of resumed) listener();
  }

  if (stdin.isTerminal && Deno.build.os !== "windows") {
    // Ctrl-Z itself is left to the kernel, which alone knows whether a shell could wake the program.
    Deno.addSignalListener("SIGCONT", resume);
  }
  return {
    stdin,
    stdout,
    stderr,
    size: systemSize,
    onResize(listener) {
      if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
      Deno.addSignalListener("SIGWINCH", listener);
      return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGWINCH", listener) };
    },
    onResume(listener) {
      resumed.add(listener);
      return { [Symbol.dispose]: () => void resumed.delete(listener) };
    },
    setBracketedPaste(on) {
      if (on !== marksPastes) writePasteMode(on);
      marksPastes = on;
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
