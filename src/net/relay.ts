import type { Clock } from "../app/deps.ts";
import { ConnectionError } from "../app/errors.ts";
import { Connection } from "./connection.ts";
import { authority, type Proxy } from "./proxy.ts";
import { Method, readCounted, readTarget, Socks } from "./socks.ts";
import type { Target } from "./target.ts";

/** How long a client may take to say what it wants. */
const PATIENCE_MILLISECONDS = 10_000;

/** How long to wait when the system hands out no more connections. */
const PAUSE_MILLISECONDS = 100;

/**
 * For how long a failure stands. After any failure of a `wss://` the runtime asks again at once, by
 * HTTP/2: a proxy that does not answer would take twice as long, and one that refuses a password
 * would count it twice. Whoever else tries again waits longer than this.
 */
const FAILURE_MILLISECONDS = 500;

/** Connects to a target by way of a proxy. */
export type Dial = (target: Target, proxy: Proxy, signal: AbortSignal) => Promise<Connection>;

/**
 * A SOCKS 5 server on this machine that the runtime's own connections go to, and that passes them
 * on by way of the real proxy: what the runtime does with proxies by itself would show the proxy's
 * password to the target, and hides why a proxy refused (docs/networks.md).
 *
 * Whoever else connects to it does not have its password, which is random, and gets nothing.
 */
export class Relay implements Disposable {
  readonly #dial: Dial;
  readonly #clock: Clock;
  readonly #listener: Deno.TcpListener;
  readonly #password = crypto.randomUUID();
  /** Each stands for the user whose name is its index. */
  readonly #proxies: Proxy[] = [];
  readonly #failures = new Map<string, { readonly error: ConnectionError; readonly at: number }>();
  readonly #clients = new Set<Connection>();
  readonly #closing = new AbortController();

  /** Begins to listen, on a free port of 127.0.0.1. */
  constructor(dial: Dial, clock: Clock) {
    this.#dial = dial;
    this.#clock = clock;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    // Nothing to wait for when the program has nothing else to do.
    this.#listener.unref();
    void this.#accept();
  }

  /** What a client of the runtime has to be given so that its connections go by a proxy. */
  routeBy(proxy: Proxy): Deno.Proxy {
    const username = String(this.#proxies.push(proxy) - 1);
    return {
      url: `socks5://127.0.0.1:${this.#listener.addr.port}`,
      basicAuth: { username, password: this.#password },
    };
  }

  /** Why the last connection to a target was not made; undefined when it was. */
  failureOf({ hostname, port }: Target): ConnectionError | undefined {
    return this.#failures.get(authority(hostname, port))?.error;
  }

  /** Stops to listen, and closes every connection. */
  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#listener.close();
    for (const client of this.#clients) client[Symbol.dispose]();
  }

  async #accept(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        void this.#serve(new Connection(await this.#listener.accept()));
      } catch {
        // Closed; or the system has no more of what a connection needs, which passes.
        await this.#clock.sleep(PAUSE_MILLISECONDS, signal).catch(() => {});
      }
    }
  }

  async #serve(client: Connection): Promise<void> {
    this.#clients.add(client);
    try {
      const request = await this.#receive(client);
      if (request === undefined) return;
      const server = await this.#connect(request.target, request.proxy);
      await client.write(reply(server === undefined ? Socks.Failed : Socks.Succeeded));
      if (server !== undefined) await client.join(server);
    } catch {
      // The client went away, or never spoke SOCKS.
    } finally {
      client[Symbol.dispose]();
      this.#clients.delete(client);
    }
  }

  /** What a client wants; undefined where it is none of ours. */
  async #receive(client: Connection): Promise<{ target: Target; proxy: Proxy } | undefined> {
    const received = new AbortController();
    this.#clock.sleep(PATIENCE_MILLISECONDS, received.signal)
      .then(() => client[Symbol.dispose](), () => {});
    try {
      const [version, count = 0] = await client.readExactly(2);
      if (version !== Socks.Version) return undefined;
      const methods = await client.readExactly(count);
      if (!methods.includes(Method.Login)) return undefined;
      await client.write(new Uint8Array([Socks.Version, Method.Login]));
      await client.readExactly(1);
      const proxy = this.#proxies[Number(await readCounted(client))];
      if (await readCounted(client) !== this.#password || proxy === undefined) return undefined;
      await client.write(new Uint8Array([Socks.LoginVersion, Socks.Succeeded]));
      const [, command] = await client.readExactly(3);
      if (command !== Socks.Connect) return undefined;
      return { target: await readTarget(client), proxy };
    } finally {
      received.abort();
    }
  }

  async #connect(target: Target, proxy: Proxy): Promise<Connection | undefined> {
    const name = authority(target.hostname, target.port);
    const failure = this.#failures.get(name);
    if (failure !== undefined && this.#clock.now() < failure.at + FAILURE_MILLISECONDS) {
      return undefined;
    }
    try {
      const server = await this.#dial(target, proxy, this.#closing.signal);
      this.#failures.delete(name);
      return server;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#failures.set(name, { error, at: this.#clock.now() });
      return undefined;
    }
  }
}

/** A reply that says nothing of where the connection begins. */
function reply(code: number): Uint8Array {
  return new Uint8Array([Socks.Version, code, 0, 1, 0, 0, 0, 0, 0, 0]);
}
