import type { Account, Deps, Service } from "../../app/deps.ts";
import { failure, type Finding, ok, skipped, thrown, warning } from "./finding.ts";
import { examineReach, type Reached } from "./reach.ts";
import { examineFamilies, examineToken, FAMILY_CHECKS } from "./service.ts";
import { examineSettings, type Settings } from "./settings.ts";
import { examineCompletion, examineTerminal } from "./surroundings.ts";

/** A clock that is further off takes tokens and certificates for expired, or for not valid yet. */
const TOLERABLE_MILLISECONDS = 5 * 60_000;

/** A clock that is set by the network is nearer than this. */
const USUAL_MILLISECONDS = 30_000;

/**
 * Checks everything between the person and a session, in the order in which one thing needs the
 * other. What cannot be tried, because of something before it, is skipped and says why.
 */
export async function* examine(deps: Deps): AsyncGenerator<Finding> {
  const { os, arch } = Deno.build;
  yield ok("program", `limacharlie ${deps.version}, ${os} ${arch}, Deno ${Deno.version.deno}`);
  const settings = yield* examineSettings(deps);
  yield* examineNetwork(settings, deps);
  yield examineTerminal(deps);
  yield await examineCompletion(deps.env);
}

async function* examineNetwork(settings: Settings, deps: Deps): AsyncGenerator<Finding> {
  const { hosts, credentials, caCerts } = settings;
  if (hosts === undefined || caCerts === undefined) {
    return yield skipped("network", "what is wrong above has to be corrected first");
  }
  const known = new Map<string, Reached | undefined>();
  const reach = async function* (address: string): AsyncGenerator<Finding, boolean> {
    const { origin } = new URL(address);
    if (!known.has(origin)) known.set(origin, yield* examineReach(address, caCerts, deps));
    return known.get(origin) !== undefined;
  };
  const isApiReached = yield* reach(hosts.api);
  const isTokenServiceReached = yield* reach(hosts.jwt);
  yield examineClock([...known.values()]);
  const account = credentials === undefined ? undefined : yield* openAccount(deps);
  if (account === undefined) return yield skipped("service", "there is nothing to sign in with");

  const token = isTokenServiceReached
    ? await examineToken(account, deps)
    : skipped("token", "the token service cannot be reached");
  yield token;
  const service = yield* lookUp(account, isApiReached, deps);
  const isAiReached = service !== undefined && (yield* reach(service.aiUrl));
  if (service !== undefined && isAiReached && token.status === "ok") {
    return yield* examineFamilies(service, caCerts, deps);
  }
  const why = token.status === "ok" ? "the AI sessions cannot be reached" : "there is no token";
  for (const check of FAMILY_CHECKS) yield skipped(check, why);
}

async function* openAccount(deps: Deps): AsyncGenerator<Finding, Account | undefined> {
  try {
    return await deps.openAccount();
  } catch (error) {
    yield thrown("credentials", error, "Correct the credentials");
    return undefined;
  }
}

/** Finds the host of the AI sessions, as every command does. */
async function* lookUp(
  { hosts, credentials }: Account,
  isApiReached: boolean,
  deps: Deps,
): AsyncGenerator<Finding, Service | undefined> {
  const check = "AI sessions";
  const isAsked = hosts.ai === undefined && credentials.oid !== undefined;
  if (isAsked && !isApiReached) {
    yield skipped(check, "the platform API, which knows where they are, cannot be reached");
    return undefined;
  }
  try {
    const service = await deps.connect();
    const source = hosts.ai !== undefined ? "LC_AI_URL" : isAsked ? "looked up" : "default";
    yield ok(check, `${service.aiUrl} (${source})`);
    return service;
  } catch (error) {
    deps.signal.throwIfAborted();
    yield thrown(check, error, "Try again later");
    return undefined;
  }
}

function examineClock(reached: readonly (Reached | undefined)[]): Finding {
  const ahead = reached.map((each) => each?.ahead).find((each) => each !== undefined);
  if (ahead === undefined) return skipped("clock", "no answer said what time it is");
  // What the service says of the time has whole seconds.
  const detail = Math.abs(ahead) < 1000
    ? "right to the second"
    : `${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? "behind" : "ahead of"} the service's`;
  const remedy = "Set this machine's clock, best by NTP";
  if (Math.abs(ahead) > TOLERABLE_MILLISECONDS) return failure("clock", detail, remedy);
  return Math.abs(ahead) > USUAL_MILLISECONDS
    ? warning("clock", detail, remedy)
    : ok("clock", detail);
}
