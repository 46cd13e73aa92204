import type { SafeText } from "../render/safe_text.ts";

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** stdout or stderr. What is written has passed the sanitizer, which its type shows. */
export interface OutputStream {
  readonly isTerminal: boolean;
  /** Queues text in order. Never throws; when it is {@link closed} it does nothing. */
  write(text: SafeText): void;
  /** Settles when little enough is queued that a fast producer may go on. */
  ready(): Promise<void>;
  /** Settles when everything that was queued is written, or the reader is gone. */
  flush(): Promise<void>;
  /** Settles when nothing is written any more: the reader has gone away, or by {@link failure}. */
  readonly closed: Promise<void>;
  /** What the system said when it could not write, as on a full disk; undefined while it can. */
  readonly failure: unknown;
}

/** stdin. It has one reader at a time. */
export interface InputStream {
  readonly isTerminal: boolean;
  /**
   * Reads what there is next, or null at the end of input.
   *
   * A read that is aborted loses nothing: what arrives goes to the next read.
   *
   * @throws {unknown} the signal's reason
   */
  read(signal?: AbortSignal): Promise<Uint8Array | null>;
  /** Switches the terminal's raw mode (with the kernel's own Ctrl-C and Ctrl-Z kept). */
  setRaw(raw: boolean): void;
}

/** The person's terminal, or the pipes in its place. */
export interface Terminal {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Size of the terminal; 80 × 24 where there is none. */
  size(): Size;
  /** Calls back after each change of size, until disposed of. */
  onResize(listener: () => void): Disposable;
  /**
   * Calls back when the program goes on after it was stopped (Ctrl-Z and `fg`), until disposed of:
   * others may have drawn on the screen since.
   */
  onResume(listener: () => void): Disposable;
  /** Has the terminal mark what is pasted, or no longer; also again after the program was stopped. */
  setBracketedPaste(on: boolean): void;
}
