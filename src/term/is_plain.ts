import type { Environment } from "../app/deps.ts";

/**
 * Whether lines are only to be appended, with no cursor moved: because the terminal can do no more,
 * or because the person wants no more. (Where there is no terminal, nothing moves a cursor either.)
 */
export function isPlain(env: Environment): boolean {
  return isDumb(env) || Boolean(env.get("NO_COLOR")) || Boolean(env.get("ACCESSIBLE"));
}

/** Whether the terminal takes no escape sequences at all. Windows sets no TERM. */
export function isDumb(env: Environment): boolean {
  const term = env.get("TERM");
  return term === "dumb" || (!term && Deno.build.os !== "windows");
}
