import { Duplex } from "node:stream";
import { connect as startTls, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Environment } from "../app/deps.ts";
import { Connection } from "./connection.ts";
import { dial, type DialOptions } from "./dial.ts";
import { parseAddress } from "./ip_address.ts";
import { routeTo } from "./route.ts";
import { targetOf } from "./target.ts";

/** With the signal ends the look, too. */
export interface LookOptions extends DialOptions {
  readonly env: Environment;
}

/** A certificate as a server shows it: whether it is to be trusted is another matter. */
export interface ShownCertificate {
  /** Who issued it: common name and organization. */
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly validTo: number;
}

const LARGEST_HEAD = 64 * 1024;

/**
 * Looks at the certificate that is shown on the way to a URL's host: a proxy that inspects TLS
 * shows its own. The certificate is not verified, and nothing is sent.
 *
 * @param url https or wss
 * @throws {unknown} when there is no connection or no TLS
 */
export async function lookAtCertificate(url: URL, options: LookOptions): Promise<ShownCertificate> {
  using connection = await open(url, options);
  using tls = await handshake(connection, url, options.signal);
  const { issuer, valid_to } = tls.socket.getPeerCertificate();
  return { issuer: nameOf(issuer), validTo: Date.parse(valid_to) };
}

/**
 * Asks for a WebSocket without showing who asks, for what the runtime hides of a refusal. The
 * certificate is not verified: nothing that is secret is sent.
 *
 * @param url ws or wss
 * @returns the status line of the answer, such as `HTTP/1.1 401 Unauthorized`
 * @throws {unknown} when there is no connection, or no answer of HTTP
 */
export async function askForUpgrade(url: URL, options: LookOptions): Promise<string> {
  using connection = await open(url, options);
  const request = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    `User-Agent: ${options.userAgent}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${crypto.getRandomValues(new Uint8Array(16)).toBase64()}`,
  ].join("\r\n") + "\r\n\r\n";
  if (url.protocol === "ws:") {
    await connection.write(new TextEncoder().encode(request));
    return statusLine(await connection.readHead(LARGEST_HEAD));
  }
  using tls = await handshake(connection, url, options.signal);
  tls.socket.write(request);
  let head = "";
  for await (const bytes of tls.socket) {
    head += bytes.toString("latin1");
    if (/\r?\n\r?\n/.test(head) || head.length > LARGEST_HEAD) break;
  }
  return statusLine(head);
}

function statusLine(head: string): string {
  const [, line] = /^(HTTP\/1\.[01] \d{3}[^\r\n]*)\r?\n/.exec(head) ?? [];
  if (line === undefined) throw new Error("The answer is not HTTP");
  return line;
}

async function open(url: URL, options: LookOptions): Promise<Connection> {
  const target = targetOf(url);
  const { proxy } = routeTo(url, options.env);
  const connection = proxy === undefined
    ? new Connection(await Deno.connect({ ...target, signal: options.signal }))
    : await dial(target, proxy, options);
  // What waits for the connection then fails.
  options.signal.addEventListener("abort", () => connection[Symbol.dispose](), { once: true });
  return connection;
}

interface OpenTls extends Disposable {
  readonly socket: TLSSocket;
}

async function handshake(
  connection: Connection,
  url: URL,
  signal: AbortSignal,
): Promise<OpenTls> {
  const { hostname } = targetOf(url);
  const socket = startTls({
    socket: toDuplex(connection),
    ...(parseAddress(hostname) === undefined ? { servername: hostname } : {}),
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("The connection ended")));
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  socket.on("error", () => {});
  return { socket, [Symbol.dispose]: () => void socket.destroy() };
}

function toDuplex(connection: Connection): Duplex {
  return new Duplex({
    read() {
      connection.read().then(
        (bytes) => this.push(bytes ?? null),
        (error: Error) => this.destroy(error),
      );
    },
    write(bytes: Uint8Array, _encoding, done) {
      connection.write(bytes).then(() => done(), done);
    },
  });
}

function nameOf({ CN, O }: PeerCertificate["issuer"]): string {
  const [name, organization] = [CN, O].map((part) => [part ?? []].flat().join(" "));
  if (!name) return organization || "an issuer without a name";
  return organization && organization !== name ? `${name} (${organization})` : name;
}
