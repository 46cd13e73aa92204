import { Command } from "@cliffy/command";
import type { Deps } from "../../../../app/deps.ts";

export function claudeLogoutCommand(deps: Deps, run = claudeLogout) {
  return new Command()
    .description(
      "Remove the Claude credential that is stored for you.\n\n" +
        "Without one no new chat can be started. The credential itself stays valid at Anthropic.",
    )
    .example("Remove it", "limacharlie ai auth claude logout")
    .action(() => run(deps));
}

export async function claudeLogout(deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { claudeAuth } = await deps.connect();
  await output.value(await claudeAuth.remove());
}
