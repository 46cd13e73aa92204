import type { JsonObject } from "../protocol/frames.ts";
import { mayRegister, type User } from "./accounts.ts";
import type { Owner } from "./emulated_session.ts";
import { authenticateOrg, authenticateUser } from "./authentication.ts";
import { HttpError, type HttpResponse, json } from "./http.ts";
import { readBody, text } from "./request_body.ts";
import { type Route, routes } from "./router.ts";
import type { Session } from "./session.ts";
import { readSettings, type SessionSettings } from "./session_settings.ts";
import { findUsage, USAGE_IDENTITIES } from "./usage.ts";
import type { World } from "./world.ts";

const MAX_ACTIVE_SESSIONS = 10;

/** The endpoints about sessions: an organization's, and a user's own. */
export function sessionRoutes(world: World): Route[] {
  return [...orgRoutes(world), ...userRoutes(world)];
}

function orgRoutes(world: World): Route[] {
  return routes({
    "GET /v1/org/sessions": async (request) => {
      const { oid } = await authenticateOrg(world, request, "ai_agent.get");
      return json(world.sessions.page({ oid }, request.query));
    },

    "GET /v1/org/sessions/:id": async (request, { id = "" }) => {
      const { oid } = await authenticateOrg(world, request, "ai_agent.get");
      return json({ session: findOrgSession(world, oid, id) });
    },

    "DELETE /v1/org/sessions/:id": async (request, { id = "" }) => {
      const { oid } = await authenticateOrg(world, request, "ai_agent.set");
      findOrgSession(world, oid, id).end("org_api_requested");
      return json({ terminated: true });
    },

    "GET /v1/org/sessions/:id/history": async (request, { id = "" }) => {
      const { oid } = await authenticateOrg(world, request, "ai_agent.get");
      return historyOf(findOrgSession(world, oid, id));
    },

    "GET /v1/org/usage/identities": async (request) => {
      await authenticateOrg(world, request, "ai_agent.get");
      return json({ identities: USAGE_IDENTITIES });
    },

    "GET /v1/org/usage/identities/:identity": async (request, { identity = "" }) => {
      await authenticateOrg(world, request, "ai_agent.get");
      const usage = findUsage(identity);
      if (usage === undefined) throw new HttpError(404, `No usage of identity "${identity}"`);
      return json({ identity, usage });
    },

    "POST /v1/api/sessions": async (request) => {
      const { oid } = await authenticateOrg(world, request, "ai_agent.operate");
      const body = readBody(request.body);
      const settings = readTemplate(body);
      const { session, answer } = create(world, { oid }, settings, body);
      const { id, status, created_at } = answer;
      start(world, session);
      return json({ session_id: id, status, created_at }, 201);
    },
  });
}

function userRoutes(world: World): Route[] {
  return routes({
    "POST /v1/register": async (request) => {
      const user = await authenticateUser(world, request);
      const now = world.clock.now();
      limitRate(world, "register", user);
      if (!mayRegister(user)) throw new HttpError(403, "Mail domain is not allowed");
      const registeredAt = world.registrations.get(user.uid) ?? now;
      world.registrations.set(user.uid, registeredAt);
      return json({ registered: true, registered_at: new Date(registeredAt).toISOString() });
    },

    "GET /v1/sessions": async (request) => {
      const { uid } = await authenticateUser(world, request);
      return json(world.sessions.page({ uid }, request.query));
    },

    "POST /v1/sessions": async (request) => {
      const user = await authenticateUser(world, request);
      limitRate(world, "create", user);
      requireReady(world, user);
      const body = readBody(request.body);
      const settings = readSettings(body, false);
      const { session, answer } = create(world, { uid: user.uid }, settings, body);
      start(world, session);
      return json({ session: answer }, 201);
    },

    "GET /v1/sessions/:id": async (request, { id = "" }) => {
      const user = await authenticateUser(world, request);
      return json({ session: findOwnSession(world, user, id) });
    },

    "DELETE /v1/sessions/:id": async (request, { id = "" }) => {
      const user = await authenticateUser(world, request);
      findOwnSession(world, user, id).end("user_requested");
      return json({ terminated: true });
    },

    "GET /v1/sessions/:id/history": async (request, { id = "" }) => {
      const user = await authenticateUser(world, request);
      return historyOf(findOwnSession(world, user, id));
    },
  });
}

/** A session of the organization; a user's is not visible here. @throws {HttpError} 404 */
export function findOrgSession(world: World, oid: string, id: string): Session {
  const session = world.sessions.find(id);
  if (session !== undefined && "oid" in session.owner && session.owner.oid === oid) return session;
  throw new HttpError(404, `No session "${id}" in this organization`);
}

/** A session of the user. @throws {HttpError} 403 for another user's, 404 for an organization's */
export function findOwnSession(world: World, { uid }: User, id: string): Session {
  const session = world.sessions.find(id);
  if (session === undefined || "oid" in session.owner) {
    throw new HttpError(404, `No session "${id}"`);
  }
  if (session.owner.uid !== uid) {
    throw new HttpError(403, `Session "${id}" belongs to someone else`);
  }
  return session;
}

function historyOf(session: Session): HttpResponse {
  return { status: 200, body: `{"messages":[${session.historyTexts().join(",")}]}` };
}

function limitRate(world: World, what: string, { uid }: User): void {
  const wait = world.limits.take(what, uid, world.clock.now());
  if (wait === 0) return;
  const headers = { "Retry-After": String(Math.ceil(wait / 1000)) };
  throw new HttpError(429, `More than 10 ${what} requests a minute`, headers);
}

function requireReady(world: World, { uid }: User): void {
  if (!world.registrations.has(uid)) throw new HttpError(403, "User is not registered");
  if (!world.claudeCredentials.has(uid)) throw new HttpError(403, "No Claude credential is stored");
}

/** What `start-session` sends: a prompt, credentials and a profile. */
function readTemplate(body: JsonObject): SessionSettings {
  const prompt = text(body, "prompt") ?? "";
  const key = text(body, "anthropic_key") ?? "";
  const triggerSource = text(body, "trigger_source");
  const { profile = {}, credentials } = body as { profile?: JsonObject; credentials?: unknown };
  if (prompt === "") throw new HttpError(400, 'Field "prompt" is missing');
  if (key === "" && credentials === undefined) {
    throw new HttpError(400, 'Field "anthropic_key" is missing');
  }
  for (const field of ["lc_api_key", "lc_uid"]) text(body, field);
  if (typeof profile !== "object" || profile === null || Array.isArray(profile)) {
    throw new HttpError(400, 'Field "profile" must be an object');
  }
  const { name, provider } = body;
  return {
    ...readSettings({ ...profile, name, provider }, true),
    prompt,
    ...(triggerSource === undefined ? {} : { triggerSource }),
  };
}

/** Makes a session, or finds the active one that was made with the same key. */
function create(
  world: World,
  owner: Owner,
  settings: SessionSettings,
  body: JsonObject,
): { session: Session; answer: JsonObject } {
  const key = text(body, "idempotent_key");
  const known = world.sessions.findByIdempotentKey(owner, key);
  if (known !== undefined) return { session: known, answer: known.toJSON() };
  if ("uid" in owner && world.sessions.countActive(owner) >= MAX_ACTIVE_SESSIONS) {
    throw new HttpError(409, `Maximum of ${MAX_ACTIVE_SESSIONS} concurrent sessions reached`);
  }
  const session = world.sessions.add({
    id: crypto.randomUUID(),
    owner,
    status: "starting",
    createdAt: world.clock.now(),
    settings,
    fields: {},
    scripted: true,
    history: [],
  }, key);
  return { session, answer: session.toJSON() };
}

function start(world: World, session: Session): void {
  const delay = world.faults.find("start-delay")?.ms ?? world.scenario.start_delay_ms;
  void session.startAfter(delay);
}
