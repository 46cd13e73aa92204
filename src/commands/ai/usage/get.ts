import { Command } from "@cliffy/command";
import { hasStatus } from "../../../api/errors.ts";
import type { Usage } from "../../../api/usage.ts";
import type { Deps } from "../../../app/deps.ts";
import { CliError } from "../../../app/errors.ts";
import type { JsonObject } from "../../../protocol/frames.ts";
import { didYouMean, nearNames } from "../../../render/near_names.ts";

export interface UsageOptions {
  readonly identity: string;
}

/** The hour stays as it is: what people ask of usage is which hour it was, not how long ago. */
const FORMAT = {
  columns: ["hour", "timestamp", "cost_usd", "total_cost_usd", "input_tokens", "output_tokens"],
  kinds: {
    sessions: "count",
    input_tokens: "count",
    output_tokens: "count",
    cache_creation_input_tokens: "count",
    cache_read_input_tokens: "count",
    total_tokens: "count",
    cost_usd: "money",
    total_cost_usd: "money",
  },
} as const;

export function usageGetCommand(deps: Deps, run = getUsage) {
  return new Command()
    .description("Show the tokens and the cost of one API key's sessions, hour by hour.")
    .option("--identity <name:string>", "API key, by its name; see ai usage list", {
      required: true,
    })
    .example("Show", "limacharlie ai usage get --identity soc-automation")
    .example(
      "Sum of the cost",
      "limacharlie ai usage get --identity soc-automation \\\n" +
        '  --filter "sum(usage[].cost_usd)" -o json',
    )
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 3 where there is none of that name, with the names that come close */
export async function getUsage({ identity }: UsageOptions, deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { usage } = await deps.connect();
  await output.value(await find(identity, usage), FORMAT);
}

async function find(identity: string, usage: Usage): Promise<JsonObject> {
  try {
    return await usage.get(identity);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    throw new CliError(error.message, {
      exitCode: error.exitCode,
      hint: didYouMean(nearNames(identity, await identitiesOf(usage))) ??
        "See limacharlie ai usage list",
      cause: error,
    });
  }
}

async function identitiesOf(usage: Usage): Promise<string[]> {
  try {
    const { identities } = await usage.identities();
    return [identities].flat().filter((name) => typeof name === "string");
  } catch {
    // There are no names to come close, then.
    return [];
  }
}
