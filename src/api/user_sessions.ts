import type { JsonObject } from "../protocol/frames.ts";
import { hasStatus } from "./errors.ts";
import type { Rest } from "./rest.ts";
import { type Session, Sessions, toSession } from "./sessions.ts";

/** What a new session of one's own may be given. Only what is set is sent. */
export interface CreateSession {
  readonly name?: string;
  readonly idempotent_key?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly max_turns?: number;
  readonly max_budget_usd?: number;
  readonly task_budget_tokens?: number;
  readonly one_shot?: boolean;
  readonly permission_mode?: string;
  readonly allowed_tools?: readonly string[];
  readonly denied_tools?: readonly string[];
  readonly plugins?: readonly string[];
}

/** The caller's own sessions. */
export class UserSessions extends Sessions {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    super(rest, "/v1/sessions");
    this.#rest = rest;
  }

  /**
   * Makes the caller known to the service, which a first session needs. Being known already is fine.
   *
   * @throws {ApiError} with status 403 when the caller's mail domain is not allowed
   */
  async register(signal?: AbortSignal): Promise<JsonObject> {
    try {
      return await this.#rest.call({
        action: "register",
        method: "POST",
        path: "/v1/register",
        repeatable: true,
        signal,
      });
    } catch (error) {
      if (hasStatus(error, 409)) return { registered: true };
      throw error;
    }
  }

  /**
   * Creates a session.
   *
   * @throws {ApiError} with status 403 without registration or credential, 409 with ten sessions
   * @throws {CliError} exit 6 or 9 when the answer was lost, with what to do about it
   */
  async create(settings: CreateSession, signal?: AbortSignal): Promise<Session> {
    const action = "create the session";
    const { idempotent_key: key } = settings;
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    const answer = await this.#rest.call({
      action,
      method: "POST",
      path: "/v1/sessions",
      body: Object.fromEntries(given),
      repeatable: Boolean(key),
      whenLost: key
        ? `Try again with --idempotent-key ${key}: while the session that may have been ` +
          "created is active, no second one is created"
        : "See limacharlie ai chats list before you try again",
      signal,
    });
    // Older servers answer the session itself.
    return toSession(answer["session"] ?? answer, action);
  }
}
