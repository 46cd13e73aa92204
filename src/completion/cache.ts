import { hostsOf } from "../api/hosts.ts";
import type { Clock, Environment } from "../app/deps.ts";
import {
  type CredentialFlags,
  type Credentials,
  resolveCredentials,
} from "../config/credentials.ts";
import { type ConfigPaths, locateConfig } from "../config/paths.ts";
import { readPrivateFile, writePrivateFile } from "../config/private_file.ts";
import { sha256 } from "../config/sha256.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";

/** What the service is asked for. */
export type Resource =
  | "org_sessions"
  | "user_sessions"
  | "active_org_sessions"
  | "active_user_sessions"
  | "templates"
  | "identities";

/** What the service said, and when it was asked. */
export interface Entry {
  /** Milliseconds since 1970, also where no answer came. */
  readonly askedAt: number;
  /** When the items were answered; 0 before there was an answer. */
  readonly answeredAt: number;
  readonly items: readonly JsonObject[];
}

type Entries = Readonly<Partial<Record<Resource, Entry>>>;

/** Credentials that were not used for longer are forgotten first. */
const MOST_CREDENTIALS = 8;

/**
 * What the service said last, by a hash of the credentials that it was asked with, in a private file
 * beside the token cache. Like that one it is a convenience: where it is corrupt, unsafe or cannot
 * be written, it is ignored; with LC_EPHEMERAL_CREDS there is none.
 */
export class CompletionCache {
  readonly #paths: ConfigPaths;
  readonly #key: string;
  readonly #file: string | undefined;

  private constructor(paths: ConfigPaths, key: string) {
    this.#paths = paths;
    this.#key = key;
    this.#file = fileOf(paths);
  }

  /** @param hosts where the service is: the same credentials may be good for another one too */
  static async open(
    paths: ConfigPaths,
    { oid, uid, apiKey, oauth }: Credentials,
    hosts: readonly (string | undefined)[],
  ): Promise<CompletionCache> {
    const parts = [...hosts, oid, uid, apiKey, oauth?.refreshToken].map((part) => part ?? null);
    const bytes = new TextEncoder().encode(JSON.stringify(parts));
    return new CompletionCache(paths, await sha256(bytes));
  }

  /** The cache of whoever asks, and how they prove who they are. */
  static async of(
    env: Environment,
    asker: CredentialFlags,
  ): Promise<{ readonly cache: CompletionCache; readonly credentials: Credentials }> {
    const paths = await locateConfig(env);
    const { credentials } = await resolveCredentials(asker, env, paths);
    const { api, jwt, ai } = hostsOf(env);
    return { cache: await CompletionCache.open(paths, credentials, [api, jwt, ai]), credentials };
  }

  /** Forgets what is known for any credentials. */
  static async clear(paths: ConfigPaths): Promise<void> {
    const file = fileOf(paths);
    if (file !== undefined) await Deno.remove(file).catch(() => {});
  }

  /** Whether anything is kept at all: it is once somebody has pressed Tab. */
  async isInUse(): Promise<boolean> {
    return this.#file !== undefined && await Deno.lstat(this.#file).then(() => true, () => false);
  }

  /** What is known for these credentials. */
  async read(): Promise<Entries> {
    return toEntries((await this.#readAll())[this.#key]);
  }

  /** Keeps answers. */
  async put(answers: Entries): Promise<void> {
    if (this.#file === undefined) return;
    const { [this.#key]: own, ...others } = await this.#readAll();
    const kept = Object.entries(others).slice(1 - MOST_CREDENTIALS);
    const all = { ...Object.fromEntries(kept), [this.#key]: { ...toEntries(own), ...answers } };
    await writePrivateFile(this.#file, JSON.stringify(all), { ownFolder: this.#paths.inOwnFolder })
      .catch(() => {});
  }

  async #readAll(): Promise<JsonObject> {
    if (this.#file === undefined) return {};
    try {
      const all: unknown = JSON.parse(await readPrivateFile(this.#file) ?? "{}");
      return isObject(all) ? all : {};
    } catch {
      return {};
    }
  }
}

function fileOf({ ephemeral, tokenCache }: ConfigPaths): string | undefined {
  return ephemeral ? undefined : tokenCache.replace(/jwt_cache(\.json)?$/, "completion_cache$1");
}

/** Whether a time lies within so many milliseconds before now. */
export function isRecent(time: number, milliseconds: number, clock: Clock): boolean {
  const age = clock.now() - time;
  // A clock that was set back must not keep an old answer for ever.
  return age >= 0 && age < milliseconds;
}

function toEntries(value: unknown): Entries {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) =>
      isObject(entry) && typeof entry["askedAt"] === "number" &&
      typeof entry["answeredAt"] === "number" && Array.isArray(entry["items"]) &&
      entry["items"].every(isObject)
    ),
  );
}
