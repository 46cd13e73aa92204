import type { JsonObject } from "../protocol/frames.ts";
import { textField } from "./answer.ts";
import type { Rest } from "./rest.ts";
import { Sessions } from "./sessions.ts";

/** What starting a session from a template answers. */
export interface StartedSession extends JsonObject {
  readonly session_id: string;
}

/** What to do when nobody knows whether a session was started: a hint. */
export function afterLostStart(idempotentKey: string): string {
  if (idempotentKey === "") return "See limacharlie ai session list before you try again";
  return `Try again with --idempotent-key ${idempotentKey}: ` +
    "while the session that it may have started is active, no second one is started";
}

/** The organization's sessions: those that rules and templates start. */
export class OrgSessions extends Sessions {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    super(rest, "/v1/org/sessions");
    this.#rest = rest;
  }

  /**
   * Starts a session from a template.
   *
   * @param body the whole request, secrets in it registered; with an `idempotent_key` it is safe to
   * send it again, and that is done when the answer is lost
   * @throws {CliError} exit 6 or 9 when the answer was lost for good, with what to do about it
   */
  async startFromTemplate(body: JsonObject, signal?: AbortSignal): Promise<StartedSession> {
    const action = "start the session";
    const key = typeof body["idempotent_key"] === "string" ? body["idempotent_key"] : "";
    const answer = await this.#rest.call({
      action,
      method: "POST",
      path: "/v1/api/sessions",
      body,
      repeatable: key !== "",
      whenLost: afterLostStart(key),
      signal,
    });
    return { ...answer, session_id: textField(answer, "session_id", action) };
  }
}
