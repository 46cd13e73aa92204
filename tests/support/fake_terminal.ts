import type { SafeText } from "../../src/render/safe_text.ts";
import type { InputStream, OutputStream, Size, Terminal } from "../../src/term/terminal.ts";
import { Transcript } from "./transcript.ts";

/** stdout or stderr that keeps what is written, and whose text can be awaited. */
export class FakeOutput extends Transcript implements OutputStream {
  readonly isTerminal: boolean;
  readonly closed: Promise<void>;
  readonly failure = undefined;
  readonly #reportClosed: () => void;
  #open = true;

  constructor(name: string, isTerminal: boolean) {
    super(name);
    this.isTerminal = isTerminal;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#reportClosed = resolve;
  }

  write(text: SafeText): void {
    if (this.#open) this.append(text);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes the reader away, as a closed pipe does. */
  close(): void {
    this.#open = false;
    this.#reportClosed();
  }
}

/** stdin that a test types into. */
export class FakeInput implements InputStream {
  readonly isTerminal: boolean;
  /** Whether raw mode is on. */
  raw = false;
  readonly #encoder = new TextEncoder();
  readonly #chunks: (Uint8Array | null)[] = [];
  #wake: (() => void) | undefined;

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  /** Makes each text one chunk of input. */
  type(...texts: (string | Uint8Array)[]): void {
    for (const text of texts) {
      this.#chunks.push(typeof text === "string" ? this.#encoder.encode(text) : text);
    }
    this.#wake?.();
  }

  /** Settles when what was typed was read, and what follows from it at once was done. */
  async taken(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve)); while (this.#chunks.length > 0);
  }

  /** Ends the input: what was typed is read first. */
  end(): void {
    this.#chunks.push(null);
    this.#wake?.();
  }

  async read(signal?: AbortSignal): Promise<Uint8Array | null> {
    signal?.throwIfAborted();
    if (this.#wake !== undefined) throw new Error("Cannot read stdin: something else reads it");
    while (this.#chunks.length === 0) await this.#more(signal);
    // The end stays: reading on finds it again.
    return (this.#chunks[0] === null ? null : this.#chunks.shift()) ?? null;
  }

  setRaw(raw: boolean): void {
    if (this.isTerminal) this.raw = raw;
  }

  async #more(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#wake = resolve;
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      signal?.removeEventListener("abort", abort);
    }
  }
}

/** A terminal, or the pipes in its place, that a test reads and types into. */
export class FakeTerminal implements Terminal {
  readonly stdin: FakeInput;
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** Whether pastes are to be marked. */
  bracketedPaste = false;
  readonly #listeners = new Set<() => void>();
  readonly #resumed = new Set<() => void>();
  #size: Size;

  /** @param options what is a terminal: all three streams, none, or as named */
  constructor(options: FakeTerminalOptions = {}) {
    const { terminal = false, stdin = terminal, stdout = terminal, stderr = terminal } = options;
    this.stdin = new FakeInput(stdin);
    this.stdout = new FakeOutput("stdout", stdout);
    this.stderr = new FakeOutput("stderr", stderr);
    this.#size = { columns: options.columns ?? 80, rows: options.rows ?? 24 };
  }

  size(): Size {
    return this.#size;
  }

  /** Gives the terminal a new size and tells everybody who listens. */
  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    for (const listener of this.#listeners) listener();
  }

  onResize(listener: () => void): Disposable {
    return subscribe(this.#listeners, listener);
  }

  /** Has everybody who listens know that the program was stopped and goes on. */
  resume(): void {
    for (const listener of this.#resumed) listener();
  }

  onResume(listener: () => void): Disposable {
    return subscribe(this.#resumed, listener);
  }

  setBracketedPaste(on: boolean): void {
    this.bracketedPaste = on;
  }
}

function subscribe(listeners: Set<() => void>, listener: () => void): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}

export interface FakeTerminalOptions {
  /** Whether all streams are a terminal's; false unless given. */
  readonly terminal?: boolean;
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}
