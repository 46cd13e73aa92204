import { Connection } from "../../src/net/connection.ts";
import type { Need } from "./skip.ts";

/** A server of connections on loopback; at the end of its scope all of them are closed. */
export interface TcpServer extends AsyncDisposable {
  readonly port: number;
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
}

/**
 * Hands each connection that comes in to a function, and closes it when that returns or fails.
 *
 * @param serve gets a function that keeps further connections to be closed with the server
 */
export function serveConnections(
  listener: Deno.Listener<Deno.Conn, Deno.NetAddr>,
  serve: (connection: Connection, keep: (other: Deno.Conn) => Connection) => Promise<void>,
): TcpServer {
  const open = new Set<Connection>();
  const keep = (conn: Deno.Conn) => {
    const connection = new Connection(conn);
    open.add(connection);
    return connection;
  };
  const running = new Set<Promise<void>>();
  const accept = async () => {
    for await (const conn of listener) {
      const connection = keep(conn);
      // A client that goes away half-way is no failure of the server.
      const served = serve(connection, keep).catch(() => {}).finally(() => {
        connection[Symbol.dispose]();
        running.delete(served);
      });
      running.add(served);
    }
  };
  const accepted = accept();
  const { hostname, port } = listener.addr;
  return {
    port,
    address: `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepted;
      for (const connection of open) connection[Symbol.dispose]();
      await Promise.all(running);
    },
  };
}

/** IPv6 on loopback. */
export const IPV6_NEED: Need = { missing: listens("::1") ? undefined : "there is no IPv6" };

/** A port of 127.0.0.1 on which nothing listens. */
export function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function listens(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
