import type { Network } from "../app/deps.ts";
import { Clients, type ClientsOptions } from "./clients.ts";

export interface NetworkOptions extends ClientsOptions {
  /**
   * What the runtime has, asked for when it is first needed: it loads them late, too. It must not
   * see the variables that `env` has for proxies and certificate authorities: it would follow them
   * by itself.
   */
  readonly runtime: () => Network;
}

/** A network that holds connections open. */
export interface OpenNetwork extends Network, Disposable {}

/**
 * Makes the network that REST and WebSockets share: the same choice of a proxy, the same
 * certificate authorities. Nothing is read or checked before the first connection.
 *
 * Both ways throw a CliError (exit 4) on a malformed proxy or an unusable file of certificates. Why
 * a proxy made no connection is said by a ConnectionError: fetch throws it, the error event of a
 * WebSocket has it.
 */
export function createNetwork({ runtime, ...options }: NetworkOptions): OpenNetwork {
  const clients = new Clients(options);
  let webSocket: typeof WebSocket | undefined;
  return {
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input);
      const client = clients.for(url);
      try {
        return await runtime().fetch(input, client === undefined ? init : { ...init, client });
      } catch (error) {
        if (init?.signal?.aborted === true) throw error;
        throw clients.failureOf(url) ?? error;
      }
    },
    get WebSocket() {
      return webSocket ??= routeWebSocket(runtime().WebSocket, clients);
    },
    [Symbol.dispose]: () => clients[Symbol.dispose](),
  };
}

/** The runtime's WebSocket, with the client that its URL needs. */
function routeWebSocket(base: typeof WebSocket, clients: Clients): typeof WebSocket {
  return class extends base {
    constructor(address: string | URL, protocols?: string | string[] | WebSocketOptions) {
      const url = new URL(address);
      const client = clients.for(url);
      const given = typeof protocols === "object" && !Array.isArray(protocols)
        ? protocols
        : protocols === undefined
        ? {}
        : { protocols };
      super(url, client === undefined ? given : { ...given, client });
      // Added before anybody else's listeners, and so called before them.
      this.addEventListener("error", (event) => {
        const failure = clients.failureOf(url);
        if (failure === undefined || (event as ErrorEvent).error === failure) return;
        event.stopImmediatePropagation();
        const { message } = failure;
        this.dispatchEvent(new ErrorEvent("error", { message, error: failure }));
      });
    }
  };
}
