import type { Credentials } from "../config/credentials.ts";
import type { JsonObject } from "../protocol/frames.ts";
import { readAnswer } from "./answer.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http.ts";
import { missingOrganization, type TokenSource } from "./token.ts";

/** A call of the service. */
export interface Call {
  /** What it is for, to follow "Cannot": `list the sessions`. */
  readonly action: string;
  readonly method?: HttpRequest["method"];
  /** Path below the host, its segments percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: JsonObject;
  /** Whether doing it twice is the same as doing it once; so it is unless it is a POST. */
  readonly repeatable?: boolean;
  readonly whenLost?: string;
  readonly secretAnswer?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Calls one host of the service in one way of saying who calls. */
export interface Rest {
  /**
   * @returns the answer's JSON object
   * @throws {ApiError} on an answer that is no success
   * @throws {CliError} without an answer, or with one that is not to be understood
   */
  call(call: Call): Promise<JsonObject>;
}

/** Makes the three ways to call the service. */
export class RestFactory {
  readonly #http: HttpClient;
  readonly #signal: AbortSignal;

  /** @param signal ends every call */
  constructor(http: HttpClient, signal: AbortSignal) {
    this.#http = http;
    this.#signal = signal;
  }

  /** Nobody in particular calls. */
  open(host: string): Rest {
    return {
      call: async (call) => this.#read(await this.#send(host, call, {}), host, call),
    };
  }

  /** The caller's token says who calls; one that was rejected is renewed once. */
  withToken(host: string, token: TokenSource, headers: Record<string, string> = {}): Rest {
    return {
      call: async (call) => {
        const send = async (jwt: string) =>
          await this.#send(host, call, { ...headers, authorization: `Bearer ${jwt}` });
        const jwt = await token.get();
        const answer = await send(jwt);
        return this.#read(
          answer.status === 401 ? await send(await token.renew(jwt)) : answer,
          host,
          call,
        );
      },
    };
  }

  /** The organization calls: with its API key as it is, where there is one. */
  asOrganization(host: string, credentials: Credentials, token: TokenSource): Rest {
    const { oid, uid, apiKey } = credentials;
    if (oid === undefined) {
      return { call: ({ action }) => Promise.reject(missingOrganization(action)) };
    }
    const headers = { "x-lc-oid": oid, ...(uid === undefined ? {} : { "x-lc-uid": uid }) };
    if (apiKey === undefined) return this.withToken(host, token, headers);
    const authorization = `Bearer ${apiKey}`;
    return {
      call: async (call) =>
        this.#read(await this.#send(host, call, { ...headers, authorization }), host, call),
    };
  }

  #read(answer: HttpAnswer, host: string, { action, whenLost }: Call): JsonObject {
    return readAnswer(answer, action, new URL(host).host, whenLost);
  }

  async #send(host: string, call: Call, headers: Record<string, string>): Promise<HttpAnswer> {
    const { action, method = "GET", path, query = {}, body, whenLost, secretAnswer } = call;
    const url = new URL(host + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return await this.#http.send({
      action,
      method,
      url: url.href,
      headers: new Headers({
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeatable: call.repeatable ?? method !== "POST",
      ...(whenLost === undefined ? {} : { whenLost }),
      ...(secretAnswer === undefined ? {} : { secretAnswer }),
      signal: call.signal === undefined
        ? this.#signal
        : AbortSignal.any([this.#signal, call.signal]),
    });
  }
}
