import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { sanitize } from "../render/safe_text.ts";

export function versionCommand(deps: Deps) {
  return new Command()
    .description("Print the version.")
    .example("Print it", "limacharlie version")
    .action(() => deps.terminal.stdout.write(sanitize(`limacharlie ${deps.version}\n`)));
}
