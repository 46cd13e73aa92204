import type { Clock } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";
import type { Entry } from "./entry.ts";
import { joinBytes } from "./lines.ts";
import { writeRecord } from "./record.ts";
import { openRecordingFile, reasonOf } from "./recording_file.ts";
import { sha256 } from "./sha256.ts";
import { describeFault, type Verdict, verifyRecording } from "./verify.ts";

const LINE_END = new TextEncoder().encode("\n");

/** The part of a file that is recorded into; a test brings one that fails. */
export type AppendFile = Pick<
  Deno.FsFile,
  "writeSync" | "truncateSync" | "syncSync" | "statSync" | "close"
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
  /** What the file lacks before the next line can be written. */
  #mending: readonly Entry[];
  #lineEnd: readonly Uint8Array[];

  constructor(options: RecordingOptions) {
    const { path, file, verdict: { seq, sha256, torn, isEnded } } = options;
    this.path = path;
    this.failed = new Promise((resolve) => this.#reportFailure = resolve);
    this.#options = options;
    this.#seq = seq;
    this.#sha256 = sha256;
    this.#size = file.statSync().size;
    this.#mending = torn === undefined ? [] : [{ type: "torn", ...torn }];
    this.#lineEnd = isEnded ? [] : [LINE_END];
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
   * Appends lines, all of them or, where that fails, none. Never throws.
   *
   * @returns the number of the last line
   */
  append(entries: readonly Entry[]): number {
    if (this.#hasFailed || entries.length === 0) return this.#seq;
    const time = new Date(this.#options.clock.now()).toISOString();
    let [seq, prev] = [this.#seq, this.#sha256];
    const parts = [...this.#lineEnd];
    for (const entry of [...this.#mending, ...entries]) {
      const line = writeRecord(entry, { seq: ++seq, time, prev });
      prev = sha256(line);
      parts.push(line, LINE_END);
    }
    if (!this.#attempt(() => this.#write(joinBytes(parts)))) return this.#seq;
    this.#mending = [];
    this.#lineEnd = [];
    this.#sha256 = prev;
    return this.#seq = seq;
  }

  /** Has the system put everything on the disk. Never throws. */
  sync(): void {
    if (!this.#hasFailed) this.#attempt(() => this.#options.file.syncSync());
  }

  /** Closes the file, and removes it where it was made for this and got no line. */
  [Symbol.dispose](): void {
    const { file, isNew, path } = this.#options;
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
      this.#reportFailure(reasonOf(error));
      return false;
    }
  }

  #write(bytes: Uint8Array): void {
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
