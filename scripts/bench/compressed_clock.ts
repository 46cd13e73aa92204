import type { Clock } from "../../src/app/deps.ts";
import { systemClock } from "../../src/app/system.ts";

/**
 * Time that passes faster than on the wall. Two processes have the same if they begin it together.
 *
 * @param since when it began, in unix milliseconds of the wall: both then show the same
 * @param factor how many times as fast it has passed from then on
 */
export function compressedClock(since: number, factor: number): Clock {
  return {
    now: () => since + (systemClock.now() - since) * factor,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / factor, signal),
  };
}
