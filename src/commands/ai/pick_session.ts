import type { Sessions } from "../../api/sessions.ts";
import type { Deps, Service } from "../../app/deps.ts";
import { CliError } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import {
  cachedSession,
  describeSession,
  MOST_SESSIONS,
  newestFirst,
} from "../../completion/session_candidates.ts";
import type { JsonObject } from "../../protocol/frames.ts";
import { safeText, sanitizeLine } from "../../render/safe_text.ts";
import { padEndToWidth, truncateToWidth, widthOf } from "../../render/width.ts";

/** Columns that a prompt puts before a choice, and one at the end of the line. */
const MARGIN = 4;

/** Asks which session is meant, and gives its id. */
type Pick = (deps: Deps) => Promise<string>;

const organization = ({ orgSessions }: Service) => orgSessions;
const own = ({ userSessions }: Service) => userSessions;

export const pickAny: Pick = (deps) => pickSession([own, organization], deps);
export const pickOfOrganization: Pick = (deps) => pickSession([organization], deps);
export const pickOwn: Pick = (deps) => pickSession([own], deps);
export const pickActiveOfOrganization: Pick = (deps) => pickSession([organization], deps, isActive);
export const pickActiveOwn: Pick = (deps) => pickSession([own], deps, isActive);

/**
 * Asks which of the newest sessions is meant.
 *
 * @throws {CliError} exit 3 where there is none; what asking for them throws, where none of the
 * families can be asked for
 */
async function pickSession(
  families: readonly ((service: Service) => Sessions)[],
  deps: Deps,
  isWanted: (session: JsonObject) => boolean = () => true,
): Promise<string> {
  const { terminal, prompter, clock } = deps;
  const service = await deps.connect();
  const asked = families.map((family) => family(service).page({ limit: MOST_SESSIONS }));
  const pages = await Promise.allSettled(asked);
  const found = pages.flatMap((page) => page.status === "fulfilled" ? page.value.sessions : []);
  if (pages.every(({ status }) => status === "rejected")) await asked[0];
  const sessions = newestFirst(found.map(cachedSession).filter(isWanted)).slice(0, MOST_SESSIONS);
  if (sessions.length === 0) {
    throw new CliError("There is no session to choose from", {
      exitCode: ExitCode.NotFound,
      hint: "Start one with limacharlie ai chat or limacharlie ai start-session",
    });
  }
  const now = clock.now();
  const described = sessions.map((session) => describeSession(session, now));
  const width = Math.max(...described.map(({ value }) => widthOf(sanitizeLine(value))));
  const choices = described.map(({ value, description = "" }) => ({
    label: truncateToWidth(
      safeText`${padEndToWidth(sanitizeLine(value), width)}  ${sanitizeLine(description)}`,
      terminal.size().columns - MARGIN,
    ),
    value,
  }));
  return await prompter.select(safeText`Which session?`, choices);
}

function isActive({ status }: JsonObject): boolean {
  return status !== "ended";
}
