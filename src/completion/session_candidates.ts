import type { Session } from "../api/sessions.ts";
import type { JsonObject, SessionStatus } from "../protocol/frames.ts";
import { cutCharacters, oneLine } from "../render/cut.ts";
import { parseInstant, relativeTime } from "../render/human.ts";
import type { Candidate } from "./candidate.ts";

/** Nobody looks through a longer list; it is also the service's default for one page. */
export const MOST_SESSIONS = 50;

/** User-perceived characters of a first prompt that stand for the name of a session without one. */
const PROMPT_LIMIT = 40;

/** What a session can be that has not ended. The service takes one status at a time. */
export const ACTIVE: readonly SessionStatus[] = ["starting", "running"];

/** What of a session is worth keeping. */
export function cachedSession(session: Session): JsonObject {
  const { id, status, created_at, name, model, initial_prompt } = session;
  const title = [name, initial_prompt].find((text) => typeof text === "string" && text !== "");
  const tools = [session["allowed_tools"], session["denied_tools"]]
    .flatMap((list) => Array.isArray(list) ? list : []);
  return {
    id,
    status,
    created_at,
    title: typeof title === "string" ? cutCharacters(oneLine(title), PROMPT_LIMIT) : undefined,
    model,
    tools,
  };
}

/** The id, and what the session is: `running, 3 min ago, Triage`. */
export function describeSession(session: JsonObject, now: number): Candidate {
  const { id, status, created_at, title } = session;
  const created = parseInstant(created_at);
  const age = created === undefined ? undefined : relativeTime(created, now);
  const parts = [status, age, title].filter((part) => typeof part === "string" && part !== "");
  return { value: String(id), description: parts.join(", ") };
}

/** Sessions by when they were created; of those that don't say, the order stays. */
export function newestFirst(sessions: readonly JsonObject[]): JsonObject[] {
  const time = ({ created_at }: JsonObject) => parseInstant(created_at) ?? 0;
  return sessions.toSorted((one, other) => time(other) - time(one));
}
