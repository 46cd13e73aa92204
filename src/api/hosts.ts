import type { Environment } from "../app/deps.ts";
import { type CliError, usageError } from "../app/errors.ts";

/** The service's base URLs, without a slash at their end. */
export interface Hosts {
  readonly api: string;
  readonly jwt: string;
  /** Set when LC_AI_URL names it; otherwise the platform is asked. */
  readonly ai?: string;
}

/** Where the AI sessions are when the platform names no other place. */
export const DEFAULT_AI_URL = "https://ai.limacharlie.io";

/**
 * Reads the base URLs from the environment: LC_API_URL, LC_JWT_URL, LC_AI_URL.
 *
 * @throws {CliError} (exit 4) on one that is not a URL, or not a safe one
 */
export function hostsOf(env: Environment): Hosts {
  const read = (name: string, otherwise: string) => {
    const value = env.get(name)?.trim();
    return value ? baseUrl(value, name, env) : otherwise;
  };
  const ai = read("LC_AI_URL", "");
  return {
    api: read("LC_API_URL", "https://api.limacharlie.io"),
    jwt: read("LC_JWT_URL", "https://jwt.limacharlie.io"),
    ...(ai === "" ? {} : { ai }),
  };
}

/**
 * Reads a base URL; https:// where it names no scheme. Plain http would show tokens to the network:
 * it is accepted for this machine itself, or with LC_ALLOW_HTTP=1.
 *
 * @param source who says so, for the error
 * @throws {CliError} (exit 4) on anything else
 */
export function baseUrl(value: string, source: string, env: Environment): string {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(text)) throw invalid(value, source, "it is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw usageError(`Cannot use the URL of ${source}: it holds a user name or password`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw invalid(value, source, "a base URL has no query and no fragment");
  }
  const plain = url.protocol === "http:";
  if (plain && !isLoopback(url.hostname) && env.get("LC_ALLOW_HTTP") !== "1") {
    throw invalid(
      value,
      source,
      "plain http would send credentials unprotected",
      "Use https, or set LC_ALLOW_HTTP=1",
    );
  }
  if (!plain && url.protocol !== "https:") throw invalid(value, source, "it must be https");
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(?:\.\d+){3}$/.test(hostname);
}

function invalid(value: string, source: string, why: string, hint?: string): CliError {
  return usageError(`Cannot use "${value}" of ${source}: ${why}`, hint);
}
