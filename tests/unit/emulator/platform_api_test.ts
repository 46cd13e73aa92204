import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ORGANIZATION_KEYS, USERS } from "../../../src/emulator/accounts.ts";
import { startServer } from "../../support/server.ts";
import { api, asUser } from "./client.ts";

Deno.test("platformRoutes() says who a user is, and what they may do", async () => {
  await using emulator = await startServer();
  const { oid } = emulator.accounts.organizations.acme;
  const { uid, email, permissions } = USERS.trainee;
  const { body } = await (await asUser(emulator, USERS.trainee)).get("/v1/who");
  assertEquals(body, { ident: email, uid, orgs: [oid], user_perms: { [oid]: permissions[oid] } });
});

Deno.test("platformRoutes() says what an organization's key may do", async () => {
  await using emulator = await startServer();
  const { name, oid, permissions } = ORGANIZATION_KEYS.dashboard;
  const { body } = await (await asUser(emulator, ORGANIZATION_KEYS.dashboard)).get("/v1/who");
  assertEquals(body, { ident: name, orgs: [oid], perms: permissions });
});

Deno.test("platformRoutes() refuses a raw API key", async () => {
  await using emulator = await startServer();
  const headers = { authorization: `Bearer ${USERS.analyst.apiKey}` };
  assertEquals((await api(emulator, headers).get("/v1/who")).status, 401);
  assertEquals((await api(emulator).get("/v1/who")).status, 401);
  assertEquals((await api(emulator, { authorization: "Basic eDp5" }).get("/v1/who")).status, 401);
});

Deno.test("platformRoutes() answers addresses with and without an outer url", async () => {
  await using emulator = await startServer();
  const { acme, globex } = emulator.accounts.organizations;
  const nested = await api(emulator).get(`/v1/orgs/${acme.oid}/url`);
  const flat = await api(emulator).get(`/v1/orgs/${globex.oid}/url`);
  assertEquals([nested.body.url.ai, flat.body.ai], [emulator.url, emulator.url]);
  assertEquals((await api(emulator).get("/v1/orgs/nobody/url")).status, 404);
});

Deno.test("platformRoutes() answers hive records as object or as JSON text", async () => {
  await using emulator = await startServer();
  const { oid } = emulator.accounts.organizations.acme;
  const user = await asUser(emulator);
  const agents = `/v1/hive/ai_agent/${oid}`;
  const { body } = await user.get(`${agents}/triage-bot/data`);
  assertEquals(body.data.anthropic_secret, "hive://secret/anthropic-key");
  assertEquals(Object.keys(body), ["data", "usr_mtd", "sys_mtd"]);
  const text = (await user.get(`${agents}/nightly-sweep/data`)).body.data;
  assert(typeof text === "string");
  assertEquals(JSON.parse(text).one_shot, true);
  assertEquals((await user.get(`${agents}/tier%201%2Fphishing/data`)).status, 200);
  assertEquals((await user.get(`${agents}/tier%201/phishing/data`)).status, 404);
  assertEquals((await user.get(`${agents}/%zz/data`)).status, 400);
  assertEquals((await user.get(`${agents}/unknown/data`)).status, 404);
  assertEquals((await user.get(`/v1/hive/dr-rules/${oid}/unknown/data`)).status, 404);
});

Deno.test("platformRoutes() guards hives by permission and organization", async () => {
  await using emulator = await startServer();
  const { acme, globex } = emulator.accounts.organizations;
  const status = async (holder: typeof USERS[keyof typeof USERS], hive: string, oid: string) =>
    await (await asUser(emulator, holder)).get(`/v1/hive/${hive}/${oid}/anthropic-key/data`);
  assertEquals((await status(USERS.analyst, "secret", acme.oid)).status, 200);
  assertEquals((await status(USERS.analyst, "secret", globex.oid)).status, 403);
  const denied = await status(USERS.trainee, "secret", acme.oid);
  assertEquals(denied.status, 403);
  assertStringIncludes(denied.body.error, "secret.get");
  const headers = { authorization: `Bearer ${await emulator.mintToken(USERS.colleague)}` };
  const path = `/v1/hive/secret/${globex.oid}/anthropic-key/data`;
  assertEquals((await api(emulator, headers).get(path)).status, 403);
});

Deno.test("Emulator.setHiveRecord puts a record in a hive", async () => {
  await using emulator = await startServer();
  const { oid } = emulator.accounts.organizations.acme;
  emulator.setHiveRecord("secret", oid, "new", { secret: "value" });
  const { body } = await (await asUser(emulator)).get(`/v1/hive/secret/${oid}/new/data`);
  assertEquals(body.data, { secret: "value" });
});
