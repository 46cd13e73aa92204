import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ApiError } from "../../../src/api/errors.ts";
import type { GlobalFlags, Network } from "../../../src/app/deps.ts";
import { CliError } from "../../../src/app/errors.ts";
import { connect, openAccount } from "../../../src/app/service.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { type FakeDeps, fakeDeps } from "../../support/fakes.ts";
import { temporaryHome } from "../../support/home.ts";
import { json, serveAnswers } from "../../support/http_server.ts";
import { startServer } from "../../support/server.ts";
import { PatientClock } from "../../support/api_client.ts";

const REAL_NETWORK: Network = { fetch, WebSocket };

interface Options {
  readonly env?: Record<string, string>;
  readonly flags?: Partial<GlobalFlags>;
  /** Text of the configuration file. */
  readonly config?: string;
  readonly network?: Network;
}

/** What a command gets that talks to the emulator, with a home folder of its own. */
async function fixture(options: Options = {}) {
  const home = temporaryHome();
  const clock = new PatientClock();
  const emulator = await startServer({ clock });
  const file = home.join(".limacharlie.d", "config.yaml");
  if (options.config !== undefined) {
    await Deno.mkdir(home.join(".limacharlie.d"), { mode: 0o700 });
    await Deno.writeTextFile(file, options.config, { mode: 0o600 });
  }
  const deps = fakeDeps({
    env: { ...home.env, ...emulator.environment, ...options.env },
    flags: options.flags ?? {},
    clock,
    network: options.network ?? toEmulator(emulator),
  });
  return {
    deps,
    emulator,
    file,
    tokenCache: home.join(".limacharlie.d", "jwt_cache.json"),
    async [Symbol.asyncDispose]() {
      await emulator.stop();
      home[Symbol.dispose]();
    },
  };
}

/** The network, with Google's token service in the emulator. */
function toEmulator({ refreshUrl }: Emulator): Network {
  const google = /^https:\/\/securetoken\.googleapis\.com\/v1\/token/;
  return {
    fetch: (input, init) => fetch(String(input).replace(google, refreshUrl), init),
    WebSocket,
  };
}

/** How the platform answers where the AI sessions are. */
const URL_ANSWERS: readonly [name: string, answer: unknown, aiUrl: string][] = [
  ["in an object", { url: { ai: "ai.example.com", api: "x" } }, "https://ai.example.com"],
  ["without an object", { ai: "ai.example.com" }, "https://ai.example.com"],
  ["with scheme and slash", { url: { ai: "https://ai.example.com/" } }, "https://ai.example.com"],
  ["on loopback", { url: { ai: "http://127.0.0.1:9" } }, "http://127.0.0.1:9"],
  ["not at all", { url: { api: "x" } }, "https://ai.limacharlie.io"],
  ["with nothing", { url: { ai: "" } }, "https://ai.limacharlie.io"],
  ["with an empty body", {}, "https://ai.limacharlie.io"],
];

for (const [name, answer, aiUrl] of URL_ANSWERS) {
  Deno.test(`connect() finds the AI host that is named ${name}`, async () => {
    await using server = serveAnswers(() => json(answer));
    await using service = await fixture({
      env: { LC_API_URL: server.url, LC_OID: "o 1?" },
      flags: { oid: "o-1" },
      network: REAL_NETWORK,
    });
    assertEquals((await connect(service.deps)).aiUrl, aiUrl);
    const [request] = server.received;
    assertEquals([request?.path, request?.headers["authorization"]], [
      "/v1/orgs/o-1/url",
      undefined,
    ]);
  });
}

Deno.test("connect() refuses an AI host without TLS", async () => {
  await using server = serveAnswers(() => json({ url: { ai: "http://ai.example.com" } }));
  await using service = await fixture({
    env: { LC_API_URL: server.url },
    network: REAL_NETWORK,
  });
  const error = await assertRejects(() => connect(service.deps), CliError);
  assertEquals(error.exitCode, 4);
  assertStringIncludes(error.message, "of the answer of 127.0.0.1:");
});

Deno.test("connect() asks nobody for the AI host that LC_AI_URL names", async () => {
  await using service = await fixture({ env: { LC_AI_URL: "https://ai.example.com" } });
  assertEquals((await connect(service.deps)).aiUrl, "https://ai.example.com");
  assertEquals(service.emulator.requests, []);
});

Deno.test("connect() takes the default AI host without an organization", async () => {
  await using service = await fixture({ env: { LC_OID: "" } });
  assertEquals((await connect(service.deps)).aiUrl, "https://ai.limacharlie.io");
  assertEquals(service.emulator.requests, []);
});

Deno.test("connect() fails with exit code 3 for an organization that there is not", async () => {
  await using service = await fixture({ flags: { oid: "nope" } });
  const error = await assertRejects(() => connect(service.deps), CliError);
  assertEquals(error.exitCode, 3);
  assertStringIncludes(error.message, `No organization "nope" at 127.0.0.1:`);
});

Deno.test("connect() fails with exit code 2 without credentials", async () => {
  await using service = await fixture({ env: { LC_API_KEY: "" }, config: "oid: o-1\n" });
  const error = await assertRejects(() => connect(service.deps), CliError);
  assertEquals([error.exitCode, error.message, error.hint], [
    2,
    `No credentials in ${service.file}`,
    "Sign in with limacharlie auth login, or set LC_OID and LC_API_KEY",
  ]);
});

Deno.test("connect() refuses credentials that no header can carry, without repeating them", async () => {
  await using service = await fixture({ env: { LC_API_KEY: "two\nlines-of-secret" } });
  const error = await assertRejects(() => connect(service.deps), CliError);
  assertEquals([error.exitCode, error.message], [
    4,
    "The API key of LC_API_KEY holds characters that none has",
  ]);
});

Deno.test("connect() mints no token, and openAccount() sends nothing", async () => {
  await using service = await fixture();
  await openAccount(service.deps);
  assertEquals(service.emulator.requests, []);
  await connect(service.deps);
  assertEquals(service.emulator.requests.map(({ path }) => path.split("/").at(-1)), ["url"]);
});

Deno.test("connect() says which program calls", async () => {
  await using service = await fixture();
  await connect(service.deps);
  const agent = service.emulator.requests[0]?.headers["user-agent"];
  assertEquals(agent, `limacharlie-ai/1.2.3 (${Deno.build.os}; ${Deno.build.arch})`);
});

Deno.test("openAccount() knows who the caller is", async () => {
  await using service = await fixture();
  const { identity } = await openAccount(service.deps);
  const { organizations: { acme }, users: { analyst } } = service.emulator.accounts;
  const who = await identity.who();
  assertEquals([who["user_perms"], who["orgs"]], [
    { [acme.oid]: analyst.permissions[acme.oid] },
    [acme.oid],
  ]);
});

Deno.test("Hive.get() reads records as objects and as text, by any name", async () => {
  await using service = await fixture();
  const { hive } = await connect(service.deps);
  const models = await Promise.all(
    ["triage-bot", "nightly-sweep", "tier 1/phishing"].map(async (name) =>
      (await hive.get("ai_agent", name)).data["anthropic_secret"]
    ),
  );
  assertEquals(models, Array(3).fill("hive://secret/anthropic-key"));
});

Deno.test("Hive.get() fails with exit code 3 where there is no such record", async () => {
  await using service = await fixture();
  const { hive, credentials } = await connect(service.deps);
  const error = await assertRejects(() => hive.get("ai_agent", "nope"), CliError);
  assertEquals([error.exitCode, error.message], [
    3,
    `No record hive://ai_agent/nope in organization ${credentials.oid}`,
  ]);
});

Deno.test("Hive.get() refuses a record that is no JSON object", async () => {
  await using service = await fixture();
  const { hive, credentials: { oid = "" } } = await connect(service.deps);
  for (const data of ["{", "[1]", "7"]) {
    service.emulator.setHiveRecord("ai_agent", oid, "odd", data);
    const error = await assertRejects(() => hive.get("ai_agent", "odd"), CliError);
    assertEquals(error.exitCode, 1);
  }
});

Deno.test("Hive.get() names the permission that is missing", async () => {
  await using service = await fixture();
  const { apiKey, uid } = service.emulator.accounts.users.trainee;
  const deps = withVariables(service.deps, { LC_API_KEY: apiKey, LC_UID: uid });
  const { hive } = await connect(deps);
  const error = await assertRejects(() => hive.resolve("hive://secret/anthropic-key"), ApiError);
  assertEquals(error.exitCode, 2);
  assertStringIncludes(`${error.message} ${error.hint}`, "secret.get");
});

Deno.test("Hive.resolve() fetches each secret once, and has it masked", async () => {
  await using service = await fixture();
  const { hive, credentials: { oid = "" } } = await connect(service.deps);
  service.emulator.setHiveRecord("secret", oid, "a/b", { secret: "the-value-of-the-secret" });
  const reference = "hive://secret/a/b";
  const values = await Promise.all([reference, reference, "literal"].map((v) => hive.resolve(v)));
  assertEquals(values, ["the-value-of-the-secret", "the-value-of-the-secret", "literal"]);
  const asked = service.emulator.requests.filter(({ path }) => path.includes("/hive/"));
  assertEquals(asked.map(({ path }) => path), [`/v1/hive/secret/${oid}/a%2Fb/data`]);
  assertEquals(service.deps.secrets.mask("the-value-of-the-secret"), "[masked]");
});

Deno.test("Hive.resolve() refuses references that lead nowhere", async () => {
  await using service = await fixture();
  const { hive, credentials: { oid = "" } } = await connect(service.deps);
  service.emulator.setHiveRecord("secret", oid, "empty", { other: "x" });
  const codes = await Promise.all(
    ["hive://secret/", "hive://secret/nope", "hive://secret/empty"].map(async (reference) =>
      (await assertRejects(() => hive.resolve(reference), CliError)).exitCode
    ),
  );
  assertEquals(codes, [4, 3, 1]);
});

Deno.test("Hive.names() lists what is there", async () => {
  await using service = await fixture();
  const { hive } = await connect(service.deps);
  assert((await hive.names("ai_agent")).includes("tier 1/phishing"));
});

Deno.test("UserSessions.register() is fine with being registered already", async () => {
  await using server = serveAnswers(({ path }) =>
    path === "/jwt" ? json({ jwt: "a.b.c" }) : json({ error: "already registered" }, 409)
  );
  await using service = await fixture({
    env: { LC_JWT_URL: `${server.url}/jwt`, LC_AI_URL: server.url },
    network: REAL_NETWORK,
  });
  const { userSessions } = await connect(service.deps);
  assertEquals(await userSessions.register(), { registered: true });
});

Deno.test("UserSessions.create() sends what is given, and no more", async () => {
  await using service = await fixture();
  const { userSessions } = await connect(service.deps);
  await userSessions.register();
  const session = await userSessions.create({ name: "n", one_shot: false, allowed_tools: [] });
  assertEquals((await userSessions.get(session.id)).id, session.id);
  const bodies = service.emulator.requests.filter(({ path, method }) =>
    method === "POST" && path === "/v1/sessions"
  ).map(({ body }) => JSON.parse(body));
  assertEquals(bodies, [{ name: "n", one_shot: false, allowed_tools: [] }]);
});

Deno.test("UserSessions.create() says what to do when the answer is lost", async () => {
  await using service = await fixture();
  const { userSessions } = await connect(service.deps);
  await userSessions.register();
  using _ = service.emulator.addFault({
    kind: "truncate-body",
    method: "POST",
    path: "/v1/sessions",
  });
  const error = await assertRejects(() => userSessions.create({}), CliError);
  assertEquals([error.exitCode, error.hint], [
    6,
    "See limacharlie ai chats list before you try again",
  ]);
  assertStringIncludes(error.message, "; it may have been done nevertheless");
  assertEquals((await Array.fromAsync(userSessions.list())).length, 1);
  const again = { idempotent_key: "key-1" };
  const { hint } = await assertRejects(() => userSessions.create(again), CliError);
  assertStringIncludes(hint ?? "", "Try again with --idempotent-key key-1: ");
});

Deno.test("OrgSessions() calls with the organization's key", async () => {
  await using service = await fixture();
  const { apiKey, oid } = service.emulator.accounts.keys.automation;
  const deps = withVariables(service.deps, { LC_API_KEY: apiKey, LC_UID: "" });
  const { orgSessions, usage } = await connect(deps);
  const { session_id } = await orgSessions.startFromTemplate({
    prompt: "Look",
    anthropic_key: "sk-ant-test-1234567890",
    trigger_source: "cli",
  });
  assertEquals((await orgSessions.get(session_id)).id, session_id);
  assertEquals((await Array.fromAsync(orgSessions.list())).map(({ id }) => id), [session_id]);
  assertEquals(await orgSessions.terminate(session_id), { terminated: true });
  assert(Array.isArray((await orgSessions.history(session_id)).frames));
  assert(Array.isArray((await usage.identities())["identities"]));
  const calls = service.emulator.requests.filter(({ path }) => !path.endsWith("/url"));
  assertEquals(new Set(calls.map(({ headers }) => headers["authorization"])).size, 1);
  assertEquals(calls[0]?.headers["x-lc-oid"], oid);
});

Deno.test("ClaudeAuth() walks through a sign-in", async () => {
  await using service = await fixture();
  const { claudeAuth } = await connect(service.deps);
  await claudeAuth.remove();
  assertEquals((await claudeAuth.status()).has_credentials, false);
  const { oauth_session_id } = await claudeAuth.start();
  let url = await claudeAuth.url(oauth_session_id);
  for (let tries = 0; url.state === "pending" && tries < 50; tries++) {
    await service.deps.clock.advance(1000);
    url = await claudeAuth.url(oauth_session_id);
  }
  assertEquals(url.state, "ready");
  await claudeAuth.setKey("sk-ant-api03-planted-key");
  assertEquals((await claudeAuth.status()).has_credentials, true);
  assertEquals(service.deps.secrets.mask("planted-key api03-planted"), "planted-key [masked]");
});

Deno.test("connect() keeps a refreshed browser sign-in where it came from", async () => {
  await using service = await fixture({ env: { LC_API_KEY: "", LC_UID: "" } });
  const { id_token, refresh_token } = service.emulator.accounts.oauth;
  const { oid } = service.emulator.accounts.organizations.acme;
  const config = `# mine\ncurrent_env: browser\nenv:\n  # this one\n  browser:\n    oid: ${oid}\n` +
    `    oauth:\n      id_token: ${id_token}\n      refresh_token: ${refresh_token}\n` +
    "      expires_at: 1\n      provider: google\n";
  await Deno.mkdir(service.file.replace("/config.yaml", ""), { mode: 0o700 });
  await Deno.writeTextFile(service.file, config, { mode: 0o600 });
  const { userSessions } = await connect(service.deps);
  await Array.fromAsync(userSessions.list());
  const written = await Deno.readTextFile(service.file);
  const expiresAt = Number(/expires_at: (\d+)/.exec(written)?.[1]);
  assert(expiresAt > service.deps.clock.now() / 1000 + 300, written);
  assertEquals(
    written.replace(/id_token: \S+/, "").replace(/refresh_token: \S+/, ""),
    config.replace(/id_token: \S+/, "").replace(/refresh_token: \S+/, "")
      .replace("expires_at: 1\n", `expires_at: ${expiresAt}\n`),
  );
  // The next process needs no other refresh, and finds its token in the cache.
  const before = service.emulator.requests.length;
  const next = await connect(service.deps);
  await Array.fromAsync(next.userSessions.list());
  assertEquals(
    service.emulator.requests.slice(before).map(({ path }) => path).at(-1),
    "/v1/sessions",
  );
  assertEquals(service.emulator.requests.length, before + 2);
});

Deno.test("connect() warns when a refreshed sign-in cannot be saved, and goes on", async () => {
  await using service = await fixture({ env: { LC_API_KEY: "", LC_UID: "" } });
  const { id_token, refresh_token } = service.emulator.accounts.oauth;
  const { oid } = service.emulator.accounts.organizations.acme;
  const account = await openAccount(service.deps, {
    oid,
    oauth: { idToken: id_token, refreshToken: refresh_token, expiresAt: 0 },
    source: "test",
    environment: "default",
  });
  const folder = service.file.replace("/config.yaml", "");
  await Deno.mkdir(folder, { mode: 0o700 });
  await Deno.mkdir(service.file);
  await account.token.get();
  assertStringIncludes(
    service.deps.terminal.stderr.text,
    "Warning: the refreshed sign-in could not be saved: ",
  );
});

Deno.test("connect() leaves no secret in debug lines, whole or in parts", async () => {
  await using service = await fixture({
    flags: { debug: true, debugFull: true, debugCurl: true },
  });
  const { hive, token, userSessions, orgSessions, claudeAuth, credentials } = await connect(
    service.deps,
  );
  service.emulator.setHiveRecord("secret", credentials.oid ?? "", "planted", {
    secret: "pl4nted/secret+value=with&odd characters",
  });
  const secret = await hive.resolve("hive://secret/planted");
  await orgSessions.startFromTemplate({
    prompt: "Look",
    anthropic_key: secret,
    trigger_source: "cli",
    profile: { environment: { BASIC: btoa(`user:${secret}`), QUERY: encodeURIComponent(secret) } },
  }).catch(() => {});
  await claudeAuth.setKey("sk-ant-api03-another-planted-key");
  const { oauth_session_id } = await claudeAuth.start();
  await claudeAuth.submitCode(oauth_session_id, "c0de-that-was-typed").catch(() => {});
  await Array.fromAsync(userSessions.list());
  const printed = service.deps.terminal.stderr.text;
  assertStringIncludes(printed, "/v1/auth/claude/code");
  assertStringIncludes(printed, "curl -i --compressed");
  const planted = [
    secret,
    encodeURIComponent(secret),
    btoa(secret),
    "sk-ant-api03-another-planted-key",
    "c0de-that-was-typed",
    credentials.apiKey ?? "",
    await token.get(),
  ];
  for (const value of planted) {
    for (let start = 0; start + 12 <= value.length; start++) {
      assert(!printed.includes(value.slice(start, start + 12)), `${value} at ${start}`);
    }
  }
});

Deno.test("connect() prints no notice with --quiet", async () => {
  await using server = serveAnswers(({ path }) =>
    path === "/v1/orgs/o/url" ? json({}, 429, { "retry-after": "0" }) : json({})
  );
  for (const quiet of [false, true]) {
    await using service = await fixture({
      env: { LC_API_URL: server.url, LC_OID: "o" },
      flags: { quiet },
      network: REAL_NETWORK,
    });
    const error = await assertRejects(() => connect(service.deps), ApiError);
    assertEquals(error.exitCode, 5);
    assertEquals(service.deps.terminal.stderr.text.includes("Rate limited"), !quiet);
  }
});

function withVariables(deps: FakeDeps, variables: Record<string, string>): FakeDeps {
  const env = { get: (name: string) => variables[name] ?? deps.env.get(name) };
  return { ...deps, env, exitCode: deps.exitCode };
}
