/** One line of a diff, in the order in which both texts run. */
export interface DiffLine {
  readonly kind: "same" | "deleted" | "inserted";
  readonly line: string;
}

/** Lines that are the same in both texts and aren't shown. */
export interface Folded {
  readonly kind: "folded";
  readonly count: number;
}

/** Beyond that many deletions and insertions a diff says no more than "all of this for that". */
const MOST_CHANGES = 500;

/**
 * The shortest way from one text to another, line by line (Myers' algorithm). Texts that have more
 * than a thousand lines or so of difference are one deletion and one insertion, around what they
 * have in common at both ends, so that the time stays linear in their size.
 */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const deleted = before.slice(start, before.length - end);
  const inserted = after.slice(start, after.length - end);
  return [
    ...linesOf("same", before.slice(0, start)),
    ...diffMiddle(deleted, inserted),
    ...linesOf("same", before.slice(before.length - end)),
  ];
}

/** Leaves of what didn't change only a few lines around each change. */
export function foldContext(diff: readonly DiffLine[], context: number): (DiffLine | Folded)[] {
  const folded: (DiffLine | Folded)[] = [];
  const keep = (start: number, end: number) => {
    for (const line of diff.slice(start, end)) folded.push(line);
  };
  for (let start = 0; start < diff.length;) {
    let end = start;
    while (end < diff.length && (diff[end]?.kind === "same") === (diff[start]?.kind === "same")) {
      end++;
    }
    const head = start === 0 ? 0 : context;
    const tail = end === diff.length ? 0 : context;
    const count = end - start - head - tail;
    // One line takes no more room than to say that there is one.
    if (diff[start]?.kind !== "same" || count <= 1) {
      keep(start, end);
    } else {
      keep(start, start + head);
      folded.push({ kind: "folded", count });
      keep(end - tail, end);
    }
    start = end;
  }
  return folded;
}

function linesOf(kind: DiffLine["kind"], lines: readonly string[]): DiffLine[] {
  return lines.map((line) => ({ kind, line }));
}

/** Diffs texts that differ in their first and in their last lines. */
function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const replaced = [...linesOf("deleted", before), ...linesOf("inserted", after)];
  if (before.length === 0 || after.length === 0) return replaced;
  const trace = findPath(...numbered(before, after));
  return trace === undefined ? replaced : walkBack(trace, before, after);
}

/** Equal lines as equal numbers, which compare at once however long the lines are. */
function numbered(before: readonly string[], after: readonly string[]): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const number = (line: string) => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return [Int32Array.from(before, number), Int32Array.from(after, number)];
}

/**
 * Finds how far each diagonal gets with each number of changes.
 *
 * @returns for each number of changes the state before it, as `1 + 2 * changes` diagonals; undefined
 *     where there are too many changes
 */
function findPath(before: Int32Array, after: Int32Array): Int32Array[] | undefined {
  const most = Math.min(before.length + after.length, MOST_CHANGES);
  // furthest[most + diagonal] lines of `before` are dealt with on that diagonal.
  const furthest = new Int32Array(2 * most + 2);
  const trace: Int32Array[] = [];
  for (let changes = 0; changes <= most; changes++) {
    trace.push(furthest.slice(most - changes, most + changes + 1));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const above = furthest[most + diagonal + 1] ?? 0;
      const left = furthest[most + diagonal - 1] ?? 0;
      const insert = diagonal === -changes || (diagonal !== changes && left < above);
      let x = insert ? above : left + 1;
      while (
        x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]
      ) x++;
      furthest[most + diagonal] = x;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return undefined;
}

/** Follows the way found by {@linkcode findPath} from its end to its start. */
function walkBack(
  trace: readonly Int32Array[],
  before: readonly string[],
  after: readonly string[],
): DiffLine[] {
  const backwards: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let changes = trace.length - 1; changes >= 0; changes--) {
    const furthest = (diagonal: number) => trace[changes]?.[changes + diagonal] ?? 0;
    const diagonal = x - y;
    const insert = diagonal === -changes ||
      (diagonal !== changes && furthest(diagonal - 1) < furthest(diagonal + 1));
    const fromX = changes === 0 ? 0 : furthest(insert ? diagonal + 1 : diagonal - 1);
    const fromY = changes === 0 ? 0 : fromX - (insert ? diagonal + 1 : diagonal - 1);
    while (x > fromX && y > fromY) {
      backwards.push({ kind: "same", line: before[x - 1] ?? "" });
      x--;
      y--;
    }
    if (changes === 0) break;
    backwards.push(
      insert
        ? { kind: "inserted", line: after[y - 1] ?? "" }
        : { kind: "deleted", line: before[x - 1] ?? "" },
    );
    x = fromX;
    y = fromY;
  }
  return backwards.reverse();
}
