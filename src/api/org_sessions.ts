import type { JsonObject } from "../protocol/frames.ts";
import { textField } from "./answer.ts";
import type { Rest } from "./rest.ts";
import { Sessions } from "./sessions.ts";

/** What starting a session from a template answers. */
export interface StartedSession extends JsonObject {
  readonly session_id: string;
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
   * @throws {CliError} exit 6 or 9 when the answer was lost, with what to do about it
   */
  async startFromTemplate(body: JsonObject, signal?: AbortSignal): Promise<StartedSession> {
    const action = "start the session";
    const key = body["idempotent_key"];
    const answer = await this.#rest.call({
      action,
      method: "POST",
      path: "/v1/api/sessions",
      body,
      repeatable: typeof key === "string" && key !== "",
      whenLost: "See limacharlie ai session list; --idempotent-key makes trying again safe",
      signal,
    });
    return { ...answer, session_id: textField(answer, "session_id", action) };
  }
}
