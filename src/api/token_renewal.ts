import type { Clock } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import type { TokenSource } from "./token.ts";

/** A token is renewed so long before it expires, or half-way there where its life is short. */
const AHEAD_MILLISECONDS = 5 * 60_000;
const LEAST_PAUSE_MILLISECONDS = 30_000;

/**
 * Keeps a token fresh that nothing needs at present, until the signal is aborted: who has to dial a
 * lost link again may not reach the token service then. Where it cannot be reached now, it is asked
 * again while the token lasts.
 */
export async function keepFresh(
  token: Pick<TokenSource, "expiresAt" | "refresh">,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (true) {
      const left = (token.expiresAt ?? 0) - clock.now();
      if (left <= 0) return;
      const pause = left > 2 * AHEAD_MILLISECONDS ? left - AHEAD_MILLISECONDS : left / 2;
      await clock.sleep(Math.max(pause, LEAST_PAUSE_MILLISECONDS), signal);
      await token.refresh().catch((error: unknown) => {
        if (!(error instanceof CliError)) throw error;
      });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
