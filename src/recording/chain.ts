import { createHash, type Hash } from "node:crypto";
import { hashOfBytes } from "./hashes.ts";
import { type ByteSource, type Line, readLines } from "./lines.ts";
import { beginsRecord, GENESIS, readRecord, type RecordLine } from "./record.ts";

/** What is wrong with a piece of a recording. */
export type Fault =
  /** The file is no recording; told of its first line. */
  | { readonly kind: "foreign" }
  /** The line, or what the line after it keeps of it, is not what was written. */
  | { readonly kind: "changed" }
  /** The lines that are due before this one do not stand there. */
  | { readonly kind: "missing"; readonly from: number; readonly to: number }
  /** The line belongs further up, or stands there as well. */
  | { readonly kind: "misplaced"; readonly seq: number }
  /** The file is cut off in this line; no whole one follows. */
  | { readonly kind: "torn" };

/**
 * A line of a recording; or what stands between two of them and is none, which may be several lines:
 * of a line that was cut off, and of the one that was to say so.
 */
export interface Piece {
  /** Number of its first line in the file, from 1. */
  readonly number: number;
  readonly lines: number;
  /** Bytes up to the last line's end. */
  readonly size: number;
  /** SHA-256 of these bytes. */
  readonly sha256: string;
  /** Whether its last line has an end. */
  readonly isEnded: boolean;
  /** Undefined where it is no line of a recording. */
  readonly record: RecordLine | undefined;
}

/** A piece of a recording, checked against its neighbours. */
export interface CheckedPiece extends Piece {
  readonly fault: Fault | undefined;
  /** Whether it was cut off, and the line after it says so. */
  readonly isMarkedTorn: boolean;
}

/**
 * Reads a recording and checks its chain, one piece ahead. After a fault the check goes on from
 * there, so that each one is told once; of a file that is no recording little is read.
 */
export async function* readChain(source: ByteSource): AsyncGenerator<CheckedPiece> {
  const check = new ChainCheck();
  let piece: ReadPiece | undefined;
  for await (const next of readPieces(source)) {
    if (piece !== undefined) yield check.check(piece, next);
    piece = next;
  }
  if (piece !== undefined) yield check.check(piece, undefined);
}

interface ReadPiece extends Piece {
  /** Whether each of its lines begins as those of a recording do. */
  readonly beginsRecords: boolean;
}

async function* readPieces(source: ByteSource): AsyncGenerator<ReadPiece> {
  let scrap: Scrap | undefined;
  for await (const line of readLines(source)) {
    const { number, bytes, isEnded } = line;
    const record = readRecord(bytes);
    if (record === undefined) {
      scrap ??= new Scrap(number);
      scrap.add(line);
      // Two such lines at the start: this is something else, maybe large.
      if (scrap.number === 1 && number === 2 && !scrap.beginsRecords) break;
      continue;
    }
    if (scrap !== undefined) yield scrap.piece();
    scrap = undefined;
    const [size, hash] = [bytes.length, hashOfBytes(bytes)];
    yield { number, lines: 1, size, sha256: hash, isEnded, record, beginsRecords: true };
  }
  if (scrap !== undefined) yield scrap.piece();
}

/** Lines next to one another that are none of a recording. */
class Scrap {
  /** Of its first line. */
  readonly number: number;
  beginsRecords = true;
  readonly #hash: Hash = createHash("sha256");
  #lines = 0;
  #size = 0;
  #isEnded = true;

  constructor(number: number) {
    this.number = number;
  }

  add({ bytes, isEnded }: Line): void {
    if (this.#lines++ > 0) this.#keep(LINE_FEED);
    this.#keep(bytes);
    this.#isEnded = isEnded;
    this.beginsRecords &&= beginsRecord(bytes);
  }

  /** All of it; nothing can be added afterwards. */
  piece(): ReadPiece {
    return {
      number: this.number,
      lines: this.#lines,
      size: this.#size,
      sha256: this.#hash.digest("hex"),
      isEnded: this.#isEnded,
      record: undefined,
      beginsRecords: this.beginsRecords,
    };
  }

  #keep(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }
}

const LINE_FEED = new Uint8Array([10]);

/** What the pieces so far let one expect of the next one. */
class ChainCheck {
  /** Number of the line that is due. */
  #due = 1;
  /** What it has to be chained to; undefined after a line that was changed. */
  #hash: string | undefined = GENESIS;
  /** How many lines before are none of a recording: they may stand in the place of those due. */
  #unread = 0;

  check(piece: ReadPiece, next: ReadPiece | undefined): CheckedPiece {
    if (isMarkedTorn(piece, next)) return { ...piece, fault: undefined, isMarkedTorn: true };
    const fault = piece.record === undefined
      ? this.#checkScrap(piece, next)
      : this.#checkRecord(piece.record, piece.sha256, next?.record);
    return { ...piece, fault, isMarkedTorn: false };
  }

  #checkScrap({ number, lines, isEnded, beginsRecords }: ReadPiece, next?: Piece): Fault {
    if (next === undefined) {
      // A line end behind what was cut off is all that there was time for, to say so.
      if (beginsRecords || (number > 1 && !isEnded)) return { kind: "torn" };
      if (number === 1) return { kind: "foreign" };
    }
    this.#unread = lines;
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
    const unproven = due + this.#unread;
    const isDenied = next?.seq === seq + 1 && next.prev !== hash;
    let fault: Fault | undefined;
    if (!isChained && seq > unproven) fault = { kind: "missing", from: unproven, to: seq - 1 };
    else if (isDenied || (isChained ? seq !== due : seq === due && this.#hash !== undefined)) {
      fault = { kind: "changed" };
    }
    this.#unread = 0;
    this.#due = (isChained ? due : seq) + 1;
    // The line after a changed one cannot be chained to it; that is told once.
    this.#hash = isDenied || fault?.kind === "changed" ? undefined : hash;
    return fault;
  }
}

/** Whether a piece is cut off, and the next line says so: as long as this piece, and the same bytes. */
function isMarkedTorn({ record, size, sha256 }: Piece, next: Piece | undefined): boolean {
  const { type, entry } = next?.record ?? {};
  return record === undefined && type === "torn" && entry?.["bytes"] === size &&
    entry["sha256"] === sha256;
}
