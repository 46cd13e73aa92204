import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { json, serveAnswers, type TestServer } from "../support/http_server.ts";
import { runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import {
  type CommandOptions,
  type CommandResult,
  runCommand,
  startCommand,
} from "../support/command.ts";

const CLAUDE = ["ai", "auth", "claude"];
const KEY = "sk-ant-api03-given-by-the-test";

function environmentOf({ url }: TestServer): Readonly<Record<string, string>> {
  return {
    LC_AI_URL: url,
    LC_API_URL: url,
    LC_JWT_URL: `${url}/jwt`,
    LC_OID: "o",
    LC_API_KEY: "k-1",
  };
}

/** The bodies of the keys that were stored. */
function storedKeys(emulator: Emulator): unknown[] {
  return emulator.requests.filter(({ path }) => path === "/v1/auth/claude/apikey")
    .map(({ body }) => JSON.parse(body));
}

Deno.test("ai auth claude status prints what is stored", async () => {
  await using emulator = await startServer();
  const status = (env: Readonly<Record<string, string>>) =>
    runCommand([...CLAUDE, "status"], { env });
  const { stdout } = await status(emulator.environment);
  const { has_credentials, credential_type, created_at } = JSON.parse(stdout);
  assertEquals([has_credentials, credential_type], [true, "oauth_token"]);
  assertMatch(created_at, /^\d{4}-\d\d-\d\dT/);
  const { uid, apiKey } = emulator.accounts.users.newcomer;
  const none = await status({ ...emulator.environment, LC_UID: uid, LC_API_KEY: apiKey });
  assertEquals([none.code, JSON.parse(none.stdout)], [ExitCode.Done, { has_credentials: false }]);
});

Deno.test("ai auth claude logout removes what is stored", async () => {
  await using emulator = await startServer();
  const env = emulator.environment;
  const { code, stdout } = await runCommand([...CLAUDE, "logout"], { env });
  assertEquals([code, JSON.parse(stdout).success], [ExitCode.Done, true]);
  const status = await runCommand([...CLAUDE, "status"], { env });
  assertEquals(JSON.parse(status.stdout), { has_credentials: false });
});

interface KeyCase {
  readonly name: string;
  readonly flags: readonly string[];
  readonly options?: Partial<CommandOptions>;
  readonly stderr: RegExp;
}

const KEY_CASES: readonly KeyCase[] = [
  {
    name: "asked for on a terminal",
    flags: [],
    options: { terminal: true, answers: [` ${KEY}\t`] },
    stderr: /^$/,
  },
  {
    name: "on standard input",
    flags: ["--key-from-stdin"],
    options: { stdin: `\n  ${KEY}\r\n` },
    stderr: /^$/,
  },
  { name: "on the command line", flags: ["--key", KEY], stderr: /^Warning: --key .*\n$/ },
  { name: "as a reference", flags: ["--key", "hive://secret/mine"], stderr: /^$/ },
  {
    name: "as a reference on standard input",
    flags: ["--key-from-stdin"],
    options: { stdin: "hive://secret/mine\n" },
    stderr: /^$/,
  },
];

for (const { name, flags, options, stderr } of KEY_CASES) {
  Deno.test(`ai auth claude set-key stores a key ${name}`, async () => {
    await using emulator = await startServer();
    const { oid } = emulator.accounts.organizations.acme;
    emulator.setHiveRecord("secret", oid, "mine", { secret: `${KEY}\n` });
    const result = await runCommand([...CLAUDE, "set-key", ...flags], {
      env: emulator.environment,
      ...options,
    });
    assertEquals([result.code, storedKeys(emulator)], [ExitCode.Done, [{ api_key: KEY }]]);
    assertMatch(result.stderr, stderr);
    if (options?.terminal) assertEquals(result.asked, ["secret: Anthropic API key:"]);
    else assertEquals(JSON.parse(result.stdout).success, true);
  });
}

interface KeyRefusal {
  readonly flags: readonly string[];
  readonly stdin?: string;
  readonly code: ExitCode;
  readonly message: RegExp;
}

const KEY_REFUSALS: readonly KeyRefusal[] = [
  { flags: [], code: ExitCode.Usage, message: /no terminal to ask on/ },
  { flags: ["--key", KEY, "--key-from-stdin"], code: ExitCode.Usage, message: /together/ },
  { flags: ["--key", ""], code: ExitCode.Usage, message: /key is empty/ },
  { flags: ["--key-from-stdin"], stdin: " \n", code: ExitCode.Usage, message: /key is empty/ },
  {
    flags: ["--key-from-stdin"],
    stdin: "two\nlines",
    code: ExitCode.Usage,
    message: /more than one line/,
  },
  { flags: ["--key", "sk-other-1234"], code: ExitCode.Usage, message: /begin with "sk-ant-"/ },
  { flags: ["--key", "sk-ant-"], code: ExitCode.Usage, message: /too short/ },
  { flags: ["--key", "sk-ant-a b"], code: ExitCode.Usage, message: /characters that no key has/ },
  { flags: ["--key", "hive://secret/"], code: ExitCode.Usage, message: /names no secret/ },
  {
    flags: ["--key", "hive://secret/slack-webhook"],
    code: ExitCode.Usage,
    message: /hive:\/\/secret\/slack-webhook does not begin with "sk-ant-"/,
  },
  {
    flags: ["--key", "hive://secret/none"],
    code: ExitCode.NotFound,
    message: /hive:\/\/secret\/none/,
  },
];

for (const { flags, stdin = "", code, message } of KEY_REFUSALS) {
  const given = `${flags.join(" ")} ${JSON.stringify(stdin)}`;
  Deno.test(`ai auth claude set-key refuses ${given} and stores nothing`, async () => {
    await using emulator = await startServer();
    const result = await runCommand([...CLAUDE, "set-key", ...flags], {
      env: emulator.environment,
      stdin,
    });
    assertEquals([result.code, result.stdout, storedKeys(emulator)], [code, "", []]);
    assertMatch(result.stderr, message);
    assert(!result.stderr.includes("sk-other-1234"), result.stderr);
  });
}

const PENDING = { status: "pending" };
const READY = { status: "ready", url: "https://x.example/a" };

/**
 * A service whose sign-in, good for two minutes, answers so about the URL, in order, and so to the
 * code.
 */
function serveLogin(urls: readonly JsonObject[], result: JsonObject = {}): TestServer {
  let next = 0;
  return serveAnswers(({ path }) => {
    if (path === "/jwt") return json({ jwt: "h.e30.s" });
    if (path.endsWith("/start")) return json({ oauth_session_id: "one", expires_in: 120 });
    return json(path.includes("/url?") ? urls[next++] : result);
  });
}

/** Signs in at the emulator; the code is fetched from the URL that is printed, and given to `enter`. */
async function signIn(
  emulator: Emulator,
  options: Partial<CommandOptions>,
  enter: (code: string, command: ReturnType<typeof startCommand>) => void,
): Promise<CommandResult> {
  const command = startCommand([...CLAUDE, "login"], {
    env: emulator.environment,
    endInput: false,
    ...options,
  });
  const [url] = await command.process.terminal.stderr.waitFor(/^http:\S+$/m);
  enter(await (await fetch(url)).text(), command);
  return await command.result;
}

Deno.test("ai auth claude login takes the code from standard input", async () => {
  await using emulator = await startServer();
  const result = await signIn(emulator, {}, (code, { process }) => {
    process.terminal.stdin.type("\n", code);
  });
  assertEquals([result.code, JSON.parse(result.stdout).status], [ExitCode.Done, "completed"]);
  assertMatch(
    result.stderr,
    /^Waiting for the URL\.\.\. 0 s\nOpen this URL .* within 5 m; .*\n\nhttp:\S+\n\n$/,
  );
});

Deno.test("ai auth claude login asks on a terminal, hidden, until there is a code", async () => {
  await using server = serveLogin([READY], { success: true, status: "completed" });
  const { code, asked } = await runCommand([...CLAUDE, "login"], {
    env: environmentOf(server),
    terminal: true,
    answers: ["", "  ", " the-code "],
  });
  assertEquals([code, asked], [ExitCode.Done, Array(3).fill("secret: Code:")]);
  const { path, body } = server.received.at(-1) ?? {};
  assertEquals([path, body], ["/v1/auth/claude/code", '{"session_id":"one","code":"the-code"}']);
});

Deno.test("ai auth claude login redraws one line of progress on a terminal, and takes it away", async () => {
  await using server = serveLogin([PENDING, PENDING, { ...READY, status: "url_ready" }]);
  const { stderr } = await runCommand([...CLAUDE, "login"], {
    env: environmentOf(server),
    terminal: true,
    answers: ["the-code"],
  });
  const line = "\r\x1b[KWaiting for the URL... 0 s";
  assertEquals(stderr.slice(0, stderr.indexOf("Open")), `${line}${line}\r\x1b[K`);
});

Deno.test("ai auth claude login says why the service could not begin", async () => {
  await using server = serveLogin([PENDING, { status: "failed", error: "no browser\u001b[2J" }]);
  const { code, stderr } = await runCommand([...CLAUDE, "login"], { env: environmentOf(server) });
  assertEquals(code, ExitCode.Failure);
  assertMatch(stderr, /Error: Signing in with Claude failed: no browser\ufffd\nHint: Start again/);
});

Deno.test("ai auth claude login says that a code was rejected", async () => {
  await using server = serveLogin([READY], { success: false, error: "wrong code" });
  const { code, stderr } = await runCommand([...CLAUDE, "login"], {
    env: environmentOf(server),
    stdin: "some-wrong-code\n",
  });
  assertEquals(code, ExitCode.Auth);
  assertMatch(stderr, /\nError: The code was rejected: wrong code\nHint: Start again/);
});

Deno.test("ai auth claude login passes on why the service refuses a code", async () => {
  await using emulator = await startServer();
  const result = await signIn(emulator, {}, (_, { process }) => {
    process.terminal.stdin.type("some-wrong-code\n");
  });
  assertEquals([result.code, result.stdout], [ExitCode.Auth, ""]);
  assertMatch(result.stderr, /Error: .*Authorization code is not valid\nHint: Start again/);
});

for (
  const url of [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://x.example/\u001b]8;;https://evil.example\u0007",
    "https://x.example/\nhttps://evil.example/",
    "https://x.example/\u202eelgoog",
    "https://x.example/ a",
    "x.example",
  ]
) {
  Deno.test(`ai auth claude login refuses ${JSON.stringify(url)} as a URL`, async () => {
    await using server = serveLogin([{ ...READY, url }]);
    const { code, stderr } = await runCommand([...CLAUDE, "login"], { env: environmentOf(server) });
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, "no web address");
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\u202e]/.test(stderr), stderr);
    assert(!stderr.split("\n").some((line) => line.startsWith("https://")), stderr);
  });
}

Deno.test("ai auth claude login ends when its time is over", async () => {
  await using server = serveLogin([READY]);
  const { process, result } = startCommand([...CLAUDE, "login"], {
    env: environmentOf(server),
    endInput: false,
  });
  await process.terminal.stderr.waitFor("https://x.example/a");
  await process.clock.advance(119_999);
  assert(!process.terminal.stderr.text.includes("expired"));
  await process.clock.advance(1);
  await process.terminal.stderr.waitFor("expired");
  const { code, stderr } = await result;
  assertEquals(code, ExitCode.TimedOut);
  assertMatch(stderr, /\nError: The sign-in has expired.*\nHint: Start again/);
});

Deno.test("ai auth claude login without anybody to give a code says so", async () => {
  await using server = serveLogin([READY]);
  const { code, stderr } = await runCommand([...CLAUDE, "login"], { env: environmentOf(server) });
  assertEquals(code, ExitCode.NobodyToAsk);
  assertStringIncludes(stderr, "There is no code");
});

Deno.test("ai auth claude login is cancelled by Ctrl-C", async () => {
  await using server = serveLogin([READY]);
  const { process, result } = startCommand([...CLAUDE, "login"], {
    env: environmentOf(server),
    endInput: false,
  });
  await process.terminal.stderr.waitFor("https://x.example/a");
  process.interrupt();
  await process.terminal.stderr.waitFor("Cancelled");
  const { code, stderr } = await result;
  assertEquals(code, ExitCode.Interrupted);
  assertMatch(stderr, /\nError: Cancelled: nothing was stored\n$/);
  assert(!server.received.some(({ path }) => path.endsWith("/code")));
});

Deno.test("ai auth claude login --quiet still prints the URL", async () => {
  await using server = serveLogin([PENDING, READY]);
  const { stderr } = await runCommand([...CLAUDE, "login", "--quiet"], {
    env: environmentOf(server),
    stdin: "code\n",
  });
  assertMatch(stderr, /^Open this URL .*\n\nhttps:\/\/x\.example\/a\n\n/);
});

Deno.test("ai auth claude as a program: a key by a pipe, the state, and its end", async () => {
  await using emulator = await startServer();
  const call = (args: readonly string[], stdin = "") =>
    runProgram([...CLAUDE, ...args], { env: emulator.environment, stdin });
  const stored = await call(["set-key", "--key-from-stdin"], `${KEY}\n`);
  assertEquals([stored.code, stored.stderr, storedKeys(emulator)], [0, "", [{ api_key: KEY }]]);
  assertEquals(JSON.parse((await call(["status"])).stdout).credential_type, "apikey");
  assertEquals((await call(["logout"])).code, 0);
  assertEquals(JSON.parse((await call(["status"])).stdout), { has_credentials: false });
});
