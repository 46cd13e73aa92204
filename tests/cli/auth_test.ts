import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { expiryOf } from "../../src/config/token_cache.ts";
import { run } from "../../src/app/root.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { FakeClock, fakeProcess, FakePrompter, FakeTerminal } from "../support/fakes.ts";
import { temporaryHome } from "../support/home.ts";
import { closedUrl } from "../support/http_server.ts";
import { runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const OID = "8cbe27f4-bfa1-4afb-ba19-138cd51389cd";

interface RunOptions {
  readonly env?: Record<string, string>;
  /** What is typed where something is asked; nobody can be asked without. */
  readonly answers?: readonly string[];
  /** What is piped in. */
  readonly stdin?: string;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Fixture extends AsyncDisposable {
  readonly emulator: Emulator;
  /** Path of the configuration file. */
  readonly file: string;
  readonly folder: string;
  /** Text of the configuration file; undefined where there is none. */
  config(): Promise<string | undefined>;
  writeConfig(text: string): Promise<void>;
  /** Runs `auth …` with no credentials but those of the file. */
  auth(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

async function fixture(): Promise<Fixture> {
  const home = temporaryHome();
  const clock = new FakeClock();
  const emulator = await startServer({ clock });
  const { LC_API_URL = "", LC_JWT_URL = "" } = emulator.environment;
  const folder = home.join(".limacharlie.d");
  const file = home.join(".limacharlie.d", "config.yaml");
  return {
    emulator,
    file,
    folder,
    config: () => Deno.readTextFile(file).catch(() => undefined),
    async writeConfig(text) {
      await Deno.mkdir(folder, { mode: 0o700, recursive: true });
      await Deno.writeTextFile(file, text, { mode: 0o600 });
    },
    async auth(args, { env = {}, answers, stdin = "" } = {}) {
      const terminal = new FakeTerminal({ terminal: answers !== undefined });
      terminal.stdin.type(stdin);
      terminal.stdin.end();
      const process = fakeProcess({
        terminal,
        prompter: new FakePrompter(answers),
        clock,
        env: { ...home.env, LC_API_URL, LC_JWT_URL, ...env },
        network: { fetch, WebSocket },
      });
      const code = await run(["auth", ...args], process);
      return { code, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
    },
    async [Symbol.asyncDispose]() {
      await emulator.stop();
      home[Symbol.dispose]();
    },
  };
}

Deno.test("login asks for the key without showing it, tries it out and saves it", async () => {
  await using here = await fixture();
  const { apiKey } = here.emulator.accounts.keys.automation;
  const { code, stdout, stderr } = await here.auth(["login", "--oid", OID], { answers: [apiKey] });
  assertEquals([code, stdout, stderr], [
    0,
    "",
    `Saved for environment "default" in ${here.file}\n`,
  ]);
  assertEquals(await here.config(), `oid: ${OID}\napi_key: ${apiKey}\n`);
  assertEquals(((await Deno.stat(here.file)).mode ?? 0) & 0o777, 0o600);
  assertEquals(((await Deno.stat(here.folder)).mode ?? 0) & 0o777, 0o700);
  const tried = here.emulator.requests.map(({ path, body }) => [path, body]);
  assertEquals(tried, [["/jwt", `secret=${apiKey}&oid=${OID}`]]);
});

Deno.test("login reads the key of a user from standard input", async () => {
  await using here = await fixture();
  const { apiKey, uid } = here.emulator.accounts.users.analyst;
  const args = ["login", "--uid", uid, "--env", "mine", "--api-key-from-stdin"];
  const { code, stderr } = await here.auth(args, { stdin: `  ${apiKey}\n` });
  assertEquals([code, stderr], [
    0,
    `Saved for environment "mine" in ${here.file}\n` +
    'Note: environment "default" is in use; change that with limacharlie auth use-env mine\n',
  ]);
  assertEquals(await here.config(), `env:\n  mine:\n    api_key: ${apiKey}\n    uid: ${uid}\n`);
});

Deno.test("login takes the key from the command line, with a warning that --quiet hides", async () => {
  await using here = await fixture();
  const { apiKey } = here.emulator.accounts.keys.automation;
  const args = ["login", "--oid", OID, "--api-key", apiKey];
  const { code, stderr } = await here.auth(args);
  assertEquals(code, 0);
  assertMatch(stderr, /^Warning: --api-key shows the API key /);
  assert(!stderr.includes(apiKey));
  assertEquals((await here.auth([...args, "-q"])).stderr, "");
});

Deno.test("login saves nothing when the key is refused", async () => {
  await using here = await fixture();
  const args = ["login", "--oid", OID, "--api-key-from-stdin"];
  const { code, stderr } = await here.auth(args, { stdin: "00000000-not-the-key" });
  assertEquals(code, 2);
  assertMatch(stderr, /^Error: The API key was not saved\. Cannot get a token: /);
  assert(!stderr.includes("not-the-key"));
  assertEquals(await here.config(), undefined);
});

Deno.test("login saves a key without trying it out with --no-verify", async () => {
  await using here = await fixture();
  const env = { LC_JWT_URL: closedUrl() };
  const args = ["login", "--oid", OID, "--api-key-from-stdin"];
  const refused = await here.auth([...args, "--no-verify"], { env, stdin: "a-key-for-later" });
  assertEquals(refused.code, 0);
  assertEquals(await here.config(), `oid: ${OID}\napi_key: a-key-for-later\n`);
});

Deno.test("login leaves nothing of other credentials in the environment", async () => {
  await using here = await fixture();
  await here.writeConfig(
    "# Mine\noid: o-old\nuid: u-old\napi_key: k-old\nextra: 1\n" +
      "oauth:\n  id_token: a\n  refresh_token: b\n  expires_at: 1\n",
  );
  await here.auth(["login", "--uid", "u-new", "--api-key-from-stdin", "--no-verify"], {
    stdin: "k-new",
  });
  assertEquals(await here.config(), "# Mine\nuid: u-new\napi_key: k-new\nextra: 1\n");
  await here.auth(["login", "--oid", "o-new", "--api-key-from-stdin", "--no-verify"], {
    stdin: "k-newer",
  });
  assertEquals(await here.config(), "# Mine\napi_key: k-newer\nextra: 1\noid: o-new\n");
});

Deno.test("login takes --oid and --env from before the command too", async () => {
  await using here = await fixture();
  const process = ["login", "--api-key-from-stdin", "--no-verify"];
  const { code } = await here.auth(["--env", "a", "--oid", "o-1", ...process], { stdin: "k-1" });
  assertEquals(code, 0);
  assertEquals(await here.config(), "env:\n  a:\n    oid: o-1\n    api_key: k-1\n");
});

/** Command lines that login refuses. */
const REFUSED: readonly [name: string, args: string[], error: string, options?: RunOptions][] = [
  ["neither --oid nor --uid", ["--api-key", "k"], "Neither --oid nor --uid was given"],
  [
    "no key and nobody to ask",
    ["--oid", OID],
    "No API key was given, and there is no terminal to ask on",
  ],
  [
    "the key twice",
    ["--oid", OID, "--api-key", "k", "--api-key-from-stdin"],
    "--api-key and --api-key-from-stdin cannot be used together",
  ],
  ["an empty key", ["--oid", OID, "--api-key-from-stdin"], "The API key is empty", {
    stdin: " \n",
  }],
  ["an empty answer", ["--oid", OID], "The API key is empty", { answers: [""] }],
  [
    "a key of two lines",
    ["--oid", OID, "--api-key-from-stdin"],
    "The API key has more than one line",
    { stdin: "one\ntwo\n" },
  ],
  [
    "a key with a typographic character",
    ["--oid", OID, "--api-key-from-stdin"],
    "The API key holds characters that none has",
    { stdin: "“key”" },
  ],
  ["an oid with a space", ["--oid", "o 1"], "The organization ID holds characters that none has"],
  ["an empty environment", ["--oid", OID, "--env", ""], 'Invalid environment name ""'],
  [
    "--oauth",
    ["--oauth", "--provider", "google"],
    "Signing in by browser is done by the Python CLI",
  ],
  [
    "LC_EPHEMERAL_CREDS",
    ["--oid", OID, "--api-key", "k"],
    "Cannot change the configuration while LC_EPHEMERAL_CREDS is set",
    { env: { LC_EPHEMERAL_CREDS: "1" } },
  ],
];

for (const [name, args, error, options] of REFUSED) {
  Deno.test(`login refuses ${name}, and writes nothing`, async () => {
    await using here = await fixture();
    const { code, stdout, stderr } = await here.auth(["login", ...args], options);
    assertEquals([code, stdout], [4, ""]);
    assertEquals(stderr.split("\n")[0], `Error: ${error}`);
    assertEquals(await here.config(), undefined);
    assertEquals(here.emulator.requests, []);
  });
}

Deno.test("login asks for no key where the file is malformed, and leaves it alone", async () => {
  await using here = await fixture();
  await here.writeConfig("oid: a\n- b\n");
  const { code, stderr } = await here.auth(["login", "--oid", OID], { answers: [] });
  assertEquals(code, 4);
  assertMatch(
    stderr.replaceAll("\n  ", " "),
    /^Error: Cannot use ".*config\.yaml", line 2: it is not valid YAML/,
  );
  assertEquals(await here.config(), "oid: a\n- b\n");
});

Deno.test("login says that LC_API_KEY goes before what it saved", async () => {
  await using here = await fixture();
  const { stderr } = await here.auth(
    ["login", "--oid", OID, "--api-key-from-stdin", "--no-verify"],
    { stdin: "k-1", env: { LC_API_KEY: "other-key" } },
  );
  assertStringIncludes(stderr, "Note: LC_API_KEY is set, and goes before the configuration file\n");
});

const CONFIG = `# Mine
oid: o-top
api_key: k-top
current_env: prod
env:
  prod:
    oid: o-prod
    api_key: k-prod
  staging:
    oid: o-staging
    api_key: k-staging
`;

Deno.test("logout removes the top level, and every cached token", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  const tokens = `${here.folder}/jwt_cache.json`;
  await Deno.writeTextFile(tokens, "{}", { mode: 0o600 });
  const { code, stderr } = await here.auth(["logout"]);
  assertEquals([code, stderr], [
    0,
    `Removed the credentials of environment "default" from ${here.file}\n` +
    'Note: environment "prod" is in use\n',
  ]);
  assertEquals(await here.config(), CONFIG.replace(/oid: o-top\napi_key: k-top\n/, ""));
  assertEquals(await Deno.stat(tokens).catch((error) => error.name), "NotFound");
});

Deno.test("logout removes an environment, and the choice of it", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  assertEquals((await here.auth(["logout", "--env", "prod"])).code, 0);
  assertEquals((await here.auth(["--env", "staging", "logout"])).code, 0);
  assertEquals(await here.config(), "# Mine\noid: o-top\napi_key: k-top\n");
});

Deno.test("logout refuses an environment that there is not", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  const { code, stderr } = await here.auth(["logout", "--env", "nope"]);
  assertEquals([code, stderr], [
    4,
    `Error: No environment "nope" in "${here.file}"\nHint: It has default, prod, staging\n`,
  ]);
  assertEquals(await here.config(), CONFIG);
});

Deno.test("logout says so when there is nothing to remove, and writes nothing", async () => {
  await using here = await fixture();
  const { code, stderr } = await here.auth(["logout"]);
  assertEquals([code, stderr], [
    0,
    `Nothing to remove: no credentials at the top level of ${here.file}\n`,
  ]);
  assertEquals(await here.config(), undefined);
});

Deno.test("use-env chooses an environment for the next command", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  const { code, stderr } = await here.auth(["use-env", "staging"]);
  assertEquals([code, stderr], [0, 'Environment "staging" is in use\n']);
  assertEquals(await here.config(), CONFIG.replace("current_env: prod", "current_env: staging"));
  assertEquals((await here.auth(["use-env", "default", "--quiet"])).stderr, "");
  const { stdout } = await here.auth(["list-envs", "--filter", "[?active].name", "-o", "json"]);
  assertEquals(JSON.parse(stdout), ["default"]);
});

Deno.test("use-env says so when LC_CURRENT_ENV says otherwise", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  const { stderr } = await here.auth(["use-env", "staging"], { env: { LC_CURRENT_ENV: "prod" } });
  assertStringIncludes(stderr, 'Note: environment "prod" is in use; LC_CURRENT_ENV says so\n');
});

Deno.test("use-env refuses an environment that there is not", async () => {
  await using here = await fixture();
  const { code, stderr } = await here.auth(["use-env", "default"]);
  assertEquals(code, 4);
  assertMatch(stderr, /^Error: No environment "default" in /);
  assertEquals(await here.config(), undefined);
});

Deno.test("use-org keeps the organization at the top level, or in an environment", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  assertEquals((await here.auth(["use-org", "o-new"])).code, 0);
  const { code, stderr } = await here.auth(["use-org", "o-newer", "--env", "prod"]);
  assertEquals([code, stderr], [0, 'Organization o-newer is kept for environment "prod"\n']);
  assertEquals(
    await here.config(),
    CONFIG.replace("o-top", "o-new").replace("o-prod", "o-newer"),
  );
  assertEquals((await here.auth(["use-org", "o", "--env", "nope"])).code, 4);
  assertEquals((await here.auth(["use-org", "o\n1"])).code, 4);
  assertEquals((await here.auth(["use-org"])).code, 4);
});

Deno.test("list-envs lists names and the active one, and none of their secrets", async () => {
  await using here = await fixture();
  await here.writeConfig(CONFIG);
  const rows = [
    { name: "default", active: false },
    { name: "prod", active: true },
    { name: "staging", active: false },
  ];
  const { code, stdout } = await here.auth(["list-envs"]);
  assertEquals([code, JSON.parse(stdout)], [0, rows]);
  const { stdout: lines } = await here.auth(["list-envs", "-o", "jsonl"], {
    env: { LC_CURRENT_ENV: "staging" },
  });
  assertEquals(
    lines.trim().split("\n").map((line) => JSON.parse(line)),
    rows.map(({ name }) => ({ name, active: name === "staging" })),
  );
});

Deno.test("list-envs of no file is an empty list", async () => {
  await using here = await fixture();
  const { code, stdout, stderr } = await here.auth(["list-envs"]);
  assertEquals([code, JSON.parse(stdout), stderr], [0, [], `No environments in ${here.file}\n`]);
});

/** Variables that sign somebody in. */
function signIn({ apiKey, uid }: { apiKey: string; uid?: string }): RunOptions {
  return {
    env: { LC_API_KEY: apiKey, LC_OID: OID, ...(uid === undefined ? {} : { LC_UID: uid }) },
  };
}

Deno.test("whoami shows who it is, without permissions unless they are wanted", async () => {
  await using here = await fixture();
  const { analyst } = here.emulator.accounts.users;
  const { code, stdout } = await here.auth(["whoami"], signIn(analyst));
  const shown = JSON.parse(stdout);
  assertEquals([code, shown.oid, shown.uid, shown.orgs], [0, OID, analyst.uid, [OID]]);
  assertEquals(["perms", "user_perms"].filter((key) => key in shown), []);
  const all = JSON.parse((await here.auth(["whoami", "--show-perms"], signIn(analyst))).stdout);
  assertEquals(all.user_perms, { [OID]: analyst.permissions[OID]?.join(", ") });
});

Deno.test("whoami --check-perm tells of the chosen organization alone", async () => {
  await using here = await fixture();
  const { analyst, trainee } = here.emulator.accounts.users;
  const check = async (user: typeof analyst | typeof trainee, perm: string) => {
    const { code, stdout } = await here.auth(["whoami", "--check-perm", perm], signIn(user));
    return [code, JSON.parse(stdout)];
  };
  const perm = "ai_agent.get";
  assertEquals(await check(analyst, perm), [0, { perm, has_perm: true }]);
  assertEquals(await check(trainee, perm), [0, { perm, has_perm: false }]);
  const key = here.emulator.accounts.keys.dashboard;
  const { stdout } = await here.auth(["whoami", "--check-perm", perm], signIn(key));
  assertEquals(JSON.parse(stdout), { perm, has_perm: true });
});

Deno.test("whoami --check-perm needs an organization", async () => {
  await using here = await fixture();
  const { apiKey, uid } = here.emulator.accounts.users.analyst;
  const { code, stderr } = await here.auth(["whoami", "--check-perm", "org.get"], {
    env: { LC_API_KEY: apiKey, LC_UID: uid },
  });
  assertEquals(code, 2);
  assertMatch(stderr, /^Error: Cannot check a permission: no organization is chosen\n/);
});

Deno.test("whoami fails with exit code 2 without credentials, or with wrong ones", async () => {
  await using here = await fixture();
  const none = await here.auth(["whoami"]);
  assertEquals([none.code, none.stdout], [2, ""]);
  assertStringIncludes(none.stderr, `Error: No credentials in ${here.file}\nHint: Sign in with `);
  const wrong = await here.auth(["whoami", "-o", "json"], signIn({ apiKey: "planted-wrong-key" }));
  assertEquals([wrong.code, JSON.parse(wrong.stderr).exit_code], [2, 2]);
  assert(!wrong.stderr.includes("planted-wrong-key"));
});

Deno.test("whoami reads a filter before it asks anybody", async () => {
  await using here = await fixture();
  const { analyst } = here.emulator.accounts.users;
  const { code } = await here.auth(["whoami", "--filter", "["], signIn(analyst));
  assertEquals([code, here.emulator.requests], [4, []]);
});

Deno.test("get-token prints a token that the service accepts, and no more", async () => {
  await using here = await fixture();
  const { analyst } = here.emulator.accounts.users;
  const { code, stdout, stderr } = await here.auth(["get-token", "--debug"], signIn(analyst));
  assertEquals(code, 0);
  const token = stdout.trim();
  assertEquals(stdout, `${token}\n`);
  assert(!stderr.includes(token.split(".")[1] ?? ""));
  const answer = await fetch(`${here.emulator.url}/v1/who`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assertEquals([answer.status, typeof await answer.json()], [200, "object"]);
});

Deno.test("get-token --hours asks for a longer life, and json tells of it", async () => {
  await using here = await fixture();
  const { analyst } = here.emulator.accounts.users;
  const args = ["get-token", "--hours", "8", "--format", "json"];
  const { stdout } = await here.auth(args, signIn(analyst));
  const { token, expiry, expiry_iso, ...rest } = JSON.parse(stdout);
  const now = new FakeClock().now() / 1000;
  assertEquals(rest, { valid_hours: (expiry - now) / 3600, oid: OID });
  assertEquals(expiry, expiryOf(token));
  assertEquals(Date.parse(expiry_iso), expiry * 1000);
  assertMatch(expiry_iso, /\+00:00$/);
  const [{ body } = { body: "" }] = here.emulator.requests;
  assertEquals(new URLSearchParams(body).get("expiry"), String(now + 8 * 3600));
});

Deno.test("get-token warns of a token that lives long", async () => {
  await using here = await fixture();
  const { analyst } = here.emulator.accounts.users;
  const { code, stderr } = await here.auth(["get-token", "--hours", "25"], signIn(analyst));
  assertEquals(code, 0);
  assertMatch(stderr, /^Warning: a token that is valid for 25 hours /);
});

for (const args of [["--hours", "0"], ["--hours", "-1"], ["--hours", "x"], ["--format", "xml"]]) {
  Deno.test(`get-token refuses ${args.join(" ")}`, async () => {
    await using here = await fixture();
    const { analyst } = here.emulator.accounts.users;
    const { code } = await here.auth(["get-token", ...args], signIn(analyst));
    assertEquals([code, here.emulator.requests], [4, []]);
  });
}

Deno.test("the program keeps a key that is piped in, and uses it", async () => {
  await using emulator = await startServer();
  using home = temporaryHome();
  const { LC_API_URL = "", LC_JWT_URL = "" } = emulator.environment;
  const env = { ...home.env, LC_API_URL, LC_JWT_URL };
  const { apiKey } = emulator.accounts.keys.automation;
  const login = await runProgram(["auth", "login", "--oid", OID, "--api-key-from-stdin"], {
    env,
    stdin: `${apiKey}\n`,
  });
  assertEquals([login.code, login.stdout], [0, ""]);
  const who = await runProgram(["auth", "whoami", "--debug-full", "--debug-curl"], { env });
  assertEquals([who.code, JSON.parse(who.stdout).oid], [0, OID]);
  assert(!who.stderr.includes(apiKey));
  assertStringIncludes(who.stderr, "secret=[masked]");
});
