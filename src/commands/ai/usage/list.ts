import { Command } from "@cliffy/command";
import type { Deps } from "../../../app/deps.ts";

export function usageListCommand(deps: Deps, run = listUsage) {
  return new Command()
    .description("List whose API keys have run sessions in the organization.")
    .example("List", "limacharlie ai usage list")
    .action(() => run(deps));
}

export async function listUsage(deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { usage } = await deps.connect();
  await output.value(await usage.identities());
}
