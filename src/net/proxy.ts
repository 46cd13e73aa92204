import { type CliError, usageError } from "../app/errors.ts";

/** A proxy that connections go through. */
export interface Proxy {
  readonly kind: "http" | "https" | "socks5";
  /** Name or address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly login?: ProxyLogin;
  /** The environment variable that names it. */
  readonly variable: string;
}

export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

const KINDS: Readonly<Record<string, { readonly kind: Proxy["kind"]; readonly port: number }>> = {
  http: { kind: "http", port: 80 },
  https: { kind: "https", port: 443 },
  socks5: { kind: "socks5", port: 1080 },
  socks5h: { kind: "socks5", port: 1080 },
};

/** SOCKS has one byte for the length of either (RFC 1929). */
const LONGEST_SOCKS_LOGIN = 255;

const ENCODE = "Percent-encode what is special in its user and password, such as @ as %40";

/**
 * Reads a proxy as environment variables have it: `[SCHEME://][USER[:PASSWORD]@]HOST[:PORT][/]`,
 * with http, https, socks5 or socks5h for scheme; http where none stands.
 *
 * @param variable who says so
 * @throws {CliError} (exit 4) on anything else; it names the variable and shows no password
 */
export function parseProxy(value: string, variable: string): Proxy {
  const fail = (why: string, hint = "It looks like http://HOST:PORT"): CliError =>
    usageError(`Cannot use the proxy${showMalformed(value)} of ${variable}: ${why}`, hint);
  const [, scheme = "http", rest = ""] = /^(?:([^:/@]*):\/\/)?(.*)$/s.exec(value.trim()) ?? [];
  const known = KINDS[scheme.toLowerCase()];
  if (known === undefined) {
    throw fail(
      "its scheme is none of http, https and socks5",
      "Name the proxy as http://HOST:PORT",
    );
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x20\x7f\\]/.test(rest) || !URL.canParse(`http://${rest}`)) {
    throw fail("it is not a URL", rest.includes("@") ? ENCODE : undefined);
  }
  const url = new URL(`http://${rest}`);
  if (url.pathname !== "/" || /[?#]/.test(rest)) {
    throw fail("there is something behind its port", rest.includes("@") ? ENCODE : undefined);
  }
  // The URL drops a port that is the default of http.
  const port = Number(/:(\d+)\/?$/.exec(rest)?.[1] ?? known.port);
  if (port === 0) throw fail("no proxy has port 0");
  const proxy = { kind: known.kind, hostname: unbracket(url.hostname), port, variable };
  if (url.username === "" && url.password === "") return proxy;
  const login = decodeLogin(url);
  if (login === undefined) throw fail("its user or password has a stray %", ENCODE);
  if (known.kind === "http" || known.kind === "https") {
    if (login.user.includes(":")) throw fail("no user of an HTTP proxy has a colon in its name");
  } else if (Object.values(login).some((part) => byteLength(part) > LONGEST_SOCKS_LOGIN)) {
    throw fail(`its user or password is longer than ${LONGEST_SOCKS_LOGIN} bytes`);
  }
  return { ...proxy, login };
}

/** Where a proxy is, without its user and password: `http://proxy:3128`. */
export function addressOf({ kind, hostname, port }: Proxy): string {
  return `${kind}://${authority(hostname, port)}`;
}

/** Names a proxy for people, without its user and password: `http://proxy:3128 of HTTPS_PROXY`. */
export function nameOf(proxy: Proxy): string {
  return `${addressOf(proxy)} of ${proxy.variable}`;
}

/** `host:port`, with brackets around an IPv6 address. */
export function authority(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** A URL's host without the brackets of an IPv6 address. */
export function unbracket(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function decodeLogin({ username, password }: URL): ProxyLogin | undefined {
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The value with a space before and quotes around it, as far as it cannot be a secret. */
function showMalformed(value: string): string {
  const [, scheme = "", rest = ""] = /^((?:https?|socks\w*|ftp):\/*)?(.*)$/is.exec(value.trim()) ??
    [];
  const at = rest.lastIndexOf("@");
  const host = rest.slice(at + 1);
  // Behind a colon only a number is surely no password.
  const isPlain = /^(?:[\w.-]*|\[[\da-f:.]*\])(?::\d*)?\/?$/i.test(host);
  if (!isPlain) return "";
  return ` "${scheme}${at < 0 ? "" : "[masked]@"}${host}"`;
}
