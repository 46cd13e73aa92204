import { type CheckedPiece, type Fault, readChain } from "./chain.ts";
import type { ByteSource } from "./lines.ts";
import { GENESIS } from "./record.ts";

/** What there is to know of a whole recording. */
export interface Verdict {
  /** Lines of the file. */
  readonly lines: number;
  /** Number that the last line has in the chain, and its SHA-256. */
  readonly seq: number;
  readonly sha256: string;
  /** The first thing that is wrong. */
  readonly fault: LineFault | undefined;
  /** Lines that were cut off, with a line after them that says so. */
  readonly markedTorn: number;
  /** What stands behind the last whole line, where that is cut off. */
  readonly torn: { readonly bytes: number; readonly sha256: string } | undefined;
  /** Whether the file ends in a line end, or is empty. */
  readonly isEnded: boolean;
  /** Whether the last conversation's end is in it. */
  readonly isComplete: boolean;
}

/** A fault, and where it is. */
export type LineFault = Fault & { readonly line: number };

/** Reads a recording from its start to its end, and checks its chain. */
export async function verifyRecording(source: ByteSource): Promise<Verdict> {
  let [lines, seq, sha256, markedTorn, isComplete] = [0, 0, GENESIS, 0, false];
  let fault: LineFault | undefined;
  let last: CheckedPiece | undefined;
  for await (const piece of readChain(source)) {
    last = piece;
    lines += piece.lines;
    if (piece.record !== undefined) {
      seq = piece.record.seq;
      sha256 = piece.sha256;
      isComplete = piece.record.type === "final";
    }
    if (piece.isMarkedTorn) markedTorn += piece.lines;
    if (piece.fault !== undefined) {
      fault = firstFault(fault, { ...piece.fault, line: piece.number });
    }
  }
  return {
    lines,
    seq,
    sha256,
    markedTorn,
    isComplete,
    fault,
    torn: last?.fault?.kind === "torn" ? { bytes: last.size, sha256: last.sha256 } : undefined,
    isEnded: last?.isEnded ?? true,
  };
}

/** Lines that are missing, and stand further down, are no loss: they were put there. */
function firstFault(first: LineFault | undefined, fault: LineFault): LineFault {
  const isFound = first?.kind === "missing" && fault.kind === "misplaced" &&
    fault.seq >= first.from && fault.seq <= first.to;
  return isFound ? fault : first ?? fault;
}

/** What is wrong, and in which line, in one line of words. */
export function describeFault(fault: LineFault): string {
  const line = `Line ${fault.line}`;
  switch (fault.kind) {
    case "foreign":
      return "This is no recording";
    case "changed":
      return `${line} was changed, or what the next line keeps of it`;
    case "missing": {
      const { from, to } = fault;
      return from === to
        ? `${line} is not number ${from}, which is missing`
        : `${line} is not number ${from}: ${to - from + 1} lines up to number ${to} are missing`;
    }
    case "misplaced":
      return `${line} is out of place: it is number ${fault.seq}`;
    case "torn":
      return `${line} is cut off, and no whole one follows`;
  }
}
