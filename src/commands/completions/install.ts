import { Command, EnumType } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { install } from "../../completion/install.ts";
import { type Places, placesOf, shellIn } from "../../completion/places.ts";
import { type Shell, SHELLS } from "../../completion/shells.ts";
import { notice } from "../notice.ts";

export interface InstallOptions {
  readonly shell?: Shell | undefined;
}

export function installCommand(deps: Deps, run = installCompletion) {
  return new Command()
    .description(
      "Put the completion script where your shell looks for it, and say what was changed.\n\n" +
        "The program is completed under the name that its file has; a file that is called as it was " +
        "downloaded, under limacharlie. completions uninstall takes all of it back. A file of " +
        "another program's is not touched.",
    )
    .type("shell", new EnumType(SHELLS))
    .option("--shell <shell:shell>", `${SHELLS.join(", ")}; the one that SHELL names unless given`)
    .example("For your shell", "limacharlie completions install")
    .example("For another one", "limacharlie completions install --shell fish")
    .action((options) => run(options, deps));
}

/** @throws {CliError} (exit 4) on a file that is not ours, or that cannot be written */
export async function installCompletion(options: InstallOptions, deps: Deps): Promise<void> {
  const { places } = chosen(options, deps);
  for (const line of await install(places)) notice(deps, line);
  notice(deps, places.takesEffect);
}

/** The shell that is meant, and where it looks. */
export function chosen(
  { shell }: InstallOptions,
  { env }: Deps,
): { readonly shell: Shell; readonly places: Places } {
  const meant = shell ?? shellIn(env);
  return { shell: meant, places: placesOf(meant, { env }) };
}
