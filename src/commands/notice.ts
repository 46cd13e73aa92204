import type { Deps } from "../app/deps.ts";
import { safeText, sanitizeLine } from "../render/safe_text.ts";

/** Tells the person something beside the results: one line on stderr, unless `--quiet`. */
export function notice(deps: Deps, text: string): void {
  if (deps.flags.quiet) return;
  deps.terminal.stderr.write(safeText`${sanitizeLine(deps.secrets.mask(text))}\n`);
}
