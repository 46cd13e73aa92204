import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { api, asUser } from "./client.ts";

async function mint(
  emulator: Emulator,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; jwt?: string; error?: string }> {
  const url = emulator.environment["LC_JWT_URL"] ?? "";
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, ...await response.json() };
}

function payloadOf(jwt = ""): Record<string, unknown> {
  const [, payload = ""] = jwt.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
}

Deno.test("tokenServiceRoutes() mints a token for an hour when the user's key comes with its uid", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const { uid, email, apiKey } = emulator.accounts.users.analyst;
  const { oid } = emulator.accounts.organizations.acme;
  const { status, jwt } = await mint(emulator, { secret: apiKey, uid, oid });
  assertEquals(status, 200);
  const iat = Math.floor(clock.now() / 1000);
  const { iss, ...claims } = payloadOf(jwt);
  assertEquals(claims, { oid, uid, ident: email, iat, exp: iat + 3600 });
  assertEquals(typeof iss, "string");
});

Deno.test("tokenServiceRoutes() lets a token expire earlier when an expiry is asked for", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const { uid, apiKey } = emulator.accounts.users.analyst;
  const expiry = Math.floor(clock.now() / 1000) + 60;
  const { jwt } = await mint(emulator, { secret: apiKey, uid, oid: "-", expiry: String(expiry) });
  assertEquals(payloadOf(jwt)["exp"], expiry);
  assertEquals((await mint(emulator, { secret: apiKey, uid, oid: "-", expiry: "1" })).status, 400);
});

Deno.test("tokenServiceRoutes() mints a token without an organization when oid is a dash", async () => {
  await using emulator = await startServer();
  const { uid, apiKey } = emulator.accounts.users.analyst;
  const { jwt } = await mint(emulator, { secret: apiKey, uid, oid: "-" });
  assertEquals(Object.hasOwn(payloadOf(jwt), "oid"), false);
  const { body } = await api(emulator, { authorization: `Bearer ${jwt}` }).get("/v1/who");
  const { acme, globex } = emulator.accounts.organizations;
  assertEquals(body.orgs, [acme.oid, globex.oid]);
});

Deno.test("tokenServiceRoutes() refuses credentials that don't belong together", async () => {
  await using emulator = await startServer();
  const { users, keys, organizations } = emulator.accounts;
  const { uid, apiKey: secret } = users.colleague;
  const { oid } = organizations.acme;
  const status = async (form: Readonly<Record<string, string>>) =>
    (await mint(emulator, form)).status;
  assertEquals(await status({ secret, uid, oid }), 200);
  assertEquals(await status({ secret, oid }), 401);
  assertEquals(await status({ secret, uid: users.analyst.uid, oid }), 401);
  assertEquals(await status({ secret: "wrong", uid, oid }), 401);
  assertEquals(await status({ secret: "", uid: users.federated.uid, oid }), 401);
  assertEquals(await status({ secret, uid, oid: organizations.globex.oid }), 401);
  assertEquals(await status({ secret: keys.automation.apiKey, oid }), 200);
  assertEquals(await status({ secret: keys.automation.apiKey, oid: "-" }), 401);
  assertEquals(await status({ oid }), 400);
});

Deno.test("tokenServiceRoutes() exchanges an id_token, and no other token", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const { oauth, users, organizations } = emulator.accounts;
  const { oid } = organizations.acme;
  const { jwt } = await mint(emulator, { fb_auth: oauth.id_token, oid });
  assertEquals(payloadOf(jwt)["uid"], users.federated.uid);
  const platform = await emulator.mintToken(users.federated);
  assertEquals((await mint(emulator, { fb_auth: platform, oid })).status, 401);
  assertEquals(oauth.expires_at, Math.floor(clock.now() / 1000) + 3600);
  await clock.advance(3600_000);
  const { status, error } = await mint(emulator, { fb_auth: oauth.id_token, oid });
  assertEquals(status, 401);
  assertMatch(error ?? "", /expired/);
});

Deno.test("tokenServiceRoutes() refreshes an OAuth sign-in", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const { oauth, organizations } = emulator.accounts;
  await clock.advance(3600_000);
  const refresh = async (refresh_token: string) => {
    const form = { grant_type: "refresh_token", refresh_token };
    const url = `${emulator.refreshUrl}?key=public-web-key`;
    const response = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
    return { status: response.status, body: await response.json() };
  };
  const { status, body } = await refresh(oauth.refresh_token);
  assertEquals([status, body.expires_in], [200, "3600"]);
  assert(body.refresh_token !== oauth.refresh_token);
  const form = { fb_auth: body.id_token, oid: organizations.acme.oid };
  assertEquals((await mint(emulator, form)).status, 200);
  assertEquals((await refresh("stale")).status, 400);
});

Deno.test("tokenServiceRoutes() refuses what is not a form", async () => {
  await using emulator = await startServer();
  const url = emulator.environment["LC_JWT_URL"] ?? "";
  const response = await fetch(url, { method: "POST", body: "{}" });
  assertEquals([response.status, Object.keys(await response.json())], [400, ["error"]]);
});

Deno.test("Emulator.revokeTokens makes the tokens of before invalid", async () => {
  await using emulator = await startServer();
  const before = await asUser(emulator);
  assertEquals((await before.get("/v1/who")).status, 200);
  emulator.revokeTokens();
  assertEquals((await before.get("/v1/who")).status, 401);
  assertEquals((await (await asUser(emulator)).get("/v1/who")).status, 200);
});

Deno.test("TokenSigner.verify refuses tokens that are altered, foreign or expired", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  await using other = await startServer({ clock });
  const { analyst } = emulator.accounts.users;
  const token = await emulator.mintToken(analyst);
  const [header = "", payload = "", signature = ""] = token.split(".");
  const forged = btoa(JSON.stringify({ ...payloadOf(token), exp: 9_999_999_999 }));
  const status = async (jwt: string) =>
    (await api(emulator, { authorization: `Bearer ${jwt}` }).get("/v1/who")).status;
  assertEquals(await status(token), 200);
  assertEquals(await status(`${header}.${forged}.${signature}`), 401);
  assertEquals(await status(`${header}.${payload}.`), 401);
  assertEquals(await status(`${header}.${payload}.%%%`), 401);
  assertEquals(await status("garbage"), 401);
  assertEquals(await status(emulator.accounts.oauth.id_token), 401);
  assertEquals(await status(await other.mintToken(analyst)), 401);
  await clock.advance(3600_000);
  assertEquals(await status(token), 401);
});
