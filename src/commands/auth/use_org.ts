import { Command } from "@cliffy/command";
import { checkHeaderText } from "../../api/header_text.ts";
import type { Deps } from "../../app/deps.ts";
import { editConfig, readConfig, refuseEphemeral } from "../../config/config_file.ts";
import { unknownEnvironment } from "../../config/credentials.ts";
import { locateConfig } from "../../config/paths.ts";
import { DEFAULT_ENVIRONMENT } from "../../config/section.ts";
import { notice } from "../notice.ts";
import { noteOtherCredentials } from "./environments.ts";

export function useOrgCommand(deps: Deps, run = useOrg) {
  return new Command()
    .description(
      "Keep the organization that commands work in.\n\n" +
        "It is kept in the configuration file: at its top level, or in the environment named by " +
        "--env. --oid and LC_OID go before it.",
    )
    .arguments("<oid:string>")
    .example("Keep it", "limacharlie auth use-org 8cbe27f4-bfa1-4afb-ba19-138cd51389cd")
    .example(
      "In an environment",
      "limacharlie auth use-org 8cbe27f4-bfa1-4afb-ba19-138cd51389cd --env staging",
    )
    .action((_options, oid) => run(oid, deps));
}

/** @throws {CliError} exit 4 on bad input, or a file that cannot be changed */
export async function useOrg(oid: string, deps: Deps): Promise<void> {
  checkHeaderText(oid, "organization ID");
  const paths = await locateConfig(deps.env);
  refuseEphemeral(paths);
  const name = deps.flags.env ?? DEFAULT_ENVIRONMENT;
  const config = await readConfig(paths);
  if (name !== DEFAULT_ENVIRONMENT && config?.section(name) === undefined) {
    throw unknownEnvironment(name, config?.environments ?? [], paths);
  }
  await editConfig(paths, (document) => document.change(name, { oid }));
  notice(deps, `Organization ${oid} is kept for environment "${name}"`);
  if (deps.env.get("LC_OID")?.trim()) notice(deps, "Note: LC_OID is set, and goes before it");
  await noteOtherCredentials(name, paths, deps);
}
