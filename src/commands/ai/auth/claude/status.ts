import { Command } from "@cliffy/command";
import type { Deps } from "../../../../app/deps.ts";

export function claudeStatusCommand(deps: Deps, run = showClaudeStatus) {
  return new Command()
    .description("Show whether a Claude credential is stored for you, and of which type.")
    .example("Show", "limacharlie ai auth claude status")
    .action(() => run(deps));
}

export async function showClaudeStatus(deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { claudeAuth } = await deps.connect();
  await output.value(await claudeAuth.status(), { kinds: { created_at: "time" } });
}
