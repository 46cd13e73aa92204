import { Command } from "@cliffy/command";
import type { Deps } from "../../../../app/deps.ts";
import { createOutput } from "../../../../app/output.ts";
import { connect } from "../../../../app/service.ts";

export function claudeStatusCommand(deps: Deps, run = showClaudeStatus) {
  return new Command()
    .description("Show whether a Claude credential is stored for you, and of which type.")
    .example("Show", "limacharlie ai auth claude status")
    .action(() => run(deps));
}

export async function showClaudeStatus(deps: Deps): Promise<void> {
  const output = createOutput(deps);
  await output.check();
  const { claudeAuth } = await connect(deps);
  await output.value(await claudeAuth.status(), { kinds: { created_at: "time" } });
}
