/** The longest pause between two attempts, before it is jittered. */
const LONGEST_MILLISECONDS = 30_000;

/**
 * How long to wait before an attempt: nothing before the first, then 1, 2, 4 … up to 30 s, each
 * somewhere in its upper half, so that those who lost the same server don't come back as one.
 *
 * @param attempt counted from 1
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export function backoff(attempt: number, random: number = Math.random()): number {
  if (attempt <= 1) return 0;
  const longest = Math.min(LONGEST_MILLISECONDS, 1_000 * 2 ** (attempt - 2));
  return Math.round(longest * (1 + random) / 2);
}
