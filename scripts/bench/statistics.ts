/** The middle of some figures; with an even number of them the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("There is no figure");
  return (low + high) / 2;
}

/**
 * The smallest figure that a share of all figures does not exceed (nearest rank).
 *
 * @param share above 0, at most 1
 */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil(sorted.length * share) - 1];
  if (found === undefined) throw new RangeError("There is no figure");
  return found;
}

/** The median of the ratios of figures that were taken in the same round. */
export function ratio(figures: readonly number[], others: readonly number[]): number {
  return median(figures.map((figure, round) => figure / (others[round] ?? NaN)));
}

/**
 * Takes figures of several contenders in turn, A B C A B C …, so that a machine that gets slower or
 * faster meanwhile does so for all of them.
 *
 * @returns each contender's figures, by round
 */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, (() => Promise<number>) | undefined>>,
): Promise<Record<Name, number[]>> {
  const taken = {} as Record<Name, number[]>;
  const entries = Object.entries(contenders) as [Name, (() => Promise<number>) | undefined][];
  for (const [name] of entries) taken[name] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [name, take] of entries) if (take !== undefined) taken[name].push(await take());
  }
  return taken;
}
