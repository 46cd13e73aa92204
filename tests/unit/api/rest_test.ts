import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ApiError } from "../../../src/api/errors.ts";
import { RestFactory } from "../../../src/api/rest.ts";
import { TokenSource } from "../../../src/api/token.ts";
import { CliError } from "../../../src/app/errors.ts";
import type { Credentials } from "../../../src/config/credentials.ts";
import { TokenCache } from "../../../src/config/token_cache.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import {
  type Answer,
  inOrder,
  json,
  type Received,
  serveAnswers,
  serveBytes,
} from "../../support/http_server.ts";
import { jwt, makeClient, NEVER } from "../../support/api_client.ts";

const KEY: Credentials = { oid: "o-1", apiKey: "k-1", source: "test" };
const USER_KEY: Credentials = { ...KEY, uid: "u-1" };
const BROWSER: Credentials = {
  oid: "o-1",
  uid: "u-1",
  oauth: { idToken: "i", refreshToken: "r", expiresAt: 9e9 },
  source: "test",
};

const CALL = { action: "do it", path: "/v1/it" };

/** A service that mints the tokens `a`, `b` and so on, and answers calls as it is told. */
function fixture(answer: Answer, credentials = KEY) {
  let minted = 0;
  const calls: Received[] = [];
  const server = serveAnswers((request) => {
    if (request.path === "/token") return json({ jwt: tokenNumber(minted++) });
    calls.push(request);
    return answer(request);
  });
  const client = makeClient();
  const ephemeral = { file: "", tokenCache: "", inOwnFolder: false, ephemeral: true };
  const token = new TokenSource({
    credentials,
    url: `${server.url}/token`,
    http: client.http,
    cache: new TokenCache(ephemeral, fakeEnvironment(), client.clock, true),
    clock: client.clock,
    secrets: client.secrets,
    saveOAuth: () => Promise.resolve(),
    signal: NEVER,
  });
  const factory = new RestFactory(client.http, NEVER);
  return {
    ...client,
    server,
    calls,
    open: factory.open(server.url),
    withToken: factory.withToken(server.url, token),
    asOrganization: factory.asOrganization(server.url, credentials, token),
    get minted() {
      return minted;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const tokenNumber = (index: number) => jwt({ index });

/** Headers that say who calls. */
function identity({ headers }: Received): Record<string, string> {
  const names = ["authorization", "x-lc-oid", "x-lc-uid"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

Deno.test("RestFactory.open() calls without saying who", async () => {
  await using service = fixture(() => json({ a: 1 }));
  assertEquals(await service.open.call(CALL), { a: 1 });
  assertEquals([service.calls.map(identity), service.minted], [[{}], 0]);
});

for (const [name, credentials] of Object.entries({ KEY, USER_KEY, BROWSER })) {
  Deno.test(`RestFactory.withToken() calls with the token alone, with ${name}`, async () => {
    await using service = fixture(() => json({}), credentials);
    await service.withToken.call(CALL);
    assertEquals(service.calls.map(identity), [{ authorization: `Bearer ${tokenNumber(0)}` }]);
  });
}

/** Who calls for the organization, and with which headers. */
const ORGANIZATION: readonly [name: string, Credentials, Record<string, string>][] = [
  ["its key", KEY, { authorization: "Bearer k-1", "x-lc-oid": "o-1" }],
  ["a user's key", USER_KEY, {
    authorization: "Bearer k-1",
    "x-lc-oid": "o-1",
    "x-lc-uid": "u-1",
  }],
  ["a browser sign-in", BROWSER, {
    authorization: `Bearer ${tokenNumber(0)}`,
    "x-lc-oid": "o-1",
    "x-lc-uid": "u-1",
  }],
  ["a browser sign-in beside a key", { ...BROWSER, apiKey: "k-1" }, {
    authorization: "Bearer k-1",
    "x-lc-oid": "o-1",
    "x-lc-uid": "u-1",
  }],
];

for (const [name, credentials, headers] of ORGANIZATION) {
  Deno.test(`RestFactory.asOrganization() calls with ${name}`, async () => {
    await using service = fixture(() => json({}), credentials);
    await service.asOrganization.call(CALL);
    assertEquals(service.calls.map(identity), [headers]);
  });
}

Deno.test("RestFactory.asOrganization() needs an organization", async () => {
  await using service = fixture(() => json({}), { apiKey: "k-1", uid: "u-1", source: "test" });
  const error = await assertRejects(() => service.asOrganization.call(CALL), CliError);
  assertEquals([error.exitCode, error.message], [2, "Cannot do it: no organization is chosen"]);
  assertEquals(service.calls, []);
});

Deno.test("RestFactory.withToken() renews a token that is rejected, and tries once more", async () => {
  await using service = fixture(inOrder(json({}, 401), json({ a: 1 }), json({ a: 2 })));
  assertEquals(await service.withToken.call(CALL), { a: 1 });
  assertEquals(await service.withToken.call(CALL), { a: 2 });
  assertEquals(service.calls.map((call) => identity(call)["authorization"]), [
    `Bearer ${tokenNumber(0)}`,
    `Bearer ${tokenNumber(1)}`,
    `Bearer ${tokenNumber(1)}`,
  ]);
});

Deno.test("RestFactory.withToken() renews once for calls that are rejected together", async () => {
  const old = `Bearer ${tokenNumber(0)}`;
  await using service = fixture((request) =>
    identity(request)["authorization"] === old ? json({}, 401) : json({ a: 1 })
  );
  const calls = [1, 2, 3].map(() => service.withToken.call(CALL));
  assertEquals(await Promise.all(calls), [{ a: 1 }, { a: 1 }, { a: 1 }]);
  assertEquals(service.minted, 2);
});

Deno.test("RestFactory.withToken() fails with exit code 2 when two tokens are rejected", async () => {
  await using service = fixture(() => json({ error: "expired" }, 401));
  const error = await assertRejects(() => service.withToken.call(CALL), ApiError);
  assertEquals([error.exitCode, error.status, error.message], [
    2,
    401,
    "Cannot do it: not authenticated (401): expired",
  ]);
  assertEquals([service.calls.length, service.minted], [2, 2]);
});

Deno.test("RestFactory.asOrganization() does not try a rejected API key again", async () => {
  await using service = fixture(() => json({}, 401));
  const error = await assertRejects(() => service.asOrganization.call(CALL), ApiError);
  assertEquals([error.exitCode, service.calls.length, service.minted], [2, 1, 0]);
});

Deno.test("RestFactory.withToken() sends a rejected POST again, with the same body", async () => {
  await using service = fixture(inOrder(json({}, 401), json({}, 201)));
  await service.withToken.call({ ...CALL, method: "POST", body: { text: "grüße" } });
  assertEquals(
    service.calls.map(({ method, headers, body }) => [method, headers["content-type"], body]),
    [1, 2].map(() => ["POST", "application/json", '{"text":"grüße"}']),
  );
});

Deno.test("RestFactory.open() puts the query into the URL, without what is undefined", async () => {
  await using service = fixture(() => json({}));
  const query = { status: "running", limit: 5, cursor: undefined, odd: "a&b=c d/é" };
  await service.open.call({ ...CALL, query });
  assertEquals(service.calls.map(({ path }) => path), [
    "/v1/it?status=running&limit=5&odd=a%26b%3Dc+d%2F%C3%A9",
  ]);
});

Deno.test("RestFactory.open() keeps what is encoded in a path, and the path of the host", async () => {
  await using service = fixture(() => json({}));
  const { http } = makeClient();
  const rest = new RestFactory(http, NEVER).open(`${service.server.url}/base`);
  await rest.call({ ...CALL, path: "/v1/a%2Fb%3Fc" });
  assertEquals(service.calls.map(({ path }) => path), ["/base/v1/a%2Fb%3Fc"]);
});

Deno.test("RestFactory.open() ends a call with the signal of the call or of the program", async () => {
  await using server = serveBytes("", { hangUp: false });
  for (const which of ["program", "call"]) {
    const { http, clock } = makeClient();
    const program = new AbortController();
    const call = new AbortController();
    const rest = new RestFactory(http, program.signal).open(server.url);
    const reason = new Error("Stop");
    const ended = assertRejects(() => rest.call({ ...CALL, signal: call.signal }), Error);
    await clock.sleepers(1);
    (which === "program" ? program : call).abort(reason);
    assertStrictEquals(await ended, reason);
  }
});
