import { Command, EnumType } from "@cliffy/command";
import type { Session } from "../../../api/sessions.ts";
import type { Deps } from "../../../app/deps.ts";
import { rememberSessions } from "../../../completion/remember_sessions.ts";
import { MOST_SESSIONS } from "../../../completion/session_candidates.ts";
import { type JsonObject, SESSION_STATUSES, type SessionStatus } from "../../../protocol/frames.ts";
import { COLUMNS, type Family, KINDS, OWN, withShortPrompt } from "./family.ts";

export interface ListOptions {
  readonly status?: SessionStatus | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Makes the command that lists a family's sessions. */
export function listCommandOf(family: Family) {
  return (deps: Deps, run = listSessions) =>
    new Command()
      .description(
        `List the sessions ${family.whose}, the newest first.\n\n` +
          "All of them are listed, page by page. With --cursor one page is printed as the " +
          "service gives it: sessions and next_cursor. First prompts are cut at 120 characters.",
      )
      .type("status", new EnumType(SESSION_STATUSES))
      .option(
        "--status <status:status>",
        `Only sessions of this status: ${SESSION_STATUSES.join(", ")}`,
      )
      .option("--limit <n:integer>", "At most this many; with --cursor the size of the page")
      .option("--cursor <cursor:string>", 'Print one page from here on; "" for the first')
      .example("Running ones", `limacharlie ${family.words} list --status running`)
      .example("For a script", `limacharlie ${family.words} list --fields id,status -o jsonl`)
      .action((options) => run(options, family, deps));
}

/** @throws {CliError} exit 4 on an impossible limit, exit 1 where the pages lead in a circle */
export async function listSessions(
  { status, limit, cursor }: ListOptions,
  family: Family,
  deps: Deps,
): Promise<void> {
  const output = await deps.output();
  const format = { columns: COLUMNS, kinds: KINDS };
  const asked = {
    ...(status === undefined ? {} : { status }),
    ...(limit === undefined ? {} : { limit }),
  };
  if (cursor === undefined) return await output.rows(all(), format);
  await output.check();
  const page = await family.sessions(await deps.connect()).page({ ...asked, cursor });
  await output.value({ ...page, sessions: page.sessions.map(withShortPrompt) }, format);

  async function* all(): AsyncGenerator<JsonObject> {
    const sessions = family.sessions(await deps.connect());
    const newest: Session[] = [];
    for await (const session of sessions.list(asked)) {
      if (newest.length < MOST_SESSIONS) newest.push(session);
      yield withShortPrompt(session);
    }
    if (status !== undefined || (limit ?? MOST_SESSIONS) < MOST_SESSIONS) return;
    await rememberSessions(family === OWN ? "user_sessions" : "org_sessions", newest, deps);
  }
}
