import { LARGEST_PAGE, type Sessions } from "../../api/sessions.ts";
import type { Deps, Service } from "../../app/deps.ts";
import { CliError } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import {
  ACTIVE,
  cachedSession,
  describeSession,
  newestFirst,
} from "../../completion/session_candidates.ts";
import type { SessionStatus } from "../../protocol/frames.ts";
import { safeText, sanitizeLine } from "../../render/safe_text.ts";
import { padEndToWidth, truncateToWidth, widthOf } from "../../render/width.ts";

/** Columns that a prompt puts before a choice, and one at the end of the line. */
const MARGIN = 4;

/** Columns that are left for what a session is, where an id is long: `running, 21 min ago, …`. */
const DESCRIPTION = 24;

/** Columns that an id gets at least: as many as tell one from another. */
const SHORTEST_ID = 11;

/** Asks which session is meant, and gives its id. */
type Pick = (deps: Deps) => Promise<string>;

const organization = ({ orgSessions }: Service) => orgSessions;
const own = ({ userSessions }: Service) => userSessions;

export const pickAny: Pick = (deps) => pickSession([own, organization], deps);
export const pickOfOrganization: Pick = (deps) => pickSession([organization], deps);
export const pickOwn: Pick = (deps) => pickSession([own], deps);
export const pickActiveOfOrganization: Pick = (deps) => pickSession([organization], deps, ACTIVE);
export const pickActiveOwn: Pick = (deps) => pickSession([own], deps, ACTIVE);

/**
 * Asks which session is meant, the newest ones first.
 *
 * @throws {CliError} exit 3 where there is none; what asking for them throws, where none of the
 * families can be asked for
 */
async function pickSession(
  families: readonly ((service: Service) => Sessions)[],
  deps: Deps,
  statuses: readonly (SessionStatus | undefined)[] = [undefined],
): Promise<string> {
  const { terminal, prompter, clock } = deps;
  const service = await deps.connect();
  const asked = families.flatMap((family) =>
    statuses.map((status) =>
      family(service).page({ ...(status === undefined ? {} : { status }), limit: LARGEST_PAGE })
    )
  );
  const answers = await Promise.allSettled(asked);
  const pages = answers.flatMap((answer) => answer.status === "fulfilled" ? [answer.value] : []);
  if (pages.length === 0) await asked[0];
  const found = newestFirst(pages.flatMap(({ sessions }) => sessions).map(cachedSession));
  const sessions = found.slice(0, LARGEST_PAGE);
  const isAll = found.length === sessions.length && pages.every(({ next_cursor }) => !next_cursor);
  if (sessions.length === 0) {
    throw new CliError("There is no session to choose from", {
      exitCode: ExitCode.NotFound,
      hint: "Start one with limacharlie ai chat or limacharlie ai start-session",
    });
  }
  const now = clock.now();
  const described = sessions.map((session) => describeSession(session, now));
  const columns = terminal.size().columns - MARGIN;
  const longest = Math.max(...described.map(({ value }) => widthOf(sanitizeLine(value))));
  const width = Math.min(longest, Math.max(columns - DESCRIPTION, SHORTEST_ID));
  const choices = described.map(({ value, description = "" }) => {
    const [id, what] = [sanitizeLine(value), sanitizeLine(description)];
    const shown = padEndToWidth(truncateToWidth(id, width), width);
    const label = truncateToWidth(safeText`${shown}  ${what}`, columns);
    return { label, value, search: safeText`${id}  ${what}` };
  });
  const which = isAll ? safeText`` : safeText` (the newest ${sessions.length})`;
  return await prompter.select(safeText`Which session?${which}`, choices);
}
