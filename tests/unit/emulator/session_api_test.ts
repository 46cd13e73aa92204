import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ORGANIZATION_KEYS, ORGANIZATIONS, USERS } from "../../../src/emulator/accounts.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { api, asOrg, asUser } from "./client.ts";

const { acme, globex } = ORGANIZATIONS;
const TEMPLATE = { prompt: "Triage it", anthropic_key: "sk-ant-x", trigger_source: "cli" };

Deno.test("sessionRoutes() serves org endpoints to keys and tokens that come with the organization", async () => {
  await using emulator = await startServer();
  const { analyst } = USERS;
  const jwt = await emulator.mintToken(analyst, acme.oid);
  const status = async (headers: Readonly<Record<string, string>>) =>
    (await api(emulator, headers).get("/v1/org/sessions")).status;
  const key = `Bearer ${analyst.apiKey}`;
  const oid = { "x-lc-oid": acme.oid };
  const uid = { "x-lc-uid": analyst.uid };
  assertEquals(await status({ authorization: key, ...oid, ...uid }), 200);
  assertEquals(await status({ authorization: `Bearer ${jwt}`, ...oid }), 200);
  assertEquals(await status({ authorization: key, ...oid }), 401);
  assertEquals(await status({ authorization: "Bearer wrong", ...oid, ...uid }), 401);
  assertEquals(await status({ authorization: key, ...uid }), 400);
  assertEquals(await status({ ...oid, ...uid }), 401);
  assertEquals(await status({ authorization: `Bearer ${jwt}`, "x-lc-oid": globex.oid }), 403);
  assertEquals(await status({ authorization: `Bearer ${jwt}`, "x-lc-oid": "nobody" }), 404);
});

Deno.test("sessionRoutes() names the permission that is missing on an org endpoint", async () => {
  await using emulator = await startServer();
  const { id } = emulator.createSession({ owner: { oid: acme.oid } });
  const error = async (call: Promise<{ status: number; body: { error: string } }>) => {
    const { status, body } = await call;
    return [status, body.error];
  };
  const missing = (permission: string) => [403, `Missing permission: ${permission}`];
  const trainee = asOrg(emulator, USERS.trainee);
  const dashboard = asOrg(emulator, ORGANIZATION_KEYS.dashboard);
  assertEquals(await error(trainee.get("/v1/org/sessions")), missing("ai_agent.get"));
  assertEquals(await error(trainee.get("/v1/org/usage/identities")), missing("ai_agent.get"));
  assertEquals((await dashboard.get(`/v1/org/sessions/${id}`)).status, 200);
  assertEquals(await error(dashboard.delete(`/v1/org/sessions/${id}`)), missing("ai_agent.set"));
  assertEquals(
    await error(dashboard.post("/v1/api/sessions", TEMPLATE)),
    missing("ai_agent.operate"),
  );
  const [status] = await error(asOrg(emulator, USERS.colleague, globex).get("/v1/org/sessions"));
  assertEquals(status, 403);
});

Deno.test("sessionRoutes() refuses raw keys, organizations and keys without a user on user endpoints", async () => {
  await using emulator = await startServer();
  const jwt = await emulator.mintToken(USERS.analyst, acme.oid);
  const status = async (headers: Readonly<Record<string, string>>) =>
    (await api(emulator, headers).get("/v1/sessions")).status;
  assertEquals(await status({ authorization: `Bearer ${jwt}` }), 200);
  assertEquals(await status({ authorization: `Bearer ${jwt}`, "x-lc-oid": acme.oid }), 400);
  assertEquals(await status({ authorization: `Bearer ${USERS.analyst.apiKey}` }), 401);
  assertEquals(await status({}), 401);
  const key = await emulator.mintToken(ORGANIZATION_KEYS.automation, acme.oid);
  assertEquals(await status({ authorization: `Bearer ${key}` }), 403);
});

Deno.test("sessionRoutes() keeps sessions of users and organizations apart", async () => {
  await using emulator = await startServer();
  const own = emulator.createSession();
  const foreign = emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  const org = emulator.createSession({ owner: { oid: acme.oid } });
  const other = emulator.createSession({ owner: { oid: globex.oid } });
  const user = await asUser(emulator);
  const userStatus = async (id: string) => (await user.get(`/v1/sessions/${id}`)).status;
  const orgStatus = async (id: string) =>
    (await asOrg(emulator).get(`/v1/org/sessions/${id}`)).status;
  assertEquals(await Promise.all([own, foreign, org].map(({ id }) => userStatus(id))), [
    200,
    403,
    404,
  ]);
  assertEquals(await Promise.all([own, org, other].map(({ id }) => orgStatus(id))), [
    404,
    200,
    404,
  ]);
  assertEquals([await userStatus("gone"), await orgStatus("gone")], [404, 404]);
  assertEquals((await user.delete(`/v1/sessions/${foreign.id}`)).status, 403);
  assertEquals((await user.get(`/v1/sessions/${org.id}/history`)).status, 404);
});

Deno.test("sessionRoutes() ends a session, and says who ended it", async () => {
  await using emulator = await startServer();
  const own = emulator.createSession();
  const org = emulator.createSession({ owner: { oid: acme.oid } });
  const user = await asUser(emulator);
  assertEquals((await user.delete(`/v1/sessions/${own.id}`)).body, { terminated: true });
  assertEquals((await asOrg(emulator).delete(`/v1/org/sessions/${org.id}`)).body, {
    terminated: true,
  });
  const { session } = (await user.get(`/v1/sessions/${own.id}`)).body;
  assertEquals([session.status, session.end_reason], ["ended", "user_requested"]);
  assertEquals(org.toJSON()["end_reason"], "org_api_requested");
});

Deno.test("SessionStore.page walks through thousands of sessions, newest first, without gaps", async () => {
  await using emulator = await startServer();
  const ids = Array.from({ length: 2_345 }, (_, index) => `session-${index}`);
  for (const id of ids) emulator.createSession({ id, owner: { oid: acme.oid } });
  const seen: string[] = [];
  let cursor = "";
  let pages = 0;
  do {
    const { body } = await asOrg(emulator).get(`/v1/org/sessions?limit=200&cursor=${cursor}`);
    seen.push(...body.sessions.map(({ id }: { id: string }) => id));
    cursor = encodeURIComponent(body.next_cursor);
    pages++;
  } while (cursor !== "");
  assertEquals(seen, ids.toReversed());
  assertEquals(pages, 12);
});

Deno.test("SessionStore.page filters by status, and keeps to the limit", async () => {
  await using emulator = await startServer();
  for (let index = 0; index < 120; index++) {
    emulator.createSession({ status: index % 2 === 0 ? "ended" : "running" });
  }
  const user = await asUser(emulator);
  const page = async (query: string) => (await user.get(`/v1/sessions${query}`)).body;
  assertEquals((await page("")).sessions.length, 50);
  const running = await page("?status=running&limit=60");
  assertEquals(running.sessions.length, 60);
  assert(running.sessions.every(({ status }: { status: string }) => status === "running"));
  assertEquals(running.next_cursor, "");
  assertEquals(await page("?status=starting"), { sessions: [], next_cursor: "" });
  for (const query of ["?limit=0", "?limit=201", "?limit=x", "?status=odd", "?cursor=odd"]) {
    assertEquals((await user.get(`/v1/sessions${query}`)).status, 400, query);
  }
});

Deno.test("sessionRoutes() shows a session's fields, and those that a test gave it", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const { id } = emulator.createSession({
    settings: { name: "Triage", max_turns: 3, denied_tools: ["Bash"] },
    fields: { forked_from_session_id: "abc", model: "claude-opus-4" },
    status: "ended",
    end: { reason: "failed", exitCode: 2 },
  });
  const { session } = (await (await asUser(emulator)).get(`/v1/sessions/${id}`)).body;
  const now = new Date(clock.now()).toISOString();
  const { name, denied_tools, forked_from_session_id, model, end_reason, exit_code } = session;
  assertEquals([name, denied_tools, forked_from_session_id, model], [
    "Triage",
    ["Bash"],
    "abc",
    "claude-opus-4",
  ]);
  assertEquals([end_reason, exit_code, session.terminated_at], ["failed", 2, now]);
});

Deno.test("sessionRoutes() answers the frames of a session as its history", async () => {
  await using emulator = await startServer();
  const past = { type: "user", timestamp: "2026-01-01T00:00:00Z", payload: { text: "hi" } };
  const session = emulator.createSession({ history: [past] });
  await session.push({ type: "assistant", payload: { content: "hello" } });
  await session.push("not json");
  await session.push({ type: "assistant", payload: { content: "unseen" } }, { recorded: false });
  const { body } = await (await asUser(emulator)).get(`/v1/sessions/${session.id}/history`);
  assertEquals(
    body.messages.map(({ type, payload }: { type: string; payload: unknown }) => [type, payload]),
    [["user", { text: "hi" }], ["assistant", { content: "hello" }]],
  );
});

Deno.test("sessionRoutes() creates a session of the user that then runs", async () => {
  await using emulator = await startServer();
  const user = await asUser(emulator);
  const body = { name: "Chat", max_turns: 5, max_budget_usd: 0.5, plugins: ["lc-essentials"] };
  const created = await user.post("/v1/sessions", body);
  assertEquals([created.status, created.body.session.status], [201, "starting"]);
  const { session } = (await user.get(`/v1/sessions/${created.body.session.id}`)).body;
  assertEquals([session.status, session.name], ["running", "Chat"]);
});

Deno.test("readSettings() names the field that is wrong", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const user = await asUser(emulator);
  const wrong: Readonly<Record<string, unknown>> = {
    model: 1,
    provider: "nobody",
    max_turns: 0,
    max_budget_usd: "1",
    task_budget_tokens: 1.5,
    one_shot: "yes",
    permission_mode: "yolo",
    allowed_tools: "Bash",
    denied_tools: [1],
    plugins: {},
    name: null,
  };
  for (const [field, value] of Object.entries(wrong)) {
    const { status, body } = await user.post("/v1/sessions", { [field]: value });
    assertEquals(status, 400, field);
    assertStringIncludes(body.error, `"${field}"`);
    await clock.advance(60_000);
  }
  assertEquals((await user.post("/v1/sessions", { unknown_field: 1 })).status, 201);
  assertEquals((await user.post("/v1/sessions", [])).status, 400);
});

Deno.test("sessionRoutes() creates nothing for who is not registered or has no credential", async () => {
  await using emulator = await startServer();
  const newcomer = await asUser(emulator, USERS.newcomer);
  const create = async () => {
    const { status, body } = await newcomer.post("/v1/sessions", {});
    return [status, body.error];
  };
  assertEquals(await create(), [403, "User is not registered"]);
  const first = await newcomer.post("/v1/register");
  assertEquals([first.status, first.body.registered], [200, true]);
  assertEquals((await newcomer.post("/v1/register")).body, first.body);
  assertEquals(await create(), [403, "No Claude credential is stored"]);
  await newcomer.post("/v1/auth/claude/apikey", { api_key: "sk-ant-x" });
  assertEquals((await create())[0], 201);
  const outsider = await asUser(emulator, USERS.outsider);
  assertEquals((await outsider.post("/v1/register")).status, 403);
});

Deno.test("sessionRoutes() refuses an eleventh active session", async () => {
  await using emulator = await startServer();
  const sessions = Array.from({ length: 10 }, () => emulator.createSession());
  emulator.createSession({ status: "ended" });
  emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  const user = await asUser(emulator);
  assertEquals((await user.post("/v1/sessions", {})).status, 409);
  sessions[0]?.end("completed", 0);
  assertEquals((await user.post("/v1/sessions", {})).status, 201);
});

Deno.test("sessionRoutes() limits creates and registrations to ten a minute and user", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const user = await asUser(emulator);
  const body = { idempotent_key: "the same" };
  for (const path of ["/v1/sessions", "/v1/register"]) {
    for (let count = 0; count < 10; count++) {
      assert((await user.post(path, body)).status < 300, `${path} ${count}`);
    }
    const { status, headers } = await user.post(path, body);
    assertEquals([status, headers.get("retry-after")], [429, "60"]);
  }
  assertEquals((await (await asUser(emulator, USERS.colleague)).post("/v1/sessions")).status, 400);
  await clock.advance(59_500);
  assertEquals((await user.post("/v1/sessions", body)).headers.get("retry-after"), "1");
  await clock.advance(500);
  assertEquals((await user.post("/v1/sessions", body)).status, 201);
});

Deno.test("sessionRoutes() finds the active session of an idempotent key", async () => {
  await using emulator = await startServer();
  const user = await asUser(emulator);
  const create = async () =>
    (await user.post("/v1/sessions", { idempotent_key: "k" })).body.session.id;
  const id = await create();
  assertEquals(await create(), id);
  const org = await asOrg(emulator).post("/v1/api/sessions", { ...TEMPLATE, idempotent_key: "k" });
  assertNotEquals(org.body.session_id, id);
  emulator.session(id)?.end("completed");
  assertNotEquals(await create(), id);
});

Deno.test("sessionRoutes() starts a session of the organization from a template", async () => {
  await using emulator = await startServer();
  const profile = { model: "claude-opus-4", allowed_tools: [], environment: { A: "b" } };
  const body = { ...TEMPLATE, name: "Triage", lc_api_key: "key", profile };
  const { status, body: answer } = await asOrg(emulator).post("/v1/api/sessions", body);
  assertEquals([status, Object.keys(answer)], [201, ["session_id", "status", "created_at"]]);
  const { session } = (await asOrg(emulator).get(`/v1/org/sessions/${answer.session_id}`)).body;
  const { name, model, allowed_tools, initial_prompt, trigger_source } = session;
  assertEquals({ name, model, allowed_tools, initial_prompt, trigger_source }, {
    name: "Triage",
    model: "claude-opus-4",
    allowed_tools: [],
    initial_prompt: "Triage it",
    trigger_source: "cli",
  });
});

Deno.test("sessionRoutes() names what a template lacks", async () => {
  await using emulator = await startServer();
  const error = async (body: unknown) => {
    const { status, body: answer } = await asOrg(emulator).post("/v1/api/sessions", body);
    return status === 400 ? answer.error : status;
  };
  assertStringIncludes(await error({ anthropic_key: "k" }), '"prompt"');
  assertStringIncludes(await error({ prompt: "p" }), '"anthropic_key"');
  assertStringIncludes(await error({ ...TEMPLATE, profile: [] }), '"profile"');
  assertStringIncludes(await error({ ...TEMPLATE, lc_uid: 1 }), '"lc_uid"');
  assertStringIncludes(await error({ ...TEMPLATE, profile: { max_turns: -1 } }), '"max_turns"');
  assertEquals(await error({ prompt: "p", provider: "openai", credentials: { k: "v" } }), 201);
});

Deno.test("sessionRoutes() answers usage by identity, whatever its name", async () => {
  await using emulator = await startServer();
  const { identities } = (await asOrg(emulator).get("/v1/org/usage/identities")).body;
  for (const identity of identities) {
    const path = `/v1/org/usage/identities/${encodeURIComponent(identity)}`;
    const { body } = await asOrg(emulator).get(path);
    assertEquals(body.identity, identity);
    assert(Array.isArray(body.usage));
  }
  assertEquals((await asOrg(emulator).get("/v1/org/usage/identities/unknown")).status, 404);
});

Deno.test("dispatch() refuses unknown endpoints and methods", async () => {
  await using emulator = await startServer();
  const user = await asUser(emulator);
  assertEquals((await user.get("/v1/nowhere")).status, 404);
  assertEquals((await user.delete("/v1/sessions")).status, 405);
  const { id } = emulator.createSession();
  assertEquals((await user.get(`/v1/sessions/${id}/ws`)).status, 404);
  assertEquals((await user.get("/v1/sessions/")).status, 404);
});
