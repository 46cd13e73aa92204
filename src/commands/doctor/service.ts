import { Link, webSocketUrl } from "../../api/attachment.ts";
import { hasStatus } from "../../api/errors.ts";
import { encodeSessionId } from "../../api/session_id.ts";
import type { Sessions } from "../../api/sessions.ts";
import type { Account, Deps, Service } from "../../app/deps.ts";
import { expiryOf } from "../../config/token_cache.ts";
import { askForUpgrade } from "../../net/look.ts";
import { CloseCode } from "../../protocol/close_codes.ts";
import { failure, type Finding, ok, skipped, thrown, warning } from "./finding.ts";
import { lookOptions, STEP_MILLISECONDS } from "./look_options.ts";
import { limitTime } from "./time_limit.ts";

/** One family of sessions, and how it is used. */
interface Family {
  readonly name: "user" | "organization";
  readonly sessions: Sessions;
  readonly readOnly: boolean;
  /** Why these credentials cannot use it; undefined where they can. */
  readonly unused?: string;
}

/** What {@linkcode examineFamilies} checks. */
export const FAMILY_CHECKS = [
  ...["user sessions", "user WebSocket"],
  ...["organization sessions", "organization WebSocket"],
];

/** Mints a token, to see that it can be done; it is neither kept nor used. */
export async function examineToken({ token }: Account, deps: Deps): Promise<Finding> {
  try {
    const expiry = expiryOf(await token.mint());
    const minutes = expiry === undefined
      ? undefined
      : Math.round((expiry * 1000 - deps.clock.now()) / 60_000);
    return ok(
      "token",
      minutes === undefined
        ? "minted, without a time of expiry"
        : `minted, valid for ${minutes} min`,
    );
  } catch (error) {
    deps.signal.throwIfAborted();
    return thrown("token", error, "Check the credentials");
  }
}

/** Uses both families of sessions, by REST and by WebSocket. */
export async function* examineFamilies(
  service: Service,
  caCerts: readonly string[],
  deps: Deps,
): AsyncGenerator<Finding> {
  const { userSessions, orgSessions, credentials: { oid, uid, oauth } } = service;
  const families: readonly Family[] = [
    {
      name: "user",
      sessions: userSessions,
      readOnly: false,
      ...(uid === undefined && oauth === undefined
        ? { unused: "the API key is an organization's, and has no sessions of its own" }
        : {}),
    },
    {
      name: "organization",
      sessions: orgSessions,
      readOnly: true,
      ...(oid === undefined ? { unused: "no organization is chosen" } : {}),
    },
  ];
  const listings = await Promise.all(
    families.map(async (family) => ({ family, ...await list(family, deps) })),
  );
  // Many credentials are meant for one family only.
  const isUsable = listings.some(({ finding }) => finding.status === "ok");
  for (const { family, finding, id, isForbidden } of listings) {
    const { check, detail, remedy = "" } = finding;
    yield isForbidden && isUsable ? warning(check, detail, remedy) : finding;
    yield finding.status === "ok"
      ? await examineSocket(family, id, service, caCerts, deps)
      : skipped(
        socketCheck(family),
        family.unused ?? `the ${family.name} sessions cannot be listed`,
      );
  }
}

/** What came of listing the sessions of a family. */
interface Listing {
  readonly finding: Finding;
  /** Of a session; undefined where there is none. */
  readonly id?: string | undefined;
  readonly isForbidden?: boolean;
}

async function list({ name, sessions, unused }: Family, { signal }: Deps): Promise<Listing> {
  const check = `${name} sessions`;
  if (unused !== undefined) return { finding: skipped(check, unused) };
  try {
    const id = (await sessions.page({ limit: 1 })).sessions[0]?.id;
    return { finding: ok(check, id === undefined ? "listed; there is none" : "listed"), id };
  } catch (error) {
    signal.throwIfAborted();
    return {
      finding: thrown(check, error, "Try again later"),
      isForbidden: hasStatus(error, 403),
    };
  }
}

/**
 * Opens a WebSocket to a session and closes it again. Without a session it is a made-up one, which
 * the service has to refuse in its own way.
 */
async function examineSocket(
  family: Family,
  sessionId: string | undefined,
  service: Service,
  caCerts: readonly string[],
  deps: Deps,
): Promise<Finding> {
  const check = socketCheck(family);
  const { clock, network, signal } = deps;
  const id = sessionId ?? crypto.randomUUID();
  const url = webSocketUrl(service.aiUrl, encodeSessionId(id), family.readOnly);
  using limit = limitTime(clock, STEP_MILLISECONDS, signal);
  const token = await service.token.get();
  using link = new Link({ url, token, readOnly: true, network, clock });
  limit.signal.addEventListener("abort", () => link.close());
  const opened = await link.opened();
  signal.throwIfAborted();
  if (limit.over) {
    return failure(check, `not open within ${STEP_MILLISECONDS / 1000} s`, passOn(url));
  }
  const { code = 0, refusedStatus, error = "it was closed" } = link.end ?? {};
  const isMadeUp = sessionId === undefined;
  if (opened || code >= CloseCode.BadToken) {
    return ok(check, isMadeUp ? "opens" : `opens, for session ${sessionId}`);
  }
  if (refusedStatus !== undefined) {
    return isMadeUp && [403, 404].includes(refusedStatus)
      ? ok(check, `a made-up session is refused (${refusedStatus}); there is none to open it for`)
      : failure(check, `refused (${refusedStatus})`, passOn(url));
  }
  // On wss:// the runtime does not say with what status it was refused.
  try {
    const line = await askForUpgrade(new URL(url), lookOptions(deps, caCerts, limit.signal));
    return isMadeUp && / 40[134](?: |$)/.test(line)
      ? ok(check, `refused without a token (${line}); there is no session to open it for`)
      : failure(check, `not opened: ${error}; without a token the answer is ${line}`, passOn(url));
  } catch {
    signal.throwIfAborted();
    return failure(check, `not opened: ${error}`, passOn(url));
  }
}

function socketCheck({ name }: Family): string {
  return `${name} WebSocket`;
}

function passOn(url: string): string {
  return `Have whatever is between here and ${new URL(url).host} pass WebSockets on`;
}
