import { type SafeText, sanitize } from "./safe_text.ts";

/** What `--version` and `version` print. */
export function versionLine(version: string): SafeText {
  return sanitize(`limacharlie ${version}\n`);
}
