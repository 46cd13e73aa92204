import { Command } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { programName } from "../../completion/program_name.ts";
import { scriptOf } from "../../completion/scripts.ts";
import type { Shell } from "../../completion/shells.ts";
import { sanitize } from "../../render/safe_text.ts";

/** How each shell takes the script at once, for one session. */
const TRY_IT: Readonly<Record<Shell, string>> = {
  bash: 'eval "$(limacharlie completions bash)"',
  zsh: "source <(limacharlie completions zsh)",
  fish: "limacharlie completions fish | source",
  powershell: "limacharlie completions powershell | Out-String | Invoke-Expression",
};

/** How a shell is written where that is not how it is typed. */
const PROPER_NAME: Readonly<Partial<Record<Shell, string>>> = { powershell: "PowerShell" };

/** What else is to be said of a shell. */
const NOTE: Readonly<Partial<Record<Shell, string>>> = {
  bash: " bash completes an alias, such as lc, after: complete -F _limacharlie lc",
};

/** Makes the command that prints the script for a shell. */
export function printCommandOf(shell: Shell) {
  return (deps: Deps, run = printScript) =>
    new Command()
      .description(
        `Print the script that makes ${
          PROPER_NAME[shell] ?? shell
        } complete this program with Tab.\n\n` +
          `completions install puts it where the shell looks.${NOTE[shell] ?? ""}`,
      )
      .example("For this session", TRY_IT[shell])
      .action(() => run(shell, deps));
}

export function printScript(shell: Shell, { terminal }: Deps): void {
  terminal.stdout.write(sanitize(scriptOf(shell, programName())));
}
