/**
 * The names that come close to one that is unknown, the closest first: at most three, each of
 * which differs by few letters, or holds the unknown name, or is held by it.
 */
export function nearNames(unknown: string, known: Iterable<string>): string[] {
  const wanted = unknown.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit + 1)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Edits between two names; one that contains the other counts as just within reach. */
function distanceOf(wanted: string, name: string, limit: number): number {
  const contained = wanted.length >= 2 && name.length >= 2 &&
    (name.includes(wanted) || wanted.includes(name));
  const edits = Math.abs(name.length - wanted.length) > limit ? Infinity : editsOf(wanted, name);
  if (edits <= limit) return edits;
  return contained ? limit + 1 : Infinity;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one name of the other. */
function editsOf(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 &&
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
