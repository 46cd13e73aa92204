import type { Secrets } from "../app/deps.ts";
import type { JsonObject } from "../protocol/frames.ts";
import { textField } from "./answer.ts";
import type { Rest } from "./rest.ts";

/** Whether the caller has a Claude credential stored. */
export interface ClaudeStatus extends JsonObject {
  readonly has_credentials: boolean;
}

/** A sign-in with Claude that has begun. */
export interface ClaudeLogin extends JsonObject {
  readonly oauth_session_id: string;
}

/** How far the URL to sign in at is. */
export type ClaudeLoginUrl =
  | { readonly state: "pending" }
  | { readonly state: "ready"; readonly url: string }
  | { readonly state: "failed"; readonly reason: string };

/** The caller's Claude credential, which chats are billed to. */
export class ClaudeAuth {
  readonly #rest: Rest;
  readonly #secrets: Secrets;

  constructor(rest: Rest, secrets: Secrets) {
    this.#rest = rest;
    this.#secrets = secrets;
  }

  async status(signal?: AbortSignal): Promise<ClaudeStatus> {
    const answer = await this.#rest.call({
      action: "get the state of the Claude credential",
      path: "/v1/auth/claude/status",
      signal,
    });
    return { ...answer, has_credentials: answer["has_credentials"] === true };
  }

  /** Begins to sign in with Claude; the answer also has `expires_in` (seconds) and `message`. */
  async start(signal?: AbortSignal): Promise<ClaudeLogin> {
    const action = "begin to sign in with Claude";
    const answer = await this.#rest.call({
      action,
      method: "POST",
      path: "/v1/auth/claude/start",
      signal,
    });
    return { ...answer, oauth_session_id: textField(answer, "oauth_session_id", action) };
  }

  /** Asks, once, for the URL to sign in at. */
  async url(oauthSessionId: string, signal?: AbortSignal): Promise<ClaudeLoginUrl> {
    const action = "get the URL to sign in with Claude";
    const answer = await this.#rest.call({
      action,
      path: "/v1/auth/claude/url",
      query: { session_id: oauthSessionId },
      signal,
    });
    switch (answer["status"]) {
      // Both spellings are in use.
      case "ready":
      case "url_ready":
        return { state: "ready", url: textField(answer, "url", action) };
      case "failed": {
        const reason = answer["error"] || answer["message"];
        return { state: "failed", reason: typeof reason === "string" ? reason : "no reason given" };
      }
    }
    return { state: "pending" };
  }

  /** Hands in the code that signing in gave. */
  async submitCode(
    oauthSessionId: string,
    code: string,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    this.#secrets.add(code);
    return await this.#rest.call({
      action: "hand in the code",
      method: "POST",
      path: "/v1/auth/claude/code",
      body: { session_id: oauthSessionId, code },
      whenLost: "See limacharlie ai auth claude status",
      signal,
    });
  }

  /** Stores an Anthropic API key, in the place of any other credential. */
  async setKey(apiKey: string, signal?: AbortSignal): Promise<JsonObject> {
    this.#secrets.add(apiKey);
    return await this.#rest.call({
      action: "store the Anthropic API key",
      method: "POST",
      path: "/v1/auth/claude/apikey",
      body: { api_key: apiKey },
      // The same key twice is the same key.
      repeatable: true,
      signal,
    });
  }

  /** Removes the stored credential. */
  async remove(signal?: AbortSignal): Promise<JsonObject> {
    return await this.#rest.call({
      action: "remove the Claude credential",
      method: "DELETE",
      path: "/v1/auth/claude",
      signal,
    });
  }
}
