import type { Connection } from "../../src/net/connection.ts";
import { serveConnections, type TcpServer } from "./tcp.ts";

/** A certificate of a server, and its key, as PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface ConnectProxyOptions {
  /** 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** Addresses by name; the proxy reaches nothing else. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** `user:password` without which it refuses. */
  readonly login?: string;
  /** The whole head with which it answers every request. */
  readonly answer?: string;
  /** With a certificate, the way to the proxy itself is TLS. */
  readonly tls?: ServerCertificate;
  /** With a certificate, it opens the TLS of each tunnel, and makes its own to the target. */
  readonly intercept?: ServerCertificate & {
    /** The authority of the target's certificate, as PEM. */
    readonly ca: string;
  };
  /** Writes its answers byte by byte. */
  readonly slowly?: boolean;
}

/** An HTTP proxy on loopback that makes tunnels. */
export interface ConnectProxy extends TcpServer {
  /** The heads of the requests that came in. */
  readonly heads: readonly string[];
}

/** Starts a proxy; it stops at the end of its scope. */
export function startConnectProxy(options: ConnectProxyOptions = {}): ConnectProxy {
  const { hostname = "127.0.0.1", tls, slowly = false } = options;
  const heads: string[] = [];
  const listener = tls === undefined
    ? Deno.listen({ hostname, port: 0 })
    : Deno.listenTls({ hostname, port: 0, ...tls });
  const server = serveConnections(listener, async (client, keep) => {
    const head = await client.readHead(64 * 1024);
    heads.push(head);
    const target = targetOf(head, options);
    const answer = options.answer ?? refusal(head, options) ??
      (target === undefined ? "HTTP/1.1 502 Host not known\r\n\r\n" : undefined);
    if (answer !== undefined || target === undefined) {
      return await writeHead(client, answer ?? "", slowly);
    }
    const conn = options.intercept === undefined
      ? await Deno.connect(target)
      : await intercept(target, options.intercept, keep);
    await writeHead(client, "HTTP/1.1 200 Connection established\r\n\r\n", slowly);
    await client.join(keep(conn));
  });
  return { ...server, heads };
}

interface Target {
  readonly hostname: string;
  readonly port: number;
}

function targetOf(head: string, { hosts = {} }: ConnectProxyOptions): Target | undefined {
  const [, host = "", port] = /^CONNECT (\S+):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
  const hostname = hosts[host];
  return hostname === undefined ? undefined : { hostname, port: Number(port) };
}

function refusal(head: string, { login }: ConnectProxyOptions): string | undefined {
  if (login === undefined) return undefined;
  const [, given = ""] = /^proxy-authorization: basic (\S+)\r$/im.exec(head) ?? [];
  return new TextDecoder().decode(Uint8Array.fromBase64(given)) === login
    ? undefined
    : 'HTTP/1.1 407 Sign in\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n';
}

async function writeHead(client: Connection, head: string, slowly: boolean): Promise<void> {
  const bytes = new TextEncoder().encode(head);
  if (!slowly) return await client.write(bytes);
  for (let index = 0; index < bytes.length; index++) {
    await client.write(bytes.subarray(index, index + 1));
    // Lets what was written go out before the next byte is.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Makes a connection whose TLS ends here, and goes on to the target in TLS of its own. */
async function intercept(
  target: Target,
  { cert, key, ca }: NonNullable<ConnectProxyOptions["intercept"]>,
  keep: (conn: Deno.Conn) => Connection,
): Promise<Deno.Conn> {
  using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const accepted = listener.accept();
  const { hostname, port } = listener.addr;
  const outer = await Deno.connect({ hostname, port });
  const inner = keep(await accepted);
  const onward = keep(await Deno.connectTls({ ...target, caCerts: [ca] }));
  void inner.join(onward);
  return outer;
}
