import type { Environment } from "../app/deps.ts";
import { NoProxy } from "./no_proxy.ts";
import { parseProxy, type Proxy } from "./proxy.ts";

/** The variables that name proxies. The runtime would read them by itself, see docs/networks.md. */
export const PROXY_VARIABLES = [
  ...["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"],
  ...["all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"],
];

/** How a host is reached. */
export interface Route {
  /** Undefined for a direct connection. */
  readonly proxy?: Proxy;
  /** Why so, in words. */
  readonly reason: string;
}

/**
 * Decides how the host of a URL is reached. Of each variable the name in lower case goes first, as
 * in curl and in the Python CLI; an empty one counts as none.
 *
 * @param url http, https, ws or wss
 * @throws {CliError} (exit 4) when the variable that names the proxy is malformed
 */
export function routeTo(url: URL, env: Environment): Route {
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const port = Number(url.port || (secure ? 443 : 80));
  if (isLoopback(url.hostname)) return { reason: "this machine itself is never proxied" };
  const chosen = firstSet(env, secure ? "https_proxy" : "http_proxy") ?? firstSet(env, "all_proxy");
  if (chosen === undefined) return { reason: "no variable names a proxy" };
  const exceptions = firstSet(env, "no_proxy");
  const entry = exceptions && new NoProxy(exceptions.value).find(url.hostname, port);
  if (exceptions && entry) return { reason: `${exceptions.name} has "${entry}"` };
  const reason = exceptions === undefined
    ? `${chosen.name} names it`
    : `${chosen.name} names it, and ${exceptions.name} does not list the host`;
  return { proxy: parseProxy(chosen.value, chosen.name), reason };
}

/** What of NO_PROXY is no host, and stands for none. */
export function unreadableExceptions(env: Environment): readonly string[] {
  return new NoProxy(firstSet(env, "no_proxy")?.value ?? "").unreadable;
}

/** Whether a URL's host is this machine by its name or address. */
export function isLoopback(hostname: string): boolean {
  return /^(?:.*\.)?localhost\.?$/.test(hostname) || /^127(?:\.\d+){3}$/.test(hostname) ||
    hostname === "[::1]";
}

function firstSet(
  env: Environment,
  name: string,
): { readonly name: string; readonly value: string } | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = env.get(variable)?.trim();
    if (value) return { name: variable, value };
  }
  return undefined;
}
