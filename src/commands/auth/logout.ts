import { Command } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { CompletionCache } from "../../completion/cache.ts";
import { editConfig, readConfig, refuseEphemeral } from "../../config/config_file.ts";
import { unknownEnvironment } from "../../config/credentials.ts";
import { locateConfig } from "../../config/paths.ts";
import { DEFAULT_ENVIRONMENT } from "../../config/section.ts";
import { TokenCache } from "../../config/token_cache.ts";
import { notice } from "../notice.ts";
import { environmentInUse, noteApiKeyVariable } from "./environments.ts";

export interface LogoutOptions {
  readonly env?: string | undefined;
}

export function logoutCommand(deps: Deps, run = logout) {
  return new Command()
    .description(
      "Remove saved credentials.\n\n" +
        "They are removed from the configuration file, and all cached tokens with them. The API " +
        "key itself stays valid until it is deleted in the organization.",
    )
    .option("--env <name:string>", "Environment to remove; default is the file's top level")
    .example("Of the top level", "limacharlie auth logout")
    .example("Of an environment", "limacharlie auth logout --env staging")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 4 on an environment that there is not, or a file that cannot be changed */
export async function logout(options: LogoutOptions, deps: Deps): Promise<void> {
  const paths = await locateConfig(deps.env);
  refuseEphemeral(paths);
  const name = options.env ?? deps.flags.env ?? DEFAULT_ENVIRONMENT;
  const config = await readConfig(paths);
  const section = config?.section(name);
  if (section === undefined && name !== DEFAULT_ENVIRONMENT) {
    throw unknownEnvironment(name, config?.environments ?? [], paths);
  }
  if (name === DEFAULT_ENVIRONMENT && Object.keys(section ?? {}).length === 0) {
    notice(deps, `Nothing to remove: no credentials at the top level of ${paths.file}`);
  } else {
    await editConfig(paths, (document) => {
      if (name !== DEFAULT_ENVIRONMENT) document.removeEnvironment(name);
      else document.change(name, { oid: null, apiKey: null, uid: null, oauth: null });
    });
    await new TokenCache(paths, deps.env, deps.clock, false).clear();
    await CompletionCache.clear(paths);
    notice(deps, `Removed the credentials of environment "${name}" from ${paths.file}`);
  }
  noteApiKeyVariable(deps);
  const used = await environmentInUse(paths, deps);
  if (used !== name) notice(deps, `Note: environment "${used}" is in use`);
}
