import { Command, EnumType } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { uninstall } from "../../completion/install.ts";
import { SHELLS } from "../../completion/shells.ts";
import { notice } from "../notice.ts";
import { chosen, type InstallOptions } from "./install.ts";

export function uninstallCommand(deps: Deps, run = uninstallCompletion) {
  return new Command()
    .description("Take back what completions install has done, and say what was changed.")
    .type("shell", new EnumType(SHELLS))
    .option("--shell <shell:shell>", `${SHELLS.join(", ")}; the one that SHELL names unless given`)
    .example("For your shell", "limacharlie completions uninstall")
    .action((options) => run(options, deps));
}

/** @throws {CliError} (exit 4) on a file that is not ours, or that cannot be changed */
export async function uninstallCompletion(options: InstallOptions, deps: Deps): Promise<void> {
  const { shell, places } = chosen(options, deps);
  const done = await uninstall(places);
  for (const line of done) notice(deps, line);
  if (done.length === 0) notice(deps, `Nothing to remove: nothing is installed for ${shell}`);
}
