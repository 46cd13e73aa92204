/** Random numbers that come again with the same seed; a test names it where it fails. */
export interface Random {
  readonly seed: number;
  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** A source of random numbers from a seed, without one a new one each time. */
export function makeRandom(
  seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1,
): Random {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  return { seed, below, pick: (items) => items[below(items.length)] ?? items[0] };
}

/** Text of up to that many random pieces. */
export function randomText(
  random: Random,
  pieces: readonly [string, ...string[]],
  most: number,
): string {
  return Array.from({ length: random.below(most + 1) }, () => random.pick(pieces)).join("");
}
