import { Command } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { readConfig } from "../../config/config_file.ts";
import { locateConfig } from "../../config/paths.ts";
import { notice } from "../notice.ts";
import { environmentInUse } from "./environments.ts";

export function listEnvsCommand(deps: Deps, run = listEnvs) {
  return new Command()
    .description(
      "List the environments of the configuration file.\n\n" +
        "The file's top level is the environment default. The active one is what commands use.",
    )
    .example("List them", "limacharlie auth list-envs")
    .example("The active one", `limacharlie auth list-envs --filter "[?active].name" -o json`)
    .action(() => run(deps));
}

/** @throws {CliError} exit 4 on an unusable configuration file */
export async function listEnvs(deps: Deps): Promise<void> {
  const paths = await locateConfig(deps.env);
  const names = (await readConfig(paths))?.environments ?? [];
  const active = await environmentInUse(paths, deps);
  const rows = names.map((name) => ({ name, active: name === active }));
  if (rows.length === 0) notice(deps, `No environments in ${paths.file}`);
  await (await deps.output()).rows(rows, { columns: ["name", "active"] });
}
