import type { Deps } from "../../app/deps.ts";
import { usageError } from "../../app/errors.ts";
import { readConfig } from "../../config/config_file.ts";
import type { ConfigPaths } from "../../config/paths.ts";
import { DEFAULT_ENVIRONMENT } from "../../config/section.ts";
import { notice } from "../notice.ts";

/**
 * Checks a name for an environment.
 *
 * @throws {CliError} (exit 4) on an empty one, or one with control characters
 */
export function checkEnvironmentName(name: string): string {
  if (name.trim() === "" || /\p{Cc}/u.test(name)) {
    throw usageError(`Invalid environment name ${JSON.stringify(name)}`);
  }
  return name;
}

/** The environment of the file that commands use, unless something else goes before the file. */
export async function environmentInUse(paths: ConfigPaths, deps: Deps): Promise<string> {
  return deps.env.get("LC_CURRENT_ENV")?.trim() ||
    (await readConfig(paths))?.currentEnvironment || DEFAULT_ENVIRONMENT;
}

/** Says so when the configuration file is not what the next command goes by. */
export function noteApiKeyVariable(deps: Deps): void {
  if (!deps.env.get("LC_API_KEY")?.trim()) return;
  notice(deps, "Note: LC_API_KEY is set, and goes before the configuration file");
}

/** Says so when a change to an environment has no effect on the next command. */
export async function noteOtherCredentials(
  changed: string,
  paths: ConfigPaths,
  deps: Deps,
): Promise<void> {
  noteApiKeyVariable(deps);
  const used = await environmentInUse(paths, deps);
  if (used === changed) return;
  const remedy = deps.env.get("LC_CURRENT_ENV")?.trim()
    ? "LC_CURRENT_ENV says so"
    : `change that with limacharlie auth use-env ${changed}`;
  notice(deps, `Note: environment "${used}" is in use; ${remedy}`);
}
