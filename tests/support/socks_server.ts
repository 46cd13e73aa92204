import type { Connection } from "../../src/net/connection.ts";
import { serveConnections, type TcpServer } from "./tcp.ts";

export interface SocksServerOptions {
  /** 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** Addresses by name; the server reaches nothing else. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** User and password without which it refuses. */
  readonly login?: readonly [user: string, password: string];
  /** The number with which it refuses every connection. */
  readonly reply?: number;
}

/** What a client asked for. */
export interface SocksRequest {
  /** 1 IPv4, 3 a name, 4 IPv6. */
  readonly type: number;
  readonly host: string;
  readonly port: number;
}

/** A SOCKS 5 server on loopback, after RFC 1928 and RFC 1929. */
export interface SocksServer extends TcpServer {
  readonly requests: readonly SocksRequest[];
}

/** Starts a server; it stops at the end of its scope. */
export function startSocksServer(options: SocksServerOptions = {}): SocksServer {
  const requests: SocksRequest[] = [];
  const listener = Deno.listen({ hostname: options.hostname ?? "127.0.0.1", port: 0 });
  const server = serveConnections(listener, async (client, keep) => {
    const bytes = (...values: number[]) => client.write(new Uint8Array(values));
    const [version, count = 0] = await client.readExactly(2);
    if (version !== 5) return;
    const methods = await client.readExactly(count);
    const wanted = options.login === undefined ? 0 : 2;
    if (!methods.includes(wanted)) return await bytes(5, 255);
    await bytes(5, wanted);
    if (options.login !== undefined) {
      await client.readExactly(1);
      const given = [await readText(client), await readText(client)];
      const known = given.every((part, index) => part === options.login?.[index]);
      await bytes(1, known ? 0 : 1);
      if (!known) return;
    }
    const request = await readRequest(client);
    requests.push(request);
    const hostname = options.hosts?.[request.host];
    const reply = options.reply ?? (hostname === undefined ? 4 : 0);
    if (reply !== 0) return await bytes(5, reply, 0, 1, 0, 0, 0, 0, 0, 0);
    const conn = await Deno.connect({ hostname: hostname ?? "", port: request.port });
    // A name as the bound address is allowed, and has a length of its own.
    await bytes(5, 0, 0, 3, 2, 0x68, 0x69, 0, 80);
    await client.join(keep(conn));
  });
  return { ...server, requests };
}

async function readText(client: Connection): Promise<string> {
  const [size = 0] = await client.readExactly(1);
  return new TextDecoder().decode(await client.readExactly(size));
}

async function readRequest(client: Connection): Promise<SocksRequest> {
  const [, , , type = 0] = await client.readExactly(4);
  const host = type === 3
    ? await readText(client)
    : type === 1
    ? (await client.readExactly(4)).join(".")
    : (await client.readExactly(16)).toHex();
  const [high = 0, low = 0] = await client.readExactly(2);
  return { type, host, port: 256 * high + low };
}
