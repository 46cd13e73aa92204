import { describeFailure } from "../../api/network_failure.ts";
import type { Deps } from "../../app/deps.ts";
import { messageOf } from "../../app/errors.ts";
import { parseAddress } from "../../net/ip_address.ts";
import { lookAtCertificate } from "../../net/look.ts";
import { addressOf, type Proxy, unbracket } from "../../net/proxy.ts";
import { resolve, type Resolved } from "../../net/resolve.ts";
import { isLoopback, routeTo } from "../../net/route.ts";
import { failure, type Finding, ok, skipped, thrown, warning } from "./finding.ts";
import { lookOptions, STEP_MILLISECONDS } from "./look_options.ts";
import { limitTime } from "./time_limit.ts";

/** A look-up that takes longer holds every connection up. */
const SLOW_MILLISECONDS = 1_000;

/** What is known of a host that answered. */
export interface Reached {
  /** How far its clock is ahead of ours, in milliseconds; undefined where it says no time. */
  readonly ahead?: number;
}

/**
 * Follows the way to a URL's host: proxy, names, certificate, answer.
 *
 * @param caCerts certificate authorities beside those of the stores, as PEM
 * @returns undefined when it cannot be reached
 */
export async function* examineReach(
  address: string,
  caCerts: readonly string[],
  deps: Deps,
): AsyncGenerator<Finding, Reached | undefined> {
  const url = new URL(address);
  let proxy: Proxy | undefined;
  try {
    const route = routeTo(url, deps.env);
    proxy = route.proxy;
    deps.secrets.add(proxy?.login?.password);
    const way = proxy === undefined ? "direct" : `by ${addressOf(proxy)}`;
    yield ok(`proxy to ${url.host}`, `${way}: ${route.reason}`);
  } catch (error) {
    yield thrown(`proxy to ${url.host}`, error, "Correct the variable");
    return undefined;
  }
  const check = `answer of ${url.host}`;
  if (!(yield* examineNames(url, proxy, deps))) {
    yield skipped(check, "there is no address to go to");
    return undefined;
  }
  const answer = await ask(url, deps);
  if (url.protocol === "https:") yield await examineCertificate(url, answer, caCerts, deps);
  if (!("error" in answer)) {
    yield ok(check, `HTTP ${answer.status} in ${answer.milliseconds} ms`);
    return answer.ahead === undefined ? {} : { ahead: answer.ahead };
  }
  if (answer.distrusted) {
    yield skipped(check, "its certificate is not trusted");
  } else if (answer.late) {
    const remedy = proxy === undefined
      ? CHECK_NETWORK
      : `Check that ${proxy.variable} names the right proxy, and that it reaches ${url.host}`;
    yield failure(check, `nothing within ${STEP_MILLISECONDS / 1000} s`, remedy);
  } else {
    const { reason, hint } = describeFailure(answer.error);
    yield failure(check, reason, hint ?? CHECK_NETWORK);
  }
  return undefined;
}

const CHECK_NETWORK = "Check the network, and HTTPS_PROXY if there must be a proxy";

/** @returns whether there is an address to connect to */
async function* examineNames(
  { hostname }: URL,
  proxy: Proxy | undefined,
  deps: Deps,
): AsyncGenerator<Finding, boolean> {
  if (proxy !== undefined && isName(hostname)) {
    const { milliseconds } = await lookUp(hostname, deps);
    if (milliseconds > SLOW_MILLISECONDS) {
      yield warning(
        `DNS of ${hostname}`,
        `the proxy resolves the name, but Deno looks it up before each connection all the same, ` +
          `which takes ${inSeconds(milliseconds)} here`,
        "Have the DNS say at once that it does not know the name, or list it in the file of hosts",
      );
    }
  }
  const next = proxy?.hostname ?? hostname;
  if (!isName(next)) return true;
  const { found, milliseconds } = await lookUp(next, deps);
  const finding = foundFor(next, found, milliseconds);
  yield finding;
  return finding.status === "ok";
}

function isName(hostname: string): boolean {
  return parseAddress(unbracket(hostname)) === undefined && !isLoopback(hostname);
}

async function lookUp(
  name: string,
  { clock, signal }: Deps,
): Promise<{ readonly found: Resolved; readonly milliseconds: number }> {
  const start = clock.now();
  using limit = limitTime(clock, STEP_MILLISECONDS, signal);
  const found = await Promise.race([resolve(name), limit.reached.then(() => NOTHING)]);
  signal.throwIfAborted();
  return { found, milliseconds: clock.now() - start };
}

const NOTHING: Resolved = { ipv4: [], ipv6: [] };

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function foundFor(name: string, { ipv4, ipv6 }: Resolved, milliseconds: number): Finding {
  const check = `DNS of ${name}`;
  if (ipv4.length + ipv6.length === 0) {
    return failure(
      check,
      `no address after ${inSeconds(milliseconds)}`,
      "Check the name and this machine's DNS; behind a proxy, set HTTPS_PROXY",
    );
  }
  const list = (addresses: readonly string[], kind: string) =>
    addresses.length === 0 ? `no ${kind}` : `${kind} ${addresses.join(", ")}`;
  return ok(check, `${list(ipv4, "IPv4")}; ${list(ipv6, "IPv6")}`);
}

/** What came of asking a host for anything at all. */
type Answer =
  | { readonly status: number; readonly milliseconds: number; readonly ahead?: number }
  | {
    readonly error: unknown;
    /** Whether there was none in time. */
    readonly late: boolean;
    /** Whether the runtime refused the host's certificate. */
    readonly distrusted: boolean;
  };

async function ask(url: URL, { network, clock, signal }: Deps): Promise<Answer> {
  using limit = limitTime(clock, STEP_MILLISECONDS, signal);
  const start = clock.now();
  try {
    const response = await network.fetch(url, { redirect: "manual", signal: limit.signal });
    const end = clock.now();
    await response.body?.cancel();
    const ahead = aheadOf(response.headers, (start + end) / 2);
    return {
      status: response.status,
      milliseconds: end - start,
      ...(ahead === undefined ? {} : { ahead }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error as { readonly cause?: unknown };
    const distrusted = /invalid peer certificate/.test(messageOf(cause));
    return { error, late: limit.over, distrusted };
  }
}

/** How far the clock behind a `Date` is ahead; a stored answer has the time of its making, and an age. */
function aheadOf(headers: Headers, now: number): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  // The header has whole seconds: on average half a second has passed since.
  return Number.isNaN(date) || Number.isNaN(age) ? undefined : date + age * 1000 + 500 - now;
}

const NO_CONNECTION = "there is no connection on which to see it";

async function examineCertificate(
  url: URL,
  answer: Answer,
  caCerts: readonly string[],
  deps: Deps,
): Promise<Finding> {
  const check = `certificate of ${url.host}`;
  if ("error" in answer && answer.late) return skipped(check, NO_CONNECTION);
  using limit = limitTime(deps.clock, STEP_MILLISECONDS, deps.signal);
  try {
    const { issuer, validTo } = await lookAtCertificate(
      url,
      lookOptions(deps, caCerts, limit.signal),
    );
    const shown = `issued by ${issuer}, valid until ${
      new Date(validTo).toISOString().slice(0, 10)
    }`;
    if (!("error" in answer) || !answer.distrusted) return ok(check, shown);
    return failure(
      check,
      `${describeFailure(answer.error).reason}; ${shown}`,
      "If that issuer may see what is sent, name the file with its certificate with --ca-file, or " +
        "set DENO_TLS_CA_STORE=system; if not, somebody pretends to be the service",
    );
  } catch {
    deps.signal.throwIfAborted();
    return skipped(check, NO_CONNECTION);
  }
}
