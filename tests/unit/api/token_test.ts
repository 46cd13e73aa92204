import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TokenSource } from "../../../src/api/token.ts";
import { CliError } from "../../../src/app/errors.ts";
import type { Network } from "../../../src/app/deps.ts";
import type { Credentials } from "../../../src/config/credentials.ts";
import type { OAuthTokens } from "../../../src/config/section.ts";
import { TokenCache } from "../../../src/config/token_cache.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";
import {
  type Answer,
  closedUrl,
  inOrder,
  json,
  type Received,
  serveAnswers,
} from "../../support/http_server.ts";
import { jwt, makeClient, NEVER, PatientClock } from "../../support/api_client.ts";

const NOW = new PatientClock().now() / 1000;
const KEY: Credentials = { oid: "o-1", apiKey: "k-secret-1", source: "LC_API_KEY" };
const BROWSER: Credentials = {
  oid: "o-1",
  oauth: { idToken: "id-1", refreshToken: "refresh-1", expiresAt: NOW + 3600 },
  source: "the test",
  environment: "default",
};

const token = (name: string, seconds = 3600) => jwt({ name, exp: NOW + seconds });

function fixture(answer: Answer, credentials: Credentials = KEY) {
  const folder = temporaryFolder();
  const server = serveAnswers(answer);
  // Google's token service, which no variable names elsewhere.
  const network: Network = {
    fetch: (input, init) => {
      const url = String(input).replace("https://securetoken.googleapis.com", server.url);
      return fetch(url, init);
    },
    WebSocket,
  };
  const client = makeClient({ network, flags: { debugFull: true } });
  const paths = {
    file: folder.join("config.yaml"),
    tokenCache: folder.join("jwt_cache.json"),
    inOwnFolder: true,
    ephemeral: false,
  };
  const saved: OAuthTokens[] = [];
  const cache = new TokenCache(paths, fakeEnvironment(), client.clock, false);
  const make = (url = server.url) =>
    new TokenSource({
      credentials,
      url,
      http: client.http,
      cache,
      clock: client.clock,
      secrets: client.secrets,
      saveOAuth: (tokens) => Promise.resolve(void saved.push(tokens)),
      signal: NEVER,
    });
  return {
    ...client,
    cache,
    saved,
    make,
    received: server.received,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

const forms = (received: readonly Received[]) =>
  received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

Deno.test("TokenSource.get() mints with an API key, once", async () => {
  await using service = fixture(inOrder(json({ jwt: token("a") })));
  const source = service.make();
  assertEquals(source.expiresAt, undefined);
  assertEquals(await Promise.all([source.get(), source.get()]), [token("a"), token("a")]);
  assertEquals(await source.get(), token("a"));
  assertEquals(source.expiresAt, (NOW + 3600) * 1000);
  assertEquals(forms(service.received), [{ secret: "k-secret-1", oid: "o-1" }]);
  assertEquals(
    service.received.map(({ method, path, headers }) => [method, path, headers["content-type"]]),
    [["POST", "/", "application/x-www-form-urlencoded"]],
  );
});

/** Who asks for a token, and what the token service is told. */
const PROOFS: readonly [name: string, Credentials, Record<string, string>][] = [
  ["a user's key", { ...KEY, uid: "u-1" }, { secret: "k-secret-1", oid: "o-1", uid: "u-1" }],
  [
    "a user's key without organization",
    { apiKey: "k-secret-1", uid: "u-1", source: "" },
    { secret: "k-secret-1", oid: "-", uid: "u-1" },
  ],
  ["a browser sign-in", BROWSER, { fb_auth: "id-1", oid: "o-1" }],
  ["a browser sign-in beside a key", { ...BROWSER, apiKey: "k" }, { fb_auth: "id-1", oid: "o-1" }],
];

for (const [name, credentials, form] of PROOFS) {
  Deno.test(`TokenSource.get() mints with ${name}`, async () => {
    await using service = fixture(inOrder(json({ jwt: token("a") })), credentials);
    assertEquals(await service.make().get(), token("a"));
    assertEquals(forms(service.received), [form]);
  });
}

Deno.test("TokenSource.get() needs an organization with an organization's key", async () => {
  await using service = fixture(inOrder(), { apiKey: "k", source: "" });
  const error = await assertRejects(() => service.make().get(), CliError);
  assertEquals([error.exitCode, error.message], [
    2,
    "Cannot get a token: no organization is chosen",
  ]);
  assertEquals(service.received, []);
});

Deno.test("TokenSource.get() keeps the token for the next process", async () => {
  await using service = fixture(inOrder(json({ jwt: token("a") })));
  await service.make().get();
  assertEquals(await service.make().get(), token("a"));
  assertEquals(service.received.length, 1);
});

Deno.test("TokenSource.get() mints anew when little time is left", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ jwt: token("b", 7200) })),
  );
  const source = service.make();
  await source.get();
  await service.clock.advance(3539_000);
  assertEquals(await source.get(), token("a"));
  await service.clock.advance(1_000);
  assertEquals(await source.get(), token("b", 7200));
});

Deno.test("TokenSource.get() uses a token that says no expiry, and doesn't keep it", async () => {
  const opaque = jwt({});
  await using service = fixture(inOrder(json({ jwt: opaque }), json({ jwt: token("b") })));
  const source = service.make();
  assertEquals([await source.get(), await source.get()], [opaque, opaque]);
  assertEquals(source.expiresAt, undefined);
  assertEquals(await service.make().get(), token("b"));
});

Deno.test("TokenSource.renew() drops the token and mints anew", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ jwt: token("b") })),
  );
  const source = service.make();
  await source.get();
  assertEquals(await source.renew(), token("b"));
  assertEquals(await source.get(), token("b"));
  assertEquals(await service.make().get(), token("b"));
  assertEquals(service.received.length, 2);
});

Deno.test("TokenSource.renew() mints once for all who were rejected", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ jwt: token("b") })),
  );
  const source = service.make();
  const rejected = await source.get();
  const renewed = await Promise.all([source.renew(rejected), source.renew(rejected)]);
  assertEquals(renewed, [token("b"), token("b")]);
  assertEquals(await source.renew(rejected), token("b"));
  assertEquals(service.received.length, 2);
});

Deno.test("TokenSource.renew() leaves no dropped token behind when minting fails", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ error: "no" }, 401), json({ jwt: token("c") })),
  );
  const source = service.make();
  await source.get();
  await assertRejects(() => source.renew(), CliError);
  assertEquals(await service.make().get(), token("c"));
});

Deno.test("TokenSource.get() never gives a token again that was rejected, when minting failed", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ error: "down" }, 500), json({ jwt: token("c") })),
  );
  const source = service.make();
  await source.get();
  await assertRejects(() => source.renew(), CliError);
  assertEquals(await source.get(), token("c"));
});

Deno.test("TokenSource.refresh() mints ahead of time, and keeps the token where that fails", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("a") }), json({ error: "down" }, 500), json({ jwt: token("c") })),
  );
  const source = service.make();
  await source.get();
  await assertRejects(() => source.refresh(), CliError);
  assertEquals(await source.get(), token("a"));
  await source.refresh();
  assertEquals(await source.get(), token("c"));
  assertEquals(await service.make().get(), token("c"));
});

Deno.test("TokenSource.mint() asks for an expiry, and keeps nothing", async () => {
  await using service = fixture(
    inOrder(json({ jwt: token("long", 28800) }), json({ jwt: token("a") })),
  );
  const source = service.make();
  assertEquals(await source.mint(NOW + 28800.9), token("long", 28800));
  assertEquals(await source.get(), token("a"));
  assertEquals(forms(service.received)[0]?.["expiry"], String(NOW + 28800));
});

for (const status of [400, 401, 403, 404]) {
  Deno.test(`TokenSource.get() fails with exit code 2 when the service says ${status}`, async () => {
    await using service = fixture(() => json({ error: "unknown api key" }, status));
    const error = await assertRejects(() => service.make().get(), CliError);
    assertEquals(error.exitCode, 2);
    assertStringIncludes(error.message, `(${status}): unknown api key`);
    assertEquals(
      error.hint,
      "Check the credentials of LC_API_KEY, and that they belong to organization o-1",
    );
  });
}

/** Answers that are no token, the exit code, and what is said of them. */
const REFUSALS: readonly [answer: () => Response, exitCode: number, message: RegExp | string][] = [
  [() => json({ error: "slow down" }, 429), 5, "rate limited (429)"],
  [() => new Response("down", { status: 503 }), 1, "the service failed (503): down"],
  [
    () => new Response("<html><title>Sign in</title>", { status: 200 }),
    1,
    'answered with an HTML page ("Sign in")',
  ],
  [() => new Response("<html><title>No</title>", { status: 403 }), 2, 'an HTML page ("No")'],
  [() => json({}), 1, 'the answer has no "jwt"'],
  [() => json({ jwt: "two lines\nof text" }), 4, "token from the token service"],
];

for (const [answer, exitCode, message] of REFUSALS) {
  Deno.test(`TokenSource.get() fails with exit code ${exitCode} where it says ${message}`, async () => {
    await using service = fixture(answer);
    const error = await assertRejects(() => service.make().get(), CliError);
    assertEquals(error.exitCode, exitCode);
    assertStringIncludes(error.message, String(message));
  });
}

Deno.test("TokenSource.get() names the token service when it is out of reach", async () => {
  await using service = fixture(inOrder());
  const url = closedUrl();
  const error = await assertRejects(() => service.make(url).get(), CliError);
  assertEquals([error.exitCode, error.message], [
    6,
    `Cannot get a token: cannot reach ${new URL(url).host}: the connection was refused`,
  ]);
});

Deno.test("TokenSource.get() lets neither key nor token into the log", async () => {
  await using service = fixture(inOrder(json({ jwt: token("a") })));
  service.secrets.add(KEY.apiKey);
  await service.make().get();
  const text = service.log.join("\n");
  assertStringIncludes(text, "secret=[masked]");
  assert(!text.includes("k-secret-1"));
  for (const part of token("a").split(".")) assert(!text.includes(part), text);
  assertEquals(service.secrets.mask(token("a")), "[masked]");
});

const EXPIRED: Credentials = {
  ...BROWSER,
  oauth: { idToken: "id-1", refreshToken: "refresh-1", expiresAt: NOW + 300 },
};

Deno.test("TokenSource.get() refreshes a browser sign-in that is about to end", async () => {
  const refreshed = {
    id_token: "id-token-2",
    refresh_token: "refresh-token-2",
    expires_in: "3600",
  };
  await using service = fixture(
    inOrder(json(refreshed), json({ jwt: token("a") }), json({ jwt: token("b") })),
    EXPIRED,
  );
  const source = service.make();
  assertEquals(await source.get(), token("a"));
  assertEquals(service.received[0]?.path.split("?")[0], "/v1/token");
  assertEquals(forms(service.received).slice(0, 2), [
    { grant_type: "refresh_token", refresh_token: "refresh-1" },
    { fb_auth: "id-token-2", oid: "o-1" },
  ]);
  assertEquals(service.saved, [
    { idToken: "id-token-2", refreshToken: "refresh-token-2", expiresAt: NOW + 3600 },
  ]);
  // It stays good: the next token needs no other refresh.
  assertEquals(await source.renew(), token("b"));
  assertEquals(service.received.length, 3);
  const text = service.log.join("\n");
  for (const secret of ["id-token-2", "refresh-token-2"]) assert(!text.includes(secret), text);
});

Deno.test("TokenSource.get() keeps the refresh token when no other one comes", async () => {
  await using service = fixture(
    inOrder(json({ id_token: "id-2" }), json({ jwt: token("a") })),
    EXPIRED,
  );
  await service.make().get();
  assertEquals(service.saved, [
    { idToken: "id-2", refreshToken: "refresh-1", expiresAt: NOW + 3600 },
  ]);
});

Deno.test("TokenSource.get() says that a browser sign-in has ended for good", async () => {
  await using service = fixture(
    () => json({ error: { code: 400, message: "TOKEN_EXPIRED" } }, 400),
    EXPIRED,
  );
  const error = await assertRejects(() => service.make().get(), CliError);
  assertEquals(error.exitCode, 2);
  assertStringIncludes(error.message, "The browser sign-in has ended: ");
  assertStringIncludes(error.message, "TOKEN_EXPIRED");
  assertEquals(service.saved, []);
});

Deno.test("TokenSource.get() cannot refresh without a refresh token", async () => {
  const oauth = { idToken: "id-1", refreshToken: "", expiresAt: 0 };
  await using service = fixture(inOrder(), { ...BROWSER, oauth });
  const error = await assertRejects(() => service.make().get(), CliError);
  assertEquals([error.exitCode, service.received.length], [2, 0]);
});
