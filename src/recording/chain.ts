import { type ByteSource, type Line, readLines } from "./lines.ts";
import { beginsRecord, GENESIS, readRecord, type RecordLine } from "./record.ts";
import { sha256 } from "./sha256.ts";

/** What is wrong with a line of a recording. */
export type Fault =
  /** The file is no recording; told of its first line. */
  | { readonly kind: "foreign" }
  /** The line, or what the line after it keeps of it, is not what was written. */
  | { readonly kind: "changed" }
  /** The lines that are due before this one do not stand there. */
  | { readonly kind: "missing"; readonly from: number; readonly to: number }
  /** The line belongs further up, or stands there as well. */
  | { readonly kind: "misplaced"; readonly seq: number }
  /** The last line is cut off. */
  | { readonly kind: "torn" };

/** A line of a recording, checked against its neighbours. */
export interface CheckedLine extends Line {
  readonly sha256: string;
  /** Undefined where the line is none of a recording. */
  readonly record: RecordLine | undefined;
  readonly fault: Fault | undefined;
  /** Whether it was cut off, and the line after it says so. */
  readonly isMarkedTorn: boolean;
}

/**
 * Reads a recording and checks its chain, one line ahead. After a fault the check goes on from
 * there, so that each one is told once.
 */
export async function* readChain(source: ByteSource): AsyncGenerator<CheckedLine> {
  const check = new ChainCheck();
  let line: ReadLine | undefined;
  for await (const next of readLines(source)) {
    const ahead = readLine(next);
    if (line !== undefined) yield check.check(line, ahead);
    line = ahead;
  }
  if (line !== undefined) yield check.check(line, undefined);
}

interface ReadLine extends Line {
  readonly sha256: string;
  readonly record: RecordLine | undefined;
}

function readLine(line: Line): ReadLine {
  return { ...line, sha256: sha256(line.bytes), record: readRecord(line.bytes) };
}

/** What the lines so far let one expect of the next one. */
class ChainCheck {
  /** Number of the line that is due. */
  #due = 1;
  /** What it has to be chained to; undefined after a line that was changed. */
  #hash: string | undefined = GENESIS;
  /** Whether the line before is none of a recording: it may stand in the place of the one due. */
  #isAfterForeign = false;

  check(line: ReadLine, next: ReadLine | undefined): CheckedLine {
    if (isMarkedTorn(line, next)) return { ...line, fault: undefined, isMarkedTorn: true };
    const fault = line.record === undefined
      ? this.#checkForeign(line, next)
      : this.#checkRecord(line.record, line.sha256, next?.record);
    return { ...line, fault, isMarkedTorn: false };
  }

  #checkForeign({ number, bytes, isEnded }: ReadLine, next: ReadLine | undefined): Fault {
    const looksForeign = number === 1 && !beginsRecord(bytes);
    if (looksForeign && next?.record === undefined) return { kind: "foreign" };
    if (!isEnded) return { kind: "torn" };
    this.#isAfterForeign = true;
    return { kind: "changed" };
  }

  #checkRecord(
    { seq, prev }: RecordLine,
    hash: string,
    next: RecordLine | undefined,
  ): Fault | undefined {
    const due = this.#due;
    const isChained = prev === this.#hash;
    if (!isChained && seq < due) return { kind: "misplaced", seq };
    const unproven = this.#isAfterForeign ? due + 1 : due;
    const isDenied = next?.seq === seq + 1 && next.prev !== hash;
    let fault: Fault | undefined;
    if (!isChained && seq > unproven) fault = { kind: "missing", from: unproven, to: seq - 1 };
    else if (isDenied || (isChained ? seq !== due : seq === due && this.#hash !== undefined)) {
      fault = { kind: "changed" };
    }
    this.#isAfterForeign = false;
    this.#due = (isChained ? due : seq) + 1;
    // The line after a changed one cannot be chained to it; that is told once.
    this.#hash = isDenied || fault?.kind === "changed" ? undefined : hash;
    return fault;
  }
}

/** Whether a line is cut off, and the next one says so: as long as this one, and the same bytes. */
function isMarkedTorn(line: ReadLine, next: ReadLine | undefined): boolean {
  const { type, entry } = next?.record ?? {};
  return line.record === undefined && type === "torn" &&
    entry?.["bytes"] === line.bytes.length && entry["sha256"] === line.sha256;
}
