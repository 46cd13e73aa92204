import type { Deps } from "../../app/deps.ts";
import type { LookOptions } from "../../net/look.ts";

/** How long each step on the way to a host may take, in milliseconds. */
export const STEP_MILLISECONDS = 15_000;

/** With what to look at servers. */
export function lookOptions(
  { env, clock, version }: Deps,
  caCerts: readonly string[],
  signal: AbortSignal,
): LookOptions {
  return { env, clock, caCerts, signal, userAgent: `limacharlie-ai/${version}` };
}
