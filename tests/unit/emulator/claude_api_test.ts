import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { USERS } from "../../../src/emulator/accounts.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { type Api, asUser } from "./client.ts";

/** Signs in up to the page that the person opens. */
async function start(user: Api): Promise<{ id: string; status: string; code: string }> {
  const { oauth_session_id: id } = (await user.post("/v1/auth/claude/start")).body;
  const path = `/v1/auth/claude/url?session_id=${id}`;
  assertEquals((await user.get(path)).body.status, "pending");
  const { status, url } = (await user.get(path)).body;
  const code = (await (await fetch(url)).text()).trim();
  return { id, status, code };
}

Deno.test("claudeRoutes() stores what a sign-in in the browser brings", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const user = await asUser(emulator, USERS.newcomer);
  assertEquals((await user.get("/v1/auth/claude/status")).body, { has_credentials: false });
  const { id: session_id, code } = await start(user);
  const submit = async (code: string) =>
    await user.post("/v1/auth/claude/code", { session_id, code });
  assertEquals((await submit("wrong")).status, 400);
  assertEquals((await submit(code)).body.success, true);
  assertEquals((await submit(code)).status, 404);
  assertEquals((await user.get("/v1/auth/claude/status")).body, {
    has_credentials: true,
    credential_type: "oauth_token",
    created_at: new Date(clock.now()).toISOString(),
  });
  await user.delete("/v1/auth/claude");
  assertEquals((await user.get("/v1/auth/claude/status")).body, { has_credentials: false });
});

Deno.test("claudeRoutes() announces the address in both spellings", async () => {
  await using emulator = await startServer();
  const user = await asUser(emulator);
  assertNotEquals((await start(user)).status, (await start(user)).status);
});

Deno.test("claudeRoutes() ends a sign-in after five minutes", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const user = await asUser(emulator);
  const { id: session_id, code } = await start(user);
  await clock.advance(300_000);
  const { status, body } = await user.post("/v1/auth/claude/code", { session_id, code });
  assertEquals(status, 400);
  assertMatch(body.error, /expired/);
});

Deno.test("claudeRoutes() lets nobody finish the sign-in of another", async () => {
  await using emulator = await startServer();
  const { id: session_id, code } = await start(await asUser(emulator));
  const other = await asUser(emulator, USERS.colleague);
  assertEquals((await other.post("/v1/auth/claude/code", { session_id, code })).status, 404);
  assertEquals((await other.get(`/v1/auth/claude/url?session_id=${session_id}`)).status, 404);
});

Deno.test("claudeRoutes() fails a sign-in when it is asked to", async () => {
  await using emulator = await startServer({ faults: [{ kind: "claude-login-fails" }] });
  const user = await asUser(emulator);
  const { oauth_session_id: id } = (await user.post("/v1/auth/claude/start")).body;
  const { body } = await user.get(`/v1/auth/claude/url?session_id=${id}`);
  assertEquals(body.status, "failed");
});

Deno.test("claudeRoutes() stores API keys that begin as they should", async () => {
  await using emulator = await startServer();
  const user = await asUser(emulator, USERS.newcomer);
  const store = async (api_key: string) =>
    (await user.post("/v1/auth/claude/apikey", { api_key })).status;
  assertEquals(await store("sk-other"), 400);
  assertEquals(await store("sk-ant-key"), 200);
  assertEquals((await user.get("/v1/auth/claude/status")).body.credential_type, "apikey");
});
