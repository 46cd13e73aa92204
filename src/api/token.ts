import type { Clock, Secrets } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { OAuthTokens } from "../config/section.ts";
import type { Credentials } from "../config/credentials.ts";
import { expiryOf, type TokenCache } from "../config/token_cache.ts";
import { readAnswer, textField } from "./answer.ts";
import { hasStatus } from "./errors.ts";
import { checkHeaderText } from "./header_text.ts";
import type { HttpClient } from "./http.ts";
import { freshOAuth } from "./oauth.ts";

/** A token in memory is used until so shortly before its end. */
const LEAST_MILLISECONDS_LEFT = 60_000;

/** Names no organization: the token then tells who the user is, and no more. */
const NO_ORGANIZATION = "-";

const ACTION = "get a token";

export interface TokenOptions {
  readonly credentials: Credentials;
  readonly url: string;
  readonly http: HttpClient;
  readonly cache: TokenCache;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Keeps a refreshed browser sign-in. It must not fail. */
  readonly saveOAuth: (tokens: OAuthTokens) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The caller's JWT: from memory, else from the cache on disk, else from the token service. */
export class TokenSource {
  readonly #options: TokenOptions;
  #oauth: OAuthTokens | undefined;
  #token: string | undefined;
  #minting: Promise<string> | undefined;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#oauth = options.credentials.oauth;
  }

  /** When the token in use expires, in unix milliseconds; undefined before there is one. */
  get expiresAt(): number | undefined {
    const expiry = this.#token === undefined ? undefined : expiryOf(this.#token);
    return expiry === undefined ? undefined : expiry * 1000;
  }

  /**
   * A token that is good for a while.
   *
   * @throws {CliError} exit 2 when the service grants none, exit 6 or 9 when it is out of reach
   */
  async get(): Promise<string> {
    if (this.#token !== undefined && this.#hasTimeLeft()) return this.#token;
    return await this.#once(async () => {
      const oid = this.#organization();
      const cached = this.#token === undefined
        ? await this.#options.cache.get(this.#current(), oid)
        : undefined;
      return cached ?? await this.#mintAndKeep(oid);
    });
  }

  /**
   * Drops the token and mints anew.
   *
   * @param rejected the token that was rejected: when another one is in use already, that is it
   * @throws {CliError} as {@linkcode get}
   */
  async renew(rejected: string | undefined = this.#token): Promise<string> {
    if (this.#token !== undefined && this.#token !== rejected) return this.#token;
    return await this.#once(async () => {
      const oid = this.#organization();
      this.#token = undefined;
      if (rejected !== undefined) await this.#options.cache.drop(this.#current(), oid, rejected);
      return await this.#mintAndKeep(oid);
    });
  }

  /**
   * Mints a token in place of one that is good for a while yet, and goes on with that where it fails.
   *
   * @throws {CliError} as {@linkcode get}
   */
  async refresh(): Promise<void> {
    await this.#once(() => this.#mintAndKeep(this.#organization()));
  }

  /**
   * Mints a token for other uses, which is neither kept nor used here.
   *
   * @param expiry unix seconds at which it is to expire
   * @throws {CliError} as {@linkcode get}
   */
  async mint(expiry?: number): Promise<string> {
    return await this.#mint(this.#organization(), expiry);
  }

  /** One token at a time: who asks meanwhile gets the same one. */
  async #once(get: () => Promise<string>): Promise<string> {
    this.#minting ??= get().finally(() => this.#minting = undefined);
    const token = await this.#minting;
    this.#options.secrets.add(token);
    return this.#token = token;
  }

  #hasTimeLeft(): boolean {
    const end = this.expiresAt;
    return end === undefined || end > this.#options.clock.now() + LEAST_MILLISECONDS_LEFT;
  }

  /** A user's token may name no organization; an organization's key needs one. */
  #organization(): string {
    const { oid, uid, oauth } = this.#options.credentials;
    if (oid !== undefined) return oid;
    if (uid !== undefined || oauth !== undefined) return NO_ORGANIZATION;
    throw missingOrganization(ACTION);
  }

  #current(): Credentials {
    const { credentials } = this.#options;
    return this.#oauth === undefined ? credentials : { ...credentials, oauth: this.#oauth };
  }

  async #mintAndKeep(oid: string): Promise<string> {
    const token = await this.#mint(oid);
    await this.#options.cache.put(this.#current(), oid, token);
    return token;
  }

  async #mint(oid: string, expiry?: number): Promise<string> {
    const { credentials, url, http, secrets, signal } = this.#options;
    const answer = await http.send({
      action: ACTION,
      method: "POST",
      url,
      headers: new Headers({ "content-type": "application/x-www-form-urlencoded" }),
      body: new URLSearchParams({
        ...await this.#proof(),
        oid,
        ...(expiry === undefined ? {} : { expiry: String(Math.floor(expiry)) }),
      }).toString(),
      // A token more or less changes nothing.
      repeatable: true,
      secretAnswer: true,
      signal,
    });
    try {
      const token = textField(readAnswer(answer, ACTION, new URL(url).host), "jwt", ACTION);
      secrets.add(token);
      checkHeaderText(token, "token from the token service");
      return token;
    } catch (error) {
      // The token service says 400 to a key that it doesn't know.
      if (!hasStatus(error, 400, 401, 403, 404)) throw error;
      throw new CliError(error.message, {
        exitCode: ExitCode.Auth,
        hint: `Check the credentials of ${credentials.source}, and that they belong to ` +
          `organization ${oid}`,
        cause: error,
      });
    }
  }

  /** What shows the token service who asks. */
  async #proof(): Promise<Record<string, string>> {
    const { credentials, http, clock, secrets, saveOAuth, signal } = this.#options;
    if (this.#oauth !== undefined) {
      const options = { http, clock, secrets, save: saveOAuth };
      this.#oauth = await freshOAuth(this.#oauth, options, signal);
      return { fb_auth: this.#oauth.idToken };
    }
    return {
      secret: credentials.apiKey ?? "",
      ...(credentials.uid === undefined ? {} : { uid: credentials.uid }),
    };
  }
}

/** The error where an organization is needed and none is known. */
export function missingOrganization(action: string): CliError {
  return new CliError(`Cannot ${action}: no organization is chosen`, {
    exitCode: ExitCode.Auth,
    hint: "Name one with --oid or LC_OID, or keep one with limacharlie auth use-org OID",
  });
}
