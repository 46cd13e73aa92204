import type { Session } from "../api/sessions.ts";
import type { Deps } from "../app/deps.ts";
import { CompletionCache, type Resource } from "./cache.ts";
import { cachedSession, MOST_SESSIONS } from "./session_candidates.ts";

/**
 * Keeps sessions that were listed, the newest ones, for completion: over a slow network that may not
 * get an answer of its own in time. Nothing is kept for who has never completed anything, or where
 * it cannot be.
 */
export async function rememberSessions(
  family: Extract<Resource, "org_sessions" | "user_sessions">,
  sessions: readonly Session[],
  { env, flags, clock }: Pick<Deps, "env" | "flags" | "clock">,
): Promise<void> {
  try {
    const { cache } = await CompletionCache.of(env, flags);
    if (!await cache.isInUse()) return;
    const now = clock.now();
    const items = sessions.slice(0, MOST_SESSIONS).map(cachedSession);
    await cache.put({ [family]: { askedAt: now, answeredAt: now, items } });
  } catch {
    // Listing them has worked, and that is what was asked for.
  }
}
