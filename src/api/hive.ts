import type { Secrets } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { unexpected } from "./answer.ts";
import { hasStatus } from "./errors.ts";
import { pathSegment } from "./path_segment.ts";
import type { Rest } from "./rest.ts";
import { isSecretReference, secretNameOf } from "./secret_references.ts";
import { missingOrganization } from "./token.ts";

/** A record of a hive: what it holds, and what is known about it. */
export interface HiveRecord extends JsonObject {
  readonly data: JsonObject;
}

/** The organization's hives: named records, among them templates and secrets. */
export class Hive {
  readonly #rest: Rest;
  readonly #oid: string | undefined;
  readonly #secrets: Secrets;
  readonly #fetched = new Map<string, Promise<string>>();

  constructor(rest: Rest, oid: string | undefined, secrets: Secrets) {
    this.#rest = rest;
    this.#oid = oid;
    this.#secrets = secrets;
  }

  /**
   * Gets a record.
   *
   * @throws {CliError} exit 3 when there is none of that name, exit 2 without permission
   */
  async get(hive: string, key: string, signal?: AbortSignal): Promise<HiveRecord> {
    const reference = `hive://${hive}/${key}`;
    const action = `get ${reference}`;
    const path = `${this.#pathOf(hive, action)}/${pathSegment(key, "record name")}/data`;
    let answer: JsonObject;
    try {
      answer = await this.#rest.call({ action, path, secretAnswer: true, signal });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      throw new CliError(`No record ${reference} in organization ${this.#oid}`, {
        exitCode: ExitCode.NotFound,
        cause: error,
      });
    }
    return { ...answer, data: dataOf(answer, action) };
  }

  /** Names of all records of a hive. */
  async names(hive: string, signal?: AbortSignal): Promise<string[]> {
    const action = `list hive://${hive}`;
    const path = this.#pathOf(hive, action);
    return Object.keys(await this.#rest.call({ action, path, secretAnswer: true, signal }));
  }

  /**
   * The secret that a value stands for, or the value itself. Each secret is fetched once, and masked
   * from then on.
   *
   * @throws {CliError} exit 4 on an empty name, exit 3 on an unknown one; never with a value in it
   */
  async resolve(value: string, signal?: AbortSignal): Promise<string> {
    if (!isSecretReference(value)) return value;
    const name = secretNameOf(value);
    let fetched = this.#fetched.get(name);
    if (fetched === undefined) {
      fetched = this.#fetchSecret(name, signal);
      this.#fetched.set(name, fetched);
    }
    return await fetched;
  }

  async #fetchSecret(name: string, signal?: AbortSignal): Promise<string> {
    const { data } = await this.get("secret", name, signal);
    const secret = data["secret"];
    if (typeof secret !== "string") {
      throw unexpected(`get hive://secret/${name}`, "the record holds no secret");
    }
    this.#secrets.add(secret);
    return secret;
  }

  #pathOf(hive: string, action: string): string {
    if (this.#oid === undefined) throw missingOrganization(action);
    return `/v1/hive/${pathSegment(hive, "hive")}/${pathSegment(this.#oid, "organization ID")}`;
  }
}

/** The content of a record, which comes as an object or as JSON text. */
function dataOf(answer: JsonObject, action: string): JsonObject {
  let data = answer["data"] ?? {};
  if (typeof data === "string") {
    try {
      data = JSON.parse(data);
    } catch {
      throw unexpected(action, "the record holds no JSON");
    }
  }
  if (!isObject(data)) throw unexpected(action, "the record holds no JSON object");
  return data;
}
