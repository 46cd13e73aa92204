import { Command } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { editConfig, readConfig, refuseEphemeral } from "../../config/config_file.ts";
import { unknownEnvironment } from "../../config/credentials.ts";
import { locateConfig } from "../../config/paths.ts";
import { notice } from "../notice.ts";
import { noteOtherCredentials } from "./environments.ts";

export function useEnvCommand(deps: Deps, run = useEnv) {
  return new Command()
    .description(
      "Choose the environment that commands use.\n\n" +
        "It is kept in the configuration file; --env and LC_CURRENT_ENV go before it.",
    )
    .arguments("<name:string>")
    .example("Use staging", "limacharlie auth use-env staging")
    .example("Use the file's top level", "limacharlie auth use-env default")
    .action((_options, name) => run(name, deps));
}

/** @throws {CliError} exit 4 on an environment that there is not, or a file that cannot be changed */
export async function useEnv(name: string, deps: Deps): Promise<void> {
  const paths = await locateConfig(deps.env);
  refuseEphemeral(paths);
  const known = (await readConfig(paths))?.environments ?? [];
  if (!known.includes(name)) throw unknownEnvironment(name, known, paths);
  await editConfig(paths, (document) => document.choose(name));
  notice(deps, `Environment "${name}" is in use`);
  await noteOtherCredentials(name, paths, deps);
}
