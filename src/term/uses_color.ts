import type { Deps } from "../app/deps.ts";
import { isDumb } from "./is_plain.ts";

/** Whether styles are wanted, and stdout can show them. */
export function usesColor({ env, flags, terminal }: Pick<Deps, "env" | "flags" | "terminal">) {
  return terminal.stdout.isTerminal && !flags.noColor && !env.get("NO_COLOR") &&
    !isDumb(env);
}
