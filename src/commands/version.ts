import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { versionLine } from "../render/version_line.ts";

export function versionCommand(deps: Deps) {
  return new Command()
    .description("Print the version.")
    .example("Print it", "limacharlie version")
    .action(() => deps.terminal.stdout.write(versionLine(deps.version)));
}
