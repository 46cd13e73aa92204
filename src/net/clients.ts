import type { Clock, Environment, Secrets } from "../app/deps.ts";
import type { ConnectionError } from "../app/errors.ts";
import { authorityStores, readAuthorities } from "./authorities.ts";
import { dial } from "./dial.ts";
import type { Proxy } from "./proxy.ts";
import { Relay } from "./relay.ts";
import { routeTo } from "./route.ts";
import { targetOf } from "./target.ts";

export interface ClientsOptions {
  readonly env: Environment;
  /** The value of `--ca-file`. */
  readonly caFile: string | undefined;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** What proxies are told. */
  readonly userAgent: string;
}

/** The runtime's HTTP clients, one for each way to connect, made when they are first needed. */
export class Clients implements Disposable {
  readonly #options: ClientsOptions;
  readonly #clients = new Map<string, Deno.HttpClient>();
  #caCerts: readonly string[] | undefined;
  #storesChecked = false;
  #relay: Relay | undefined;

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  /**
   * The client for a URL; undefined for the runtime's own.
   *
   * @throws {CliError} (exit 4) on a malformed proxy, or an unusable file of certificates
   */
  for(url: URL): Deno.HttpClient | undefined {
    this.#checkStores();
    const { proxy } = routeTo(url, this.#options.env);
    const isPlain = url.protocol === "http:" || url.protocol === "ws:";
    if (proxy === undefined && (isPlain || this.#authorities().length === 0)) return undefined;
    const key = JSON.stringify(proxy ?? null);
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = Deno.createHttpClient({
        caCerts: [...this.#authorities()],
        ...(proxy === undefined ? {} : { proxy: this.#routeBy(proxy) }),
      });
      this.#clients.set(key, client);
    }
    return client;
  }

  /** Why the last connection by way of a proxy to the host of a URL was not made, if it was not. */
  failureOf(url: URL): ConnectionError | undefined {
    return this.#relay?.failureOf(targetOf(url));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
    this.#relay?.[Symbol.dispose]();
    this.#relay = undefined;
  }

  #routeBy(proxy: Proxy): Deno.Proxy {
    const { clock, secrets, userAgent } = this.#options;
    secrets.add(proxy.login?.password);
    const caCerts = this.#authorities();
    this.#relay ??= new Relay(
      (target, by, signal) => dial(target, by, { clock, caCerts, userAgent, signal }),
      clock,
    );
    return this.#relay.routeBy(proxy);
  }

  #authorities(): readonly string[] {
    const { env, caFile } = this.#options;
    return this.#caCerts ??= readAuthorities(env, caFile).map(({ pem }) => pem);
  }

  /** The runtime would say that it cannot use them, and not why. */
  #checkStores(): void {
    if (!this.#storesChecked) authorityStores(this.#options.env);
    this.#storesChecked = true;
  }
}
