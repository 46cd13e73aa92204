import { Command } from "@cliffy/command";
import { checkHeaderText } from "../../api/header_text.ts";
import type { Deps } from "../../app/deps.ts";
import { CliError, usageError } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import { editConfig, readConfig, refuseEphemeral } from "../../config/config_file.ts";
import { type ConfigPaths, locateConfig } from "../../config/paths.ts";
import { DEFAULT_ENVIRONMENT } from "../../config/section.ts";
import { notice } from "../notice.ts";
import { readSecret } from "../read_secret.ts";
import { checkEnvironmentName, noteOtherCredentials } from "./environments.ts";

export interface LoginOptions {
  readonly oid?: string | undefined;
  readonly uid?: string | undefined;
  readonly env?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly apiKeyFromStdin?: true | undefined;
  readonly verify: boolean;
  readonly oauth?: true | undefined;
}

export function loginCommand(deps: Deps, run = login) {
  return new Command()
    .description(
      "Save an API key.\n\n" +
        "The key is asked for without showing it, or read from standard input. It is tried out " +
        "first, then saved in the configuration file that the Python CLI uses too, readable by " +
        "you alone. An organization's key needs --oid, a user's key --uid.",
    )
    .option("--oid <oid:string>", "Organization that the key is for")
    .option("--uid <uid:string>", "User that the key belongs to, for a user's key")
    .option("--env <name:string>", "Environment to save it in; default is the file's top level")
    .option("--api-key-from-stdin", "Read the key from standard input")
    .option("--api-key <key:string>", "The key itself; other people may see it on the command line")
    .option("--no-verify", "Save the key without trying it out")
    .option("--oauth", "Sign in by browser, which the Python CLI does")
    .option("--provider <name:string>", "Goes with --oauth", { hidden: true })
    .option("--no-browser", "Goes with --oauth", { hidden: true })
    .example("Be asked for the key", "limacharlie auth login --oid OID")
    .example("From a file", "limacharlie auth login --oid OID --api-key-from-stdin < key.txt")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 4 on bad input, exit 2 on a key that is refused; nothing is saved then */
export async function login(options: LoginOptions, deps: Deps): Promise<void> {
  const paths = await locateConfig(deps.env);
  if (options.oauth) throw browserSignIn(paths);
  const { uid } = options;
  const oid = options.oid ?? deps.flags.oid;
  const environment = checkEnvironmentName(options.env ?? deps.flags.env ?? DEFAULT_ENVIRONMENT);
  if (oid === undefined && uid === undefined) {
    throw usageError(
      "Neither --oid nor --uid was given",
      "Give --oid for the API key of an organization, --uid for that of a user",
    );
  }
  if (oid !== undefined) checkHeaderText(oid, "organization ID");
  if (uid !== undefined) checkHeaderText(uid, "user ID");
  // Before anybody types a key in vain.
  refuseEphemeral(paths);
  await readConfig(paths);

  const apiKey = await readSecret({
    what: "API key",
    flag: "--api-key",
    argument: options.apiKey,
    stdinFlag: "--api-key-from-stdin",
    fromStdin: options.apiKeyFromStdin === true,
  }, deps);
  checkHeaderText(apiKey, "API key");
  if (options.verify) await tryOut({ oid, uid, apiKey }, deps);
  await editConfig(paths, (document) => {
    // A key of its own organization or user must not meet what is left of another one.
    const none = null;
    document.change(environment, { oid: oid ?? none, apiKey, uid: uid ?? none, oauth: none });
  });
  notice(deps, `Saved for environment "${environment}" in ${paths.file}`);
  await noteOtherCredentials(environment, paths, deps);
}

async function tryOut(
  { oid, uid, apiKey }: { oid: string | undefined; uid: string | undefined; apiKey: string },
  deps: Deps,
): Promise<void> {
  const account = await deps.openAccount({
    ...(oid === undefined ? {} : { oid }),
    ...(uid === undefined ? {} : { uid }),
    apiKey,
    source: "this login",
  });
  try {
    await account.token.mint();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const unreachable = error.exitCode === ExitCode.ConnectionLost ||
      error.exitCode === ExitCode.TimedOut;
    throw new CliError(`The API key was not saved. ${error.message}`, {
      exitCode: error.exitCode,
      hint: unreachable ? "Save it without trying it out with --no-verify" : error.hint,
      cause: error,
    });
  }
}

function browserSignIn({ file }: ConfigPaths): CliError {
  return usageError(
    "Signing in by browser is done by the Python CLI",
    `pip install limacharlie, then run its auth login --oauth: it saves to "${file}", ` +
      "which is read here too",
  );
}
