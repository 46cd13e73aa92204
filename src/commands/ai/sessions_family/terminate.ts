import { Command } from "@cliffy/command";
import { requireSessionId } from "../../../api/session_id.ts";
import type { Deps } from "../../../app/deps.ts";
import { CliError } from "../../../app/errors.ts";
import { ExitCode } from "../../../app/exit_codes.ts";
import { safeText, sanitizeLine } from "../../../render/safe_text.ts";
import { idOption } from "../id_option.ts";
import { type Family, withSession } from "./family.ts";

export interface TerminateOptions {
  readonly id: string;
  readonly yes?: true | undefined;
}

/** Makes the command that ends a session of a family. */
export function terminateCommandOf(family: Family) {
  return (deps: Deps, run = terminateSession) =>
    new Command()
      .description(
        `End a session ${family.whose}.\n\n` +
          "Its agent stops at once. On a terminal you are asked first.",
      )
      .option(...idOption("Session to end"))
      .option("-y, --yes", "Don't ask")
      .example("End", `limacharlie ${family.words} terminate --id 7c1f0a52`)
      .example("In a script", `limacharlie ${family.words} terminate --id 7c1f0a52 --yes`)
      .action((options) => run(options, family, deps));
}

/** @throws {CliError} exit 3 where the family has no such session, exit 1 where the answer is no */
export async function terminateSession(
  { id, yes }: TerminateOptions,
  family: Family,
  deps: Deps,
): Promise<void> {
  requireSessionId(id);
  const output = await deps.output();
  await output.check();
  const service = await deps.connect();
  // Where nobody can be asked it acts, as in the Python CLI.
  if (!yes && deps.prompter.available && !await isWanted(id, deps)) {
    throw new CliError(`Session "${id}" was not ended`, { exitCode: ExitCode.Failure });
  }
  const answer = await withSession(
    { family, verb: "terminate", id, service },
    (sessions) => sessions.terminate(id),
  );
  await output.value(answer);
}

async function isWanted(id: string, { prompter }: Deps): Promise<boolean> {
  return await prompter.confirm(safeText`End session ${sanitizeLine(id)}?`, { default: false });
}
