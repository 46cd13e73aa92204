import type { Clock } from "../app/deps.ts";
import type { Link } from "./attachment.ts";

/** After so long without a frame, it is asked elsewhere whether there should have been one. */
const SILENCE_MILLISECONDS = 45_000;
const LOOK_MILLISECONDS = 5_000;
/**
 * The server drops a link on which it hears nothing for so long. Whoever was away for longer, with a
 * machine that slept, has no link any more, whatever the socket says.
 */
const ABSENCE_MILLISECONDS = 60_000;

export interface LinkWatchOptions {
  readonly link: Link;
  readonly clock: Clock;
  /** Finds out, in at most 10 s, whether the silence is the link's; then it says why in words. */
  readonly probe: () => Promise<string | undefined>;
}

/**
 * Watches over a link until it ends. A link can be dead for hours before anything closes it: a
 * network that swallows everything, an address translation that has forgotten the connection. The
 * runtime shows the program no ping, so silence is all that there is to go by.
 */
export async function watchLink({ link, clock, probe }: LinkWatchOptions): Promise<void> {
  let lookedAt = clock.now();
  let quietSince = lookedAt;
  try {
    while (true) {
      quietSince = Math.max(quietSince, link.heardAt);
      const left = quietSince + SILENCE_MILLISECONDS - clock.now();
      await clock.sleep(Math.max(1, Math.min(left, LOOK_MILLISECONDS)), link.closed);
      const now = clock.now();
      if (now - lookedAt > ABSENCE_MILLISECONDS) {
        return await link.giveUp(`this machine was asleep for ${seconds(now - lookedAt)} s`);
      }
      lookedAt = now;
      if (now - Math.max(quietSince, link.heardAt) < SILENCE_MILLISECONDS) continue;
      const heardAt = link.heardAt;
      const verdict = await probe();
      quietSince = lookedAt = clock.now();
      // What came meanwhile, or waits to be taken, is the best proof of life.
      if (verdict === undefined || link.heardAt !== heardAt || link.hasReceived) continue;
      return await link.giveUp(
        `nothing was heard for ${seconds(quietSince - heardAt)} s, ${verdict}`,
      );
    }
  } catch (error) {
    if (!link.closed.aborted) throw error;
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1_000);
}
