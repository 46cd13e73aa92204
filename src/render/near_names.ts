const MOST_NAMES = 3;

/**
 * The names that come close to one that is unknown, the closest first: at most three, each of
 * which differs by few letters, or holds the unknown name, or is held by it. Where one differs in its
 * case only, it is the one.
 */
export function nearNames(unknown: string, known: Iterable<string>): string[] {
  const wanted = unknown.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const near = [...new Set(known)]
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit + 1)
    .sort((a, b) => a.distance - b.distance);
  const same = near.filter(({ distance }) => distance === 0);
  return (same.length > 0 ? same : near).slice(0, MOST_NAMES).map(({ name }) => name);
}

/** A name, and the words that lead to it. */
export interface Place {
  readonly name: string;
  readonly line: string;
}

/**
 * The names that come close to one that is unknown here; where names in other places come closer,
 * the words that lead to those, the fewest first.
 */
export function nearWords(
  unknown: string,
  here: readonly string[],
  elsewhere: readonly Place[],
): string[] {
  const names = elsewhere.map(({ name }) => name).filter((name) => !here.includes(name));
  const near = nearNames(unknown, here);
  const [closest] = nearNames(unknown, [...here, ...names]);
  // Half a name that was typed here is not meant for another place.
  const isHere = near.some((name) => name === closest || name.includes(unknown));
  if (isHere) return near;
  const wanted = nearNames(unknown, names);
  return elsewhere.filter(({ name }) => wanted.includes(name)).map(({ line }) => line)
    .sort((a, b) => a.split(" ").length - b.split(" ").length)
    .slice(0, MOST_NAMES);
}

/** A hint that asks whether one of some names was meant; undefined where there are none. */
export function didYouMean(names: readonly string[]): string | undefined {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length === 0 ? undefined : `Did you mean ${quoted.join(" or ")}?`;
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
