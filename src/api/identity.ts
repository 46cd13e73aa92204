import type { JsonObject } from "../protocol/frames.ts";
import type { Rest } from "./rest.ts";

/** Who the caller is to the platform. */
export class Identity {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** The caller's identity, organizations (`orgs`) and permissions (`perms`, `user_perms`). */
  async who(signal?: AbortSignal): Promise<JsonObject> {
    return await this.#rest.call({ action: "ask who the caller is", path: "/v1/who", signal });
  }
}
