import { ConnectionError } from "../app/errors.ts";
import type { Connection } from "./connection.ts";
import { authority, nameOf, type Proxy } from "./proxy.ts";
import type { Target } from "./target.ts";

const LARGEST_HEAD = 64 * 1024;

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6). Afterwards the connection is the target's.
 *
 * @throws {ConnectionError} when it refuses
 */
export async function askHttpProxy(
  connection: Connection,
  target: Target,
  proxy: Proxy,
  userAgent: string,
): Promise<void> {
  const place = authority(target.hostname, target.port);
  const lines = [
    `CONNECT ${place} HTTP/1.1`,
    `Host: ${place}`,
    `User-Agent: ${userAgent}`,
    ...(proxy.login === undefined ? [] : [`Proxy-Authorization: ${basic(proxy.login)}`]),
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const head = await connection.readHead(LARGEST_HEAD);
  const [, code, phrase = ""] = /^HTTP\/\d\.\d (\d{3})(?: ([^\r\n]*))?\r?\n/.exec(head) ?? [];
  const status = Number(code);
  if (code === undefined) {
    throw new ConnectionError({
      reason: `the proxy ${nameOf(proxy)} does not speak HTTP`,
      passing: false,
      hint: `Check scheme, host and port in ${proxy.variable}`,
    });
  }
  if (status >= 200 && status < 300) return;
  // tinyproxy says 401 to a wrong password (RFC 9110 has 407 for a proxy's own).
  if (status === 407 || status === 401) throw loginRefused(head, status, proxy);
  throw new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} refused the connection to ${place} ` +
      `(${`${code} ${phrase.trim()}`.trim()})`,
    passing: status >= 500,
    hint: status >= 500
      ? `The proxy may not reach ${target.hostname}: ask who runs it`
      : `Have the proxy allow ${place}, or name the host in NO_PROXY if there is a direct way to it`,
  });
}

function loginRefused(head: string, status: number, proxy: Proxy): ConnectionError {
  const asked = /^(?:proxy|www)-authenticate:[ \t]*([\w-]+)/gim;
  const schemes = [...head.matchAll(asked)].map(([, name]) => name);
  const knowsBasic = schemes.length === 0 ||
    schemes.some((scheme) => scheme?.toLowerCase() === "basic");
  if (!knowsBasic) {
    return new ConnectionError({
      reason: `the proxy ${nameOf(proxy)} wants to be signed in to by ${schemes.join(" or ")}, ` +
        `and Basic is all there is (${status})`,
      passing: false,
      hint: "Use a proxy on this machine that signs in to the other one, such as cntlm or px",
    });
  }
  return new ConnectionError({
    reason: proxy.login === undefined
      ? `the proxy ${nameOf(proxy)} wants a user and a password (${status})`
      : `the proxy ${nameOf(proxy)} refused the user and password (${status})`,
    passing: false,
    hint:
      `Put them into ${proxy.variable}, percent-encoded: ${proxy.kind}://USER:PASSWORD@HOST:PORT`,
  });
}

function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`;
}
