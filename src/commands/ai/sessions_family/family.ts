import { hasStatus } from "../../../api/errors.ts";
import type { Sessions } from "../../../api/sessions.ts";
import type { Service } from "../../../app/deps.ts";
import { CliError } from "../../../app/errors.ts";
import { ExitCode } from "../../../app/exit_codes.ts";
import type { JsonObject } from "../../../protocol/frames.ts";
import type { CellKind } from "../../../render/cell.ts";
import { cutCharacters } from "../../../render/cut.ts";

/** User-perceived characters that lists and details show of a session's first prompt. */
const PROMPT_LIMIT = 120;

/** One of the two families of sessions, which see nothing of each other. */
export interface Family {
  /** The words of its commands, without the last one. */
  readonly words: string;
  /** What a session of it is, to follow "a session". */
  readonly whose: string;
  readonly sessions: (service: Service) => Sessions;
}

export const ORGANIZATION: Family = {
  words: "ai session",
  whose: "of the organization",
  sessions: ({ orgSessions }) => orgSessions,
};

export const OWN: Family = {
  words: "ai chats",
  whose: "of your own",
  sessions: ({ userSessions }) => userSessions,
};

/** The fields that a table shows first. */
export const COLUMNS = [
  "id",
  "status",
  "name",
  "created_at",
  "end_reason",
  "total_cost_usd",
  "model",
  "initial_prompt",
] as const;

/** What the fields of a session stand for. */
export const KINDS: Readonly<Record<string, CellKind>> = {
  created_at: "time",
  started_at: "time",
  terminated_at: "time",
  total_cost_usd: "money",
  cost_usd: "money",
  max_budget_usd: "money",
  input_tokens: "count",
  output_tokens: "count",
  total_tokens: "count",
};

/** A session with its first prompt cut. */
export function withShortPrompt(session: JsonObject): JsonObject {
  const prompt = session["initial_prompt"];
  if (typeof prompt !== "string") return session;
  return { ...session, initial_prompt: cutCharacters(prompt, PROMPT_LIMIT) };
}

/**
 * Does something with a session of a family. Where there is none of that id, the other family is
 * looked through.
 *
 * @param verb the last word of the command, for the hint
 * @throws {CliError} exit 3 with a hint where the session is of the other family
 */
export async function withSession<T>(
  { family, verb, id, service }: {
    readonly family: Family;
    readonly verb: string;
    readonly id: string;
    readonly service: Service;
  },
  action: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  try {
    return await action(family.sessions(service));
  } catch (error) {
    const other = family === OWN ? ORGANIZATION : OWN;
    if (!hasStatus(error, 403, 404) || !await isIn(other, id, service)) throw error;
    throw new CliError(`Session "${id}" is not one ${family.whose}, but one ${other.whose}`, {
      exitCode: ExitCode.NotFound,
      hint: `Use limacharlie ${other.words} ${verb} --id ${id}`,
      cause: error,
    });
  }
}

/** Whether the session can be seen there; where that is not to be found out it counts as no. */
async function isIn(family: Family, id: string, service: Service): Promise<boolean> {
  try {
    return await family.sessions(service).find(id) !== undefined;
  } catch {
    return false;
  }
}
