import { identityOf, timeOf } from "../protocol/frame_identity.ts";
import { type Frame, historyOf, toFrame } from "../protocol/frames.ts";

/**
 * As many of the last frames are recognised. What was delivered is aligned with a history at its
 * end, so they need only be enough for the history to have some of them; and aligning takes time by
 * the square of their number.
 */
const FRAMES = 512;
/** Characters of text after which fewer frames have to do. */
const CHARACTERS = 4 * 1024 * 1024;
/** Timestamps may be out of order by so much, where several machines write them. */
export const DISORDER_MILLISECONDS = 60_000;
/** So many frames in a row are old before what stands before them is taken for old, too. */
const OLD_IN_A_ROW = 64;

/** The last frames that were delivered, as they are to be recognised. */
export interface Recent {
  /** The oldest first. */
  readonly identities: readonly string[];
  /** Of the timestamps, in unix milliseconds; undefined where no frame has one. */
  readonly earliest: number | undefined;
  readonly latest: number | undefined;
}

/**
 * Remembers the last frames of a stream, so that they are recognised when the server sends them
 * again. While the stream flows that costs no more than keeping each frame's text; the texts are
 * read again when a link was lost, which is seldom. Memory is bounded: there are two generations,
 * and when the newer one is full, the older one is forgotten.
 */
export class DeliveredFrames {
  #older: string[] = [];
  #newer: string[] = [];
  #characters = 0;
  #recent: Recent | undefined;

  /** Whether nothing was delivered yet. */
  get isEmpty(): boolean {
    return this.#newer.length === 0 && this.#older.length === 0;
  }

  /** @param text a frame's JSON text; a `history` frame stands for its messages */
  add(text: string): void {
    this.#recent = undefined;
    this.#newer.push(text);
    this.#characters += text.length;
    if (this.#newer.length < FRAMES && this.#characters < CHARACTERS) return;
    this.#older = this.#newer;
    this.#newer = [];
    this.#characters = 0;
  }

  get recent(): Recent {
    return this.#recent ??= read([...this.#older, ...this.#newer]);
  }
}

function read(texts: readonly string[]): Recent {
  const frames = texts.flatMap((text): Frame[] => {
    const frame = toFrame(JSON.parse(text));
    if (frame === undefined) return [];
    return frame.type === "history" ? historyOf(frame.payload) : [frame];
  }).slice(-FRAMES);
  const times = frames.map(timeOf).filter((time) => time !== undefined);
  const isTimed = times.length > 0;
  return {
    identities: frames.map(identityOf),
    earliest: isTimed ? Math.min(...times) : undefined,
    latest: isTimed ? Math.max(...times) : undefined,
  };
}

/** How a history continues what was delivered. */
export interface Continuation {
  /** Indexes of its frames that come after what was delivered. */
  readonly missing: readonly number[];
  /** Whether it reaches back to what was delivered, so that nothing lies between. */
  readonly connects: boolean;
  /** Whether it has the very last frame that was delivered, and so is no older than that. */
  readonly isCurrent: boolean;
}

/**
 * Finds where a history goes on after what was delivered.
 *
 * What was delivered is the beginning of the history, in its order, but for frames that a history
 * leaves out. So the two are aligned as a diff would do it, and of several places that fit equally
 * well it is the first: of a frame that occurs twice, one was delivered if one is accounted for.
 */
export function continuationOf(recent: Recent, history: readonly Frame[]): Continuation {
  const { identities } = recent;
  if (identities.length === 0) {
    return { missing: [...history.keys()], connects: true, isCurrent: true };
  }
  const known = new Set(identities);
  const begin = indexSince(history, recent.earliest);
  const tail: string[] = [];
  const shared: number[] = [];
  for (let index = history.length; index > 0 && shared.length < 2 * FRAMES;) {
    // Times spare the rest, but do not decide: a server's clock may have been set back meanwhile.
    if (index <= begin && shared.length > 0) break;
    const frame = history[--index];
    if (frame === undefined) break;
    const identity = identityOf(frame);
    tail.push(identity);
    if (known.has(identity)) shared.push(index);
  }
  if (shared.length === 0) return continuationByTime(recent, history);
  shared.reverse();
  const identityAt = (index: number) => tail[history.length - 1 - index] ?? "";
  const end = endOfAlignment(identities, shared.map(identityAt));
  const first = (shared[end - 1] ?? -1) + 1;
  // Frames that the history has in another order than they came in are no news either: counted.
  const left = new Map<string, number>();
  for (const identity of identities) left.set(identity, (left.get(identity) ?? 0) + 1);
  const missing: number[] = [];
  for (let index = shared[0] ?? 0; index < history.length; index++) {
    const identity = identityAt(index);
    const count = left.get(identity) ?? 0;
    if (count > 0) left.set(identity, count - 1);
    else if (index >= first) missing.push(index);
  }
  const last = identities.at(-1);
  return {
    missing,
    connects: true,
    isCurrent: shared.some((index) => identityAt(index) === last),
  };
}

/** Where nothing is recognised, times have to tell: what is later than all that was delivered. */
function continuationByTime({ latest }: Recent, history: readonly Frame[]): Continuation {
  const [oldest] = history;
  if (oldest === undefined) return { missing: [], connects: true, isCurrent: false };
  if (latest === undefined) return { missing: [], connects: false, isCurrent: false };
  const begin = timeOf(oldest);
  return {
    missing: history.flatMap((frame, index) => (timeOf(frame) ?? latest) > latest ? index : []),
    connects: begin !== undefined && begin <= latest,
    isCurrent: false,
  };
}

/**
 * From where on a history can have frames of a time or later. A wrong time of a few does not matter.
 *
 * @param time unix milliseconds; undefined where all of the history can
 */
export function indexSince(history: readonly Frame[], time = -Infinity): number {
  let oldInARow = 0;
  let index = history.length;
  while (index > 0 && oldInARow < OLD_IN_A_ROW) {
    const frame = history[--index];
    const isOld = ((frame && timeOf(frame)) ?? Infinity) < time - DISORDER_MILLISECONDS;
    oldInARow = isOld ? oldInARow + 1 : 0;
  }
  return index;
}

/**
 * The shortest beginning of the second sequence that shares as much with the first as the whole
 * does: a longest common subsequence, without the sequence.
 */
function endOfAlignment(first: readonly string[], second: readonly string[]): number {
  let row = new Int32Array(second.length + 1);
  for (const item of first) {
    const next = new Int32Array(second.length + 1);
    for (let column = 1; column <= second.length; column++) {
      next[column] = second[column - 1] === item
        ? (row[column - 1] ?? 0) + 1
        : Math.max(row[column] ?? 0, next[column - 1] ?? 0);
    }
    row = next;
  }
  return row.indexOf(row[second.length] ?? 0);
}
