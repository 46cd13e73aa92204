import { Command } from "@cliffy/command";
import type { Deps } from "../../../app/deps.ts";
import { createOutput } from "../../../app/output.ts";
import { connect } from "../../../app/service.ts";

export function usageListCommand(deps: Deps, run = listUsage) {
  return new Command()
    .description("List whose API keys have run sessions in the organization.")
    .example("List", "limacharlie ai usage list")
    .action(() => run(deps));
}

export async function listUsage(deps: Deps): Promise<void> {
  const output = createOutput(deps);
  await output.check();
  const { usage } = await connect(deps);
  await output.value(await usage.identities());
}
