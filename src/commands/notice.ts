import type { Deps } from "../app/deps.ts";
import { safeText, sanitizeLine } from "../render/safe_text.ts";
import type { OutputStream } from "../term/terminal.ts";

/** Tells the person something beside the results: one line on stderr, unless `--quiet`. */
export function notice(
  deps: Deps,
  text: string,
  output: Pick<OutputStream, "write"> = deps.terminal.stderr,
): void {
  if (deps.flags.quiet) return;
  output.write(safeText`${sanitizeLine(deps.secrets.mask(text))}\n`);
}
