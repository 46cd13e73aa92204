import type { Clock, Environment } from "../app/deps.ts";
import type { Credentials } from "./credentials.ts";
import type { ConfigPaths } from "./paths.ts";
import { readPrivateFile, writePrivateFile } from "./private_file.ts";
import { sha256 } from "./sha256.ts";

/** A token with less time left than this is not worth starting with. */
const LEAST_SECONDS_LEFT = 600;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Tokens on disk, shared with the Python CLI: a JSON object that has `{"jwt": …}` by a hash of the
 * credentials. A cache is a convenience: one that is corrupt, unsafe or cannot be written is
 * ignored.
 */
export class TokenCache {
  readonly #paths: ConfigPaths;
  readonly #clock: Clock;
  readonly #off: boolean;

  /** @param off whether the configuration switches it off; the environment may, too */
  constructor(paths: ConfigPaths, env: Environment, clock: Clock, off: boolean) {
    this.#paths = paths;
    this.#clock = clock;
    this.#off = off || paths.ephemeral || Boolean(env.get("LC_NO_JWT_CACHE"));
  }

  /** A token for these credentials with more than 10 minutes left. */
  async get(credentials: Credentials, oid: string): Promise<string | undefined> {
    if (this.#off) return undefined;
    const entry = (await this.#read())[await keyOf(credentials, oid)];
    const token = tokenOf(entry);
    const expiry = token === undefined ? undefined : expiryOf(token);
    if (token === undefined || expiry === undefined) return undefined;
    return expiry > this.#clock.now() / 1000 + LEAST_SECONDS_LEFT ? token : undefined;
  }

  /** Keeps a token, and forgets those that have expired. */
  async put(credentials: Credentials, oid: string, token: string): Promise<void> {
    if (this.#off || !JWT.test(token) || expiryOf(token) === undefined) return;
    const key = await keyOf(credentials, oid);
    await this.#change((entries) => ({ ...this.#unexpired(entries), [key]: { jwt: token } }));
  }

  /** Forgets a token that was rejected, unless another process has put a new one in its place. */
  async drop(credentials: Credentials, oid: string, rejected: string): Promise<void> {
    if (this.#off) return;
    const key = await keyOf(credentials, oid);
    await this.#change(({ [key]: entry, ...rest }) =>
      tokenOf(entry) === rejected ? rest : undefined
    );
  }

  /** Forgets every token. */
  async clear(): Promise<void> {
    if (this.#paths.ephemeral) return;
    await Deno.remove(this.#paths.tokenCache).catch(() => {});
  }

  #unexpired(entries: Entries): Entries {
    const now = this.#clock.now() / 1000;
    return Object.fromEntries(
      Object.entries(entries).filter(([, entry]) => {
        const token = tokenOf(entry);
        return token === undefined || (expiryOf(token) ?? Infinity) > now;
      }),
    );
  }

  async #read(): Promise<Entries> {
    try {
      const entries: unknown = JSON.parse(await readPrivateFile(this.#paths.tokenCache) ?? "{}");
      return typeof entries === "object" && entries !== null && !Array.isArray(entries)
        ? entries as Entries
        : {};
    } catch {
      return {};
    }
  }

  async #change(change: (entries: Entries) => Entries | undefined): Promise<void> {
    const changed = change(await this.#read());
    if (changed === undefined) return;
    const { tokenCache, inOwnFolder } = this.#paths;
    await writePrivateFile(tokenCache, JSON.stringify(changed), { ownFolder: inOwnFolder })
      .catch(() => {});
  }
}

type Entries = Readonly<Record<string, unknown>>;

function tokenOf(entry: unknown): string | undefined {
  const token = (entry as { readonly jwt?: unknown } | null | undefined)?.jwt;
  return typeof token === "string" && JWT.test(token) ? token : undefined;
}

/**
 * The name of a token in the cache: the hash over what it was made from, as the Python CLI has it.
 * OAuth goes before an API key, because that is what the token is made with.
 */
async function keyOf({ oauth, apiKey, uid }: Credentials, oid: string): Promise<string> {
  const parts = oauth !== undefined
    ? [oid, "oauth", oauth.refreshToken]
    : [oid, "apikey", apiKey ?? "", ...(uid === undefined ? [] : [uid])];
  const bytes = new TextEncoder().encode(parts.join("\0"));
  return await sha256(bytes);
}

/**
 * When a JWT expires.
 *
 * @returns unix seconds, or undefined where it doesn't say
 */
export function expiryOf(token: string): number | undefined {
  try {
    const payload = Uint8Array.fromBase64(token.split(".")[1] ?? "", { alphabet: "base64url" });
    const { exp }: { exp?: unknown } = JSON.parse(new TextDecoder().decode(payload));
    return typeof exp === "number" ? exp : undefined;
  } catch {
    return undefined;
  }
}
