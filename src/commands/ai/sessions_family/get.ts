import { Command } from "@cliffy/command";
import { requireSessionId } from "../../../api/session_id.ts";
import type { Deps } from "../../../app/deps.ts";
import { idOption } from "../id_option.ts";
import { type Family, KINDS, withSession, withShortPrompt } from "./family.ts";

export interface GetOptions {
  readonly id: string;
  readonly fullPrompt?: true | undefined;
}

/** Makes the command that shows one session of a family. */
export function getCommandOf(family: Family) {
  return (deps: Deps, run = getSession) =>
    new Command()
      .description(
        `Show a session ${family.whose}: its state, limits, tokens, cost, and how it ended.`,
      )
      .option(...idOption("Session to show"))
      .option("--full-prompt", "Show all of the first prompt, not only 120 characters")
      .example("Show", `limacharlie ${family.words} get --id 7c1f0a52`)
      .example(
        "The whole prompt",
        `limacharlie ${family.words} get --id 7c1f0a52 --full-prompt \\\n` +
          "  --filter session.initial_prompt -o json",
      )
      .action((options) => run(options, family, deps));
}

/** @throws {CliError} exit 3 where the family has no such session */
export async function getSession(
  { id, fullPrompt }: GetOptions,
  family: Family,
  deps: Deps,
): Promise<void> {
  requireSessionId(id);
  const output = await deps.output();
  await output.check();
  const service = await deps.connect();
  const session = await withSession(
    { family, verb: "get", id, service },
    (sessions) => sessions.get(id),
  );
  await output.value(
    { session: fullPrompt ? session : withShortPrompt(session) },
    { kinds: KINDS },
  );
}
