import { authenticateUser } from "./authentication.ts";
import { HttpError, json } from "./http.ts";
import { readBody, text } from "./request_body.ts";
import { type Route, routes } from "./router.ts";
import type { ClaudeLogin, World } from "./world.ts";

/** Seconds that a sign-in may take. */
const LOGIN_LIFE = 300;
/** How often the URL is asked for before there is one. */
const POLLS_BEFORE_URL = 1;
const AUTHORIZE_PATH = "/claude/authorize";

/** The endpoints about a user's Claude credential. */
export function claudeRoutes(world: World): Route[] {
  return routes({
    "GET /v1/auth/claude/status": async (request) => {
      const { uid } = await authenticateUser(world, request);
      const credential = world.claudeCredentials.get(uid);
      if (credential === undefined) return json({ has_credentials: false });
      return json({
        has_credentials: true,
        credential_type: credential.type,
        created_at: new Date(credential.createdAt).toISOString(),
      });
    },

    "POST /v1/auth/claude/start": async (request) => {
      const { uid } = await authenticateUser(world, request);
      const id = crypto.randomUUID();
      world.claudeLogins.set(id, {
        uid,
        code: crypto.randomUUID().slice(0, 8),
        startedAt: world.clock.now(),
        readyStatus: world.claudeLogins.size % 2 === 0 ? "url_ready" : "ready",
        polls: 0,
      });
      const message = "Poll /v1/auth/claude/url for the address";
      return json({ oauth_session_id: id, expires_in: LOGIN_LIFE, message });
    },

    "GET /v1/auth/claude/url": async (request) => {
      const { uid } = await authenticateUser(world, request);
      const id = request.query.get("session_id") ?? "";
      const login = findLogin(world, uid, id);
      if (world.faults.find("claude-login-fails") !== undefined) {
        return json({ status: "failed", error: "the browser could not be started" });
      }
      if (login.polls++ < POLLS_BEFORE_URL) {
        return json({ status: "pending", message: "The address is being made" });
      }
      const url = `${world.url}${AUTHORIZE_PATH}?state=${id}`;
      return json({ status: login.readyStatus, url, message: "Open the address to authorize" });
    },

    // Stands in for the page that the person opens.
    [`GET ${AUTHORIZE_PATH}`]: ({ query }) => {
      const login = world.claudeLogins.get(query.get("state") ?? "");
      if (login === undefined) throw new HttpError(404, "No such sign-in");
      const headers = { "Content-Type": "text/plain; charset=utf-8" };
      return { status: 200, headers, body: `${login.code}\n` };
    },

    "POST /v1/auth/claude/code": async (request) => {
      const { uid } = await authenticateUser(world, request);
      const body = readBody(request.body);
      const id = text(body, "session_id") ?? "";
      if (text(body, "code") !== findLogin(world, uid, id).code) {
        throw new HttpError(400, "Authorization code is not valid");
      }
      world.claudeLogins.delete(id);
      store(world, uid, "oauth_token");
      return json({
        success: true,
        status: "completed",
        message: "Claude credentials stored",
      });
    },

    "POST /v1/auth/claude/apikey": async (request) => {
      const { uid } = await authenticateUser(world, request);
      const key = text(readBody(request.body), "api_key") ?? "";
      if (!key.startsWith("sk-ant-")) {
        throw new HttpError(400, 'API keys must begin with "sk-ant-"');
      }
      store(world, uid, "apikey");
      return json({ success: true, message: "API key stored" });
    },

    "DELETE /v1/auth/claude": async (request) => {
      const { uid } = await authenticateUser(world, request);
      world.claudeCredentials.delete(uid);
      return json({ success: true, message: "Claude credentials removed" });
    },
  });
}

function findLogin(world: World, uid: string, id: string): ClaudeLogin {
  const login = world.claudeLogins.get(id);
  if (login?.uid !== uid) throw new HttpError(404, "No such sign-in");
  if (world.clock.now() >= login.startedAt + LOGIN_LIFE * 1000) {
    throw new HttpError(400, "Sign-in has expired");
  }
  return login;
}

function store(world: World, uid: string, type: string): void {
  world.claudeCredentials.set(uid, { type, createdAt: world.clock.now() });
}
