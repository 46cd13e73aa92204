import type { JsonObject } from "../protocol/frames.ts";
import { pathSegment } from "./path_segment.ts";
import type { Rest } from "./rest.ts";

/** What the organization's API keys have spent on sessions. */
export class Usage {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Who has used sessions: `{identities: […]}`. */
  async identities(signal?: AbortSignal): Promise<JsonObject> {
    const action = "list the usage identities";
    return await this.#rest.call({ action, path: "/v1/org/usage/identities", signal });
  }

  /** Tokens and cost of one of them, by the hour: `{identity, usage: […]}`. */
  async get(identity: string, signal?: AbortSignal): Promise<JsonObject> {
    const action = `get the usage of "${identity}"`;
    const path = `/v1/org/usage/identities/${pathSegment(identity, "identity")}`;
    return await this.#rest.call({ action, path, signal });
  }
}
