import type { Clock } from "../app/deps.ts";
import { ConnectionError, messageOf } from "../app/errors.ts";
import { Connection } from "./connection.ts";
import { askHttpProxy } from "./http_proxy.ts";
import { authority, nameOf, type Proxy } from "./proxy.ts";
import { askSocksProxy, greetSocksProxy } from "./socks_proxy.ts";
import type { Target } from "./target.ts";

/**
 * How long it may take to reach a proxy, and to agree with it on TLS or on SOCKS: it needs nobody
 * else for that. One of another kind than the variable says waits for ever.
 */
const GREETING_MILLISECONDS = 10_000;

/** How long it may take to have a proxy's consent as well, for which it connects to the target. */
const CONSENT_MILLISECONDS = 30_000;

export interface DialOptions {
  readonly clock: Clock;
  /** Certificate authorities for the proxy itself, as PEM, beside the runtime's. */
  readonly caCerts: readonly string[];
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/**
 * Connects to a target by way of a proxy, which resolves its name.
 *
 * @throws {ConnectionError} with the proxy's name, and what it or the network said
 */
export async function dial(
  target: Target,
  proxy: Proxy,
  { clock, caCerts, userAgent, signal }: DialOptions,
): Promise<Connection> {
  const late = new AbortController();
  const done = new AbortController();
  const stop = AbortSignal.any([signal, late.signal]);
  let isGreeted = false;
  const waited = async () => {
    const ended = AbortSignal.any([signal, done.signal]);
    await clock.sleep(GREETING_MILLISECONDS, ended);
    if (isGreeted) await clock.sleep(CONSENT_MILLISECONDS - GREETING_MILLISECONDS, ended);
    late.abort();
  };
  waited().catch(() => {});
  let connection: Connection | undefined;
  const close = () => connection?.[Symbol.dispose]();
  stop.addEventListener("abort", close);
  try {
    const { hostname, port } = proxy;
    const conn = await Deno.connect({ hostname, port, signal: stop });
    connection = new Connection(conn);
    if (proxy.kind === "https") {
      const tls = await Deno.startTls(conn, { hostname, caCerts: [...caCerts] });
      connection = new Connection(tls);
      await tls.handshake();
    }
    if (proxy.kind === "socks5") await greetSocksProxy(connection, proxy);
    isGreeted = true;
    if (proxy.kind === "socks5") await askSocksProxy(connection, target, proxy);
    else await askHttpProxy(connection, target, proxy, userAgent);
    return connection;
  } catch (error) {
    close();
    throw late.signal.aborted
      ? timedOut(proxy, isGreeted ? CONSENT_MILLISECONDS : GREETING_MILLISECONDS)
      : explain(error, proxy);
  } finally {
    done.abort();
    stop.removeEventListener("abort", close);
  }
}

function timedOut(proxy: Proxy, milliseconds: number): ConnectionError {
  return new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} did not answer within ${milliseconds / 1000} s`,
    passing: true,
    hint: checkVariable(proxy),
  });
}

function checkVariable({ kind, hostname, port, variable }: Proxy): string {
  return kind === "https"
    ? "Most proxies are reached without TLS, whatever goes through them: try " +
      `http://${authority(hostname, port)} in ${variable}`
    : `Check that ${variable} names the right proxy`;
}

/** What the runtime says of connections that were not made, and what that is of a proxy. */
const SAID: readonly {
  readonly pattern: RegExp;
  readonly words: string;
  readonly passing: boolean;
}[] = [
  { pattern: /lookup|resolve|dns/i, words: "cannot be found by its name", passing: true },
  {
    pattern: /refused|os error 111|os error 10061/i,
    words: "cannot be reached: connection refused",
    passing: true,
  },
  { pattern: /certificate/i, words: "has a TLS certificate that is not trusted", passing: false },
  { pattern: /corrupt message|tls|handshake/i, words: "does not speak TLS", passing: false },
];

function explain(error: unknown, proxy: Proxy): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const hint = checkVariable(proxy);
  if (error instanceof Deno.errors.UnexpectedEof || error instanceof RangeError) {
    const reason = `the proxy ${nameOf(proxy)} ended the connection without an answer`;
    return new ConnectionError({ reason, passing: true, hint });
  }
  const message = messageOf(error);
  const said = SAID.find(({ pattern }) => pattern.test(message));
  const words = said?.words ?? `cannot be reached: ${message}`;
  return new ConnectionError({
    reason: `the proxy ${nameOf(proxy)} ${words}`,
    passing: said?.passing ?? true,
    hint: said?.pattern.test("certificate") === true
      ? "Name the file with the authority's certificate with --ca-file"
      : hint,
  });
}
