/** No line that this program writes is longer: the largest frame, with each character escaped. */
const LONGEST = 256 * 1024 * 1024;

const LINE_FEED = 10;

/** One line of a file. */
export interface Line {
  /** Counts from 1. */
  readonly number: number;
  /** Without the line's end; only the first part of a line that is longer than any of ours. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False for the last line of a file that does not end in one. */
  readonly isEnded: boolean;
}

/** What lines are read from. */
export interface ByteSource {
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Splits a file into lines. */
export async function* readLines(
  source: ByteSource,
  { longest = LONGEST, chunk = 256 * 1024 } = {},
): AsyncGenerator<Line> {
  const buffer = new Uint8Array(chunk);
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let number = 0;
  const keep = (part: Uint8Array<ArrayBuffer>) => {
    const kept = part.slice(0, longest - length);
    length += kept.length;
    if (kept.length > 0) parts.push(kept);
  };
  const take = (isEnded: boolean): Line => {
    const [first = new Uint8Array()] = parts;
    const bytes = parts.length > 1 ? joinBytes(parts) : first;
    parts = [];
    length = 0;
    return { number: ++number, bytes, isEnded };
  };
  for (let count; (count = await source.read(buffer)) !== null;) {
    let rest = buffer.subarray(0, count);
    for (let end; (end = rest.indexOf(LINE_FEED)) !== -1; rest = rest.subarray(end + 1)) {
      keep(rest.subarray(0, end));
      yield take(true);
    }
    keep(rest);
  }
  if (length > 0) yield take(false);
}

/** Puts bytes one behind the other. */
function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
