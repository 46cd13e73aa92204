import type { Clock } from "../app/deps.ts";
import type { FaultPlan } from "./fault_plan.ts";
import type { Hive } from "./hive.ts";
import { RateLimit } from "./rate_limit.ts";
import type { Scenario } from "./scenario.ts";
import type { SessionStore } from "./session_store.ts";
import type { TokenSigner } from "./tokens.ts";

/** A Claude credential that is stored for a user. */
export interface ClaudeCredential {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A sign-in to Claude that is under way. */
export interface ClaudeLogin {
  readonly uid: string;
  readonly code: string;
  readonly startedAt: number;
  /** What its URL is announced with: both spellings are in use. */
  readonly readyStatus: "url_ready" | "ready";
  polls: number;
}

/** Everything that the emulated services know. */
export interface World {
  /** Where they are reached. */
  readonly url: string;
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly faults: FaultPlan;
  readonly sessions: SessionStore;
  readonly hive: Hive;
  /** The platform's tokens. */
  readonly tokens: TokenSigner;
  /** The identity provider's, which OAuth users present to get one of the platform's. */
  readonly idTokens: TokenSigner;
  /** Refresh tokens, and whose they are. */
  readonly refreshTokens: Map<string, string>;
  /** When each user registered, by uid. */
  readonly registrations: Map<string, number>;
  /** By uid. */
  readonly claudeCredentials: Map<string, ClaudeCredential>;
  /** By `oauth_session_id`. */
  readonly claudeLogins: Map<string, ClaudeLogin>;
  readonly limits: PerUserLimits;
}

/** The limits that count requests of each user. */
export class PerUserLimits {
  readonly #limits = new Map<string, RateLimit>();

  /**
   * Counts one of ten a minute.
   *
   * @returns 0, or the milliseconds until there is room for another
   */
  take(what: string, uid: string, now: number): number {
    const key = `${what} ${uid}`;
    const limit = this.#limits.get(key) ?? new RateLimit(10, 60_000);
    this.#limits.set(key, limit);
    return limit.take(now);
  }
}
