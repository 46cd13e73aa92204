import type { Clock } from "../app/deps.ts";
import { describeFileFailure, usageError } from "../app/errors.ts";
import type { Entry } from "./entry.ts";
import { hashOfBytes } from "./hashes.ts";
import { LineBuffer } from "./line_buffer.ts";
import { writeRecord } from "./record.ts";
import { openRecordingFile } from "./recording_file.ts";
import { describeFault, type Verdict, verifyRecording } from "./verify.ts";

/** Bytes that go to the system in one piece, or a little more. */
const WRITTEN_AT_ONCE = 256 * 1024;

/** The part of a file that is recorded into; a test brings one that fails. */
export type AppendFile = Pick<
  Deno.FsFile,
  "writeSync" | "truncateSync" | "syncSync" | "statSync" | "unlockSync" | "close"
>;

/**
 * Opens a recording, to be continued where there is one already. Nothing is written before the
 * first line.
 *
 * @throws {CliError} (exit 4) when that is impossible, when the file is no recording, or when its
 * chain is broken; what was there before is unchanged
 */
export async function openRecording(path: string, clock: Clock): Promise<Recording> {
  const { file, isNew } = await openRecordingFile(path);
  try {
    const verdict = await verifyRecording(file);
    const { fault } = verdict;
    if (fault?.kind === "foreign") {
      throw usageError(
        `Refusing to record to "${path}": it exists, and is no recording`,
        "Name a file that does not exist yet, or a recording to continue",
      );
    }
    if (fault !== undefined && fault.kind !== "torn") {
      throw usageError(
        `Refusing to continue the recording "${path}": ${describeFault(fault)}`,
        "Name another file, and look at this one with limacharlie ai replay --verify",
      );
    }
    return new Recording({ path, file, clock, isNew, verdict });
  } catch (error) {
    file.close();
    throw error;
  }
}

export interface RecordingOptions {
  readonly path: string;
  readonly file: AppendFile;
  readonly clock: Clock;
  /** Whether the file was made for this. */
  readonly isNew: boolean;
  /** What the file holds. */
  readonly verdict: Verdict;
}

/**
 * A recording that is written to. A line is with the system when {@linkcode append} returns, so
 * that it outlives the process; with the disk it is after {@linkcode sync}.
 */
export class Recording implements Disposable {
  readonly path: string;
  /** Settles with the reason when a line could not be written. Nothing is recorded from then on. */
  readonly failed: Promise<string>;
  readonly #options: RecordingOptions;
  #reportFailure: (reason: string) => void = () => {};
  #hasFailed = false;
  #seq: number;
  #sha256: string;
  /** Bytes that the file has to have. */
  #size: number;
  readonly #buffer = new LineBuffer();
  /** Whether the file ends in a line end. */
  #isEnded: boolean;
  /** What has to stand before the next line. */
  #mending: readonly Entry[];

  constructor(options: RecordingOptions) {
    const { path, file, verdict: { seq, sha256, torn, isEnded } } = options;
    this.path = path;
    this.failed = new Promise((resolve) => this.#reportFailure = resolve);
    this.#options = options;
    this.#seq = seq;
    this.#sha256 = sha256;
    this.#size = file.statSync().size;
    this.#mending = torn === undefined ? [] : [{ type: "torn", ...torn }];
    this.#isEnded = isEnded;
  }

  /** Whether a line could not be written. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Number of the last line. */
  get seq(): number {
    return this.#seq;
  }

  /** SHA-256 of the last line. Who keeps it elsewhere can prove that no line was replaced. */
  get sha256(): string {
    return this.#sha256;
  }

  /**
   * Appends lines; where that fails, as many as can be. Never throws.
   *
   * @returns the number of the last line
   */
  append(entries: readonly Entry[]): number {
    if (this.#hasFailed || entries.length === 0) return this.#seq;
    const time = new Date(this.#options.clock.now()).toISOString();
    let [seq, prev] = [this.#seq, this.#sha256];
    this.#buffer.clear();
    if (!this.#isEnded) this.#buffer.add("");
    for (const entry of this.#mending.concat(entries)) {
      prev = hashOfBytes(this.#buffer.add(writeRecord(entry, { seq: ++seq, time, prev })));
      if (this.#buffer.bytes.length < WRITTEN_AT_ONCE) continue;
      this.#flush(seq, prev);
      if (this.#hasFailed) return this.#seq;
    }
    this.#flush(seq, prev);
    return this.#seq;
  }

  /** Has the system put everything on the disk. Never throws. */
  sync(): void {
    if (!this.#hasFailed) this.#attempt(() => this.#options.file.syncSync());
  }

  /** Closes the file, and removes it where it was made for this and got no line. */
  [Symbol.dispose](): void {
    const { file, isNew, path } = this.#options;
    // Closing alone leaves the lock to a process that is being started at this moment.
    file.unlockSync();
    file.close();
    if (!isNew || this.#seq > 0) return;
    try {
      Deno.removeSync(path);
    } catch { /* Somebody else has removed it. */ }
  }

  #attempt(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      this.#hasFailed = true;
      this.#reportFailure(describeFileFailure(error));
      return false;
    }
  }

  /** Writes what is in the buffer, up to that line. */
  #flush(seq: number, sha256: string): void {
    if (!this.#attempt(() => this.#write(this.#buffer.bytes))) return;
    this.#buffer.clear();
    this.#mending = [];
    this.#isEnded = true;
    this.#seq = seq;
    this.#sha256 = sha256;
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { file } = this.#options;
    const { size, nlink } = file.statSync();
    if (nlink === 0) throw new Error("It was removed or replaced");
    if (size !== this.#size) throw new Error("Somebody else has changed it");
    try {
      for (let left = bytes; left.length > 0;) left = left.subarray(file.writeSync(left));
    } catch (error) {
      // Half a line must not stay behind; where it does, the next one to continue will find it.
      try {
        file.truncateSync(size);
      } catch { /* The first error says why. */ }
      throw error;
    }
    this.#size += bytes.length;
  }
}
