import { ConnectionError } from "../app/errors.ts";
import type { Connection } from "./connection.ts";
import { authority, nameOf, type Proxy, type ProxyLogin } from "./proxy.ts";
import { counted, encodeTarget, Method, readTarget, Socks } from "./socks.ts";
import type { Target } from "./target.ts";

/** What a proxy says with the number of its reply, and whether it may say otherwise later. */
const REPLIES: Readonly<Record<number, { readonly words: string; readonly passing: boolean }>> = {
  1: { words: "general failure", passing: true },
  2: { words: "its rules do not allow it", passing: false },
  3: { words: "the network is unreachable from there", passing: true },
  4: { words: "the host is unreachable from there", passing: true },
  5: { words: "the host refused it", passing: true },
  6: { words: "it took too long", passing: true },
  7: { words: "it makes no connections", passing: false },
  8: { words: "it does not know this kind of address", passing: false },
};

/**
 * Agrees with a SOCKS 5 proxy on how to sign in, and does so.
 *
 * @throws {ConnectionError} when it refuses, or is none
 */
export async function greetSocksProxy(connection: Connection, proxy: Proxy): Promise<void> {
  const methods = proxy.login === undefined ? [Method.None] : [Method.None, Method.Login];
  await connection.write(new Uint8Array([Socks.Version, methods.length, ...methods]));
  const [version, method] = await connection.readExactly(2);
  if (version !== Socks.Version) throw notSocks(proxy);
  if (method === Method.Login && proxy.login !== undefined) {
    await signIn(connection, proxy.login, proxy);
  } else if (method !== Method.None) {
    throw loginRefused(
      proxy.login === undefined
        ? "wants a user and a password"
        : "takes neither user and password nor none",
      proxy,
    );
  }
}

/**
 * Asks a SOCKS 5 proxy that was greeted for a connection; a name goes to it as it is. Afterwards the
 * connection is the target's.
 *
 * @throws {ConnectionError} when it refuses
 */
export async function askSocksProxy(
  connection: Connection,
  target: Target,
  proxy: Proxy,
): Promise<void> {
  const request = [Socks.Version, Socks.Connect, 0, ...encodeTarget(target)];
  await connection.write(new Uint8Array(request));
  const [replyVersion, reply = Socks.Failed] = await connection.readExactly(3);
  if (replyVersion !== Socks.Version) throw notSocks(proxy);
  if (reply !== Socks.Succeeded) throw refused(reply, target, proxy);
  // The proxy's own end of the connection, which is of no use here.
  await readTarget(connection);
}

async function signIn(
  connection: Connection,
  { user, password }: ProxyLogin,
  proxy: Proxy,
): Promise<void> {
  const message = [Socks.LoginVersion, ...counted(user), ...counted(password)];
  await connection.write(new Uint8Array(message));
  const [, status] = await connection.readExactly(2);
  if (status !== Socks.Succeeded) throw loginRefused("refused the user and password", proxy);
}

function loginRefused(what: string, proxy: Proxy): ConnectionError {
  return new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} ${what}`,
    passing: false,
    hint:
      `Put user and password into ${proxy.variable}, percent-encoded: socks5://USER:PASSWORD@HOST:PORT`,
  });
}

function refused(reply: number, target: Target, proxy: Proxy): ConnectionError {
  const { words, passing } = REPLIES[reply] ?? { words: `reply ${reply}`, passing: false };
  const place = authority(target.hostname, target.port);
  return new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} refused the connection to ${place} (${words})`,
    passing,
    hint: passing
      ? `The proxy may not reach ${target.hostname}: ask who runs it`
      : `Have the proxy allow ${place}, or name the host in NO_PROXY if there is a direct way to it`,
  });
}

function notSocks(proxy: Proxy): ConnectionError {
  return new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} does not speak SOCKS 5`,
    passing: false,
    hint: `Check scheme, host and port in ${proxy.variable}`,
  });
}
