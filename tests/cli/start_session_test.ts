import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Fault } from "../../src/emulator/faults.ts";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { startServer } from "../support/server.ts";
import { runCommand } from "../support/command.ts";
import { runProgram, startProgram } from "../support/program.ts";

const STARTS = "/v1/api/sessions";

/** A template in the shape of the published ones, with something in every field. */
const TEMPLATE = {
  prompt: "Look at the host.\n",
  name: "Host check",
  data: { oid: "routing.oid" },
  debounce_key: "host-check",
  anthropic_secret: "hive://secret/anthropic",
  lc_api_key_secret: "hive://secret/lc",
  model: "opus",
  max_turns: 50,
  max_budget_usd: 5,
  task_budget_tokens: 1000,
  ttl_seconds: 1800,
  one_shot: true,
  permission_mode: "bypassPermissions",
  allowed_tools: ["Read"],
  denied_tools: ["Write"],
  plugins: ["essentials"],
  environment: { LOG: "info", HOOK: "hive://secret/hook" },
  mcp_servers: {
    vt: { type: "http", url: "https://vt.example", headers: { key: "hive://secret/vt" } },
    own: { type: "stdio", command: "own", env: { KEY: "hive://secret/vt", MODE: "ro" } },
  },
};

const SECRETS: Readonly<Record<string, string>> = {
  anthropic: "sk-ant-of-the-template",
  lc: "9f2d7f2e-key-of-the-template",
  hook: "https://hooks.example/T1",
  vt: "value-of-the-vt-key",
  other: "sk-ant-of-another-secret",
};

const PROFILE = {
  allowed_tools: ["Read"],
  denied_tools: ["Write"],
  permission_mode: "bypassPermissions",
  model: "opus",
  max_turns: 50,
  max_budget_usd: 5,
  task_budget_tokens: 1000,
  ttl_seconds: 1800,
  one_shot: true,
  plugins: ["essentials"],
  environment: { LOG: "info", HOOK: SECRETS["hook"] },
  mcp_servers: {
    vt: { type: "http", url: "https://vt.example", headers: { key: SECRETS["vt"] } },
    own: { type: "stdio", command: "own", env: { KEY: SECRETS["vt"], MODE: "ro" } },
  },
};

const REQUEST = {
  prompt: TEMPLATE.prompt,
  anthropic_key: SECRETS["anthropic"],
  trigger_source: "cli",
  lc_api_key: SECRETS["lc"],
  name: "Host check",
  idempotent_key: "k",
  profile: PROFILE,
};

async function serverWithTemplate(...faults: Fault[]): Promise<Emulator> {
  const emulator = await startServer({ faults });
  const { oid } = emulator.accounts.organizations.acme;
  emulator.setHiveRecord("ai_agent", oid, "host-check", TEMPLATE);
  for (const [name, secret] of Object.entries(SECRETS)) {
    emulator.setHiveRecord("secret", oid, name, { secret });
  }
  return emulator;
}

function startsOf(emulator: Emulator): JsonObject[] {
  return emulator.requests.filter(({ method, path }) => method === "POST" && path === STARTS)
    .map(({ body }) => JSON.parse(body));
}

const BASE = ["ai", "start-session", "--definition", "host-check"];
const WITH_KEY = [...BASE, "--idempotent-key", "k"];

function withProfile(changes: JsonObject): JsonObject {
  return { ...REQUEST, profile: { ...PROFILE, ...changes } };
}

const BODIES: readonly (readonly [flags: readonly string[], request: JsonObject])[] = [
  [[], REQUEST],
  [["--prompt", "Look again."], { ...REQUEST, prompt: "Look again." }],
  [["--prompt", "- list\n- of things"], { ...REQUEST, prompt: "- list\n- of things" }],
  [["--name", "Again"], { ...REQUEST, name: "Again" }],
  [["--model", "sonnet"], withProfile({ model: "sonnet" })],
  [["--max-turns", "3"], withProfile({ max_turns: 3 })],
  [["--max-budget-usd", "0.25"], withProfile({ max_budget_usd: 0.25 })],
  [["--task-budget-tokens", "9"], withProfile({ task_budget_tokens: 9 })],
  [["--ttl-seconds", "60"], withProfile({ ttl_seconds: 60 })],
  [["--one-shot"], REQUEST],
  [["--no-one-shot"], withProfile({ one_shot: false })],
  [["--permission-mode", "plan"], withProfile({ permission_mode: "plan" })],
  [
    ["--allowed-tools", "A, Bash(git log:*)"],
    withProfile({ allowed_tools: ["A", "Bash(git log:*)"] }),
  ],
  [["--allowed-tools", ""], withProfile({ allowed_tools: [] })],
  [["--allowed-tools="], withProfile({ allowed_tools: [] })],
  [["--denied-tools", "B"], withProfile({ denied_tools: ["B"] })],
  [["--denied-tools", ""], withProfile({ denied_tools: [] })],
  [["--plugin", "a", "--plugin", "b"], withProfile({ plugins: ["a", "b"] })],
  [["--plugin", ""], withProfile({ plugins: [] })],
  [
    ["--env", "LOG=debug=1", "--env", "NEW=hive://secret/other", "--env", "EMPTY="],
    withProfile({
      environment: {
        LOG: "debug=1",
        HOOK: SECRETS["hook"],
        NEW: SECRETS["other"],
        EMPTY: "",
      },
    }),
  ],
  [["--anthropic-key", "sk-ant-literal"], { ...REQUEST, anthropic_key: "sk-ant-literal" }],
  [["--anthropic-key", "hive://secret/other"], { ...REQUEST, anthropic_key: SECRETS["other"] }],
  [["--lc-api-key", "literal-key"], { ...REQUEST, lc_api_key: "literal-key" }],
  [["--lc-api-key", "hive://secret/other"], { ...REQUEST, lc_api_key: SECRETS["other"] }],
  [["--lc-uid", "uid-1"], { ...REQUEST, lc_uid: "uid-1" }],
  [["--lc-uid", "hive://secret/other"], { ...REQUEST, lc_uid: SECRETS["other"] }],
  [["--provider", "openai"], { ...REQUEST, provider: "openai" }],
  [
    ["--credential", "api_key=hive://secret/other", "--credential", "org=o=1"],
    { ...REQUEST, credentials: { api_key: SECRETS["other"], org: "o=1" } },
  ],
  [
    [
      "--data",
      '{"host":"WS-1","enabled":"yes","version":"1.0","note":"line 1\\nline 2","who":"Zoë 🦊"}',
    ],
    {
      ...REQUEST,
      prompt: TEMPLATE.prompt + '\n\nEvent data:\n```yaml\nhost: WS-1\nenabled: "yes"\n' +
        'version: "1.0"\nnote: |-\n  line 1\n  line 2\nwho: Zoë 🦊\n```',
    },
  ],
  [["--data", "{}"], REQUEST],
];

for (const [flags, request] of BODIES) {
  Deno.test(`start-session sends the template with ${JSON.stringify(flags)}`, async () => {
    await using emulator = await serverWithTemplate();
    const { code, stderr } = await runCommand([...WITH_KEY, ...flags], {
      env: emulator.environment,
    });
    assertEquals([code, startsOf(emulator)], [ExitCode.Done, [request]], stderr);
  });
}

Deno.test("start-session fetches each secret once", async () => {
  await using emulator = await serverWithTemplate();
  await runCommand([...BASE, "--lc-uid", "hive://secret/vt", "--env", "A=hive://secret/vt"], {
    env: emulator.environment,
  });
  const fetched = emulator.requests.map(({ path }) =>
    /hive\/secret\/[^/]+\/(.+)\/data/.exec(path)?.[1]
  )
    .filter((name) => name !== undefined);
  assertEquals(fetched.toSorted(), ["anthropic", "hook", "lc", "vt"]);
});

Deno.test("start-session takes the name of a template as a URI too", async () => {
  await using emulator = await serverWithTemplate();
  await runCommand([
    ...["ai", "start-session", "--definition", "hive://ai_agent/host-check"],
    ...["--idempotent-key", "k"],
  ], { env: emulator.environment });
  assertEquals(startsOf(emulator), [REQUEST]);
});

Deno.test("start-session gives the session the caller's own API key, if there is no other", async () => {
  await using emulator = await serverWithTemplate();
  const { oid } = emulator.accounts.organizations.acme;
  emulator.setHiveRecord("ai_agent", oid, "bare", { prompt: "p", anthropic_secret: "sk-ant-1" });
  await runCommand(["ai", "start-session", "--definition", "bare", "--idempotent-key", ""], {
    env: emulator.environment,
  });
  assertEquals(startsOf(emulator), [{
    prompt: "p",
    anthropic_key: "sk-ant-1",
    trigger_source: "cli",
    lc_api_key: emulator.environment["LC_API_KEY"],
  }]);
});

Deno.test("start-session makes up an idempotency key, another one for each start", async () => {
  await using emulator = await serverWithTemplate();
  for (let start = 0; start < 2; start++) await runCommand(BASE, { env: emulator.environment });
  const keys = startsOf(emulator).map(({ idempotent_key }) => String(idempotent_key));
  for (const key of keys) assertMatch(key, /^cli-[\da-f-]{36}$/);
  assertEquals(new Set(keys).size, 2);
});

Deno.test("start-session prints what the service answers", async () => {
  await using emulator = await serverWithTemplate();
  const { stdout, stderr } = await runCommand(BASE, { env: emulator.environment });
  const { session_id, status, created_at, ...rest } = JSON.parse(stdout);
  assertEquals(emulator.session(session_id)?.id, session_id);
  assertEquals([status, rest, stderr], ["starting", {}, ""]);
  assertMatch(created_at, /^\d{4}-\d\d-\d\dT/);
});

interface Refusal {
  readonly flags: readonly string[];
  readonly code: ExitCode;
  readonly message: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  { flags: ["--data", "[]"], code: ExitCode.Usage, message: /--data is not a JSON object/ },
  { flags: ["--data", "{"], code: ExitCode.Usage, message: /--data is not JSON/ },
  { flags: ["--env", "NAME"], code: ExitCode.Usage, message: /--env has no "="/ },
  { flags: ["--env", "=x"], code: ExitCode.Usage, message: /--env has an empty key/ },
  { flags: ["--credential", "=x"], code: ExitCode.Usage, message: /--credential has an empty key/ },
  { flags: ["--permission-mode", "yolo"], code: ExitCode.Usage, message: /acceptEdits.*plan/ },
  { flags: ["--max-turns", "many"], code: ExitCode.Usage, message: /--max-turns.*many/ },
  { flags: ["--max-turns", ""], code: ExitCode.Usage, message: /--max-turns/ },
  { flags: ["--max-budget-usd", "Infinity"], code: ExitCode.Usage, message: /--max-budget-usd/ },
  { flags: ["--one-shot", "--no-one-shot"], code: ExitCode.Usage, message: /one-shot/ },
  { flags: ["--filter", "["], code: ExitCode.Usage, message: /--filter/ },
  { flags: ["--attach", "-o", "yaml"], code: ExitCode.Usage, message: /live stream.*yaml/ },
  {
    flags: ["--lc-uid", "hive://secret/"],
    code: ExitCode.Usage,
    message: /"hive:\/\/secret\/" names no secret/,
  },
  {
    flags: ["--env", "A=hive://secret/none such"],
    code: ExitCode.NotFound,
    message: /hive:\/\/secret\/none such/,
  },
];

for (const { flags, code, message } of REFUSALS) {
  Deno.test(`start-session refuses ${flags.join(" ")} and starts nothing`, async () => {
    await using emulator = await serverWithTemplate();
    const result = await runCommand([...BASE, ...flags], { env: emulator.environment });
    assertEquals([result.code, result.stdout, startsOf(emulator)], [code, "", []], result.stderr);
    assertMatch(result.stderr, message);
  });
}

for (
  const [definition, message] of [
    ["", /--definition names no template/],
    ["hive://ai_agent/", /--definition names no template/],
    ["hive://secret/x", /no record of the hive ai_agent/],
  ] as const
) {
  Deno.test(`start-session refuses "${definition}" as a template`, async () => {
    await using emulator = await startServer();
    const { code, stderr } = await runCommand(["ai", "start-session", "--definition", definition], {
      env: emulator.environment,
    });
    assertEquals([code, emulator.requests.length], [ExitCode.Usage, 0]);
    assertMatch(stderr, message);
  });
}

Deno.test("start-session names the templates that come close to one that is unknown", async () => {
  await using emulator = await serverWithTemplate();
  const { code, stderr } = await runCommand(["ai", "start-session", "--definition", "hostcheck"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.NotFound);
  assertMatch(
    stderr,
    /^Error: No record hive:\/\/ai_agent\/hostcheck .*\nHint: .*"host-check"\?\n$/,
  );
});

Deno.test("start-session says that a template is unknown to who may not list them", async () => {
  await using emulator = await serverWithTemplate();
  const list = `/v1/hive/ai_agent/${emulator.accounts.organizations.acme.oid}`;
  // Of two faults that fit, the first one strikes.
  using _record = emulator.addFault({ kind: "status", code: 404, path: `${list}/hostcheck` });
  using _list = emulator.addFault({ kind: "status", code: 403, path: list });
  const { code, stderr } = await runCommand(["ai", "start-session", "--definition", "hostcheck"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.NotFound);
  assertMatch(stderr, /^Error: No record hive:\/\/ai_agent\/hostcheck in [^\n]+\n$/);
});

/** What can happen to the answer of a start, each more often than it is tried again. */
const LOSSES: readonly (readonly [fault: Fault, code: ExitCode])[] = [
  [{ kind: "truncate-body", path: STARTS }, ExitCode.ConnectionLost],
  [{ kind: "reset", path: STARTS }, ExitCode.ConnectionLost],
  [{ kind: "status", code: 504, path: STARTS }, ExitCode.Failure],
  [{ kind: "status", code: 502, path: STARTS }, ExitCode.Failure],
];

for (const [fault, code] of LOSSES) {
  const name = "code" in fault ? `${fault.kind} ${fault.code}` : fault.kind;
  Deno.test(`start-session names the key to try again with after ${name}`, async () => {
    await using emulator = await serverWithTemplate(fault);
    const result = await runCommand(BASE, { env: emulator.environment });
    const keys = new Set(startsOf(emulator).map(({ idempotent_key }) => String(idempotent_key)));
    assertEquals([result.code, result.stdout, keys.size], [code, "", 1], result.stderr);
    assertStringIncludes(result.stderr, "it may have been done nevertheless");
    assertStringIncludes(result.stderr, `--idempotent-key ${[...keys][0]}`);
  });
}

Deno.test("start-session without a key starts once, and says what to look at when that was lost", async () => {
  await using emulator = await serverWithTemplate({ kind: "truncate-body", path: STARTS });
  const result = await runCommand([...BASE, "--idempotent-key", ""], { env: emulator.environment });
  assertEquals([result.code, startsOf(emulator).length], [ExitCode.ConnectionLost, 1]);
  assertStringIncludes(result.stderr, "limacharlie ai session list");
});

Deno.test("start-session that is tried again after a lost answer starts one session", async () => {
  await using emulator = await serverWithTemplate({
    kind: "truncate-body",
    path: STARTS,
    times: 1,
  });
  const { oid } = emulator.accounts.organizations.acme;
  emulator.setHiveRecord("ai_agent", oid, "host-check", { ...TEMPLATE, one_shot: false });
  const { code, stdout } = await runCommand(BASE, { env: emulator.environment });
  assertEquals([code, startsOf(emulator).length], [ExitCode.Done, 2]);
  const { stdout: list } = await runCommand(["ai", "session", "list"], {
    env: emulator.environment,
  });
  assertEquals(JSON.parse(list).map(({ id }: JsonObject) => id), [JSON.parse(stdout).session_id]);
});

Deno.test("start-session warns of keys on the command line, but not of references", async () => {
  await using emulator = await serverWithTemplate();
  const env = emulator.environment;
  const literal = await runCommand(
    [...BASE, "--anthropic-key", "sk-ant-literal", "--credential", "api_key=oai-literal"],
    { env },
  );
  assertMatch(literal.stderr, /^Warning: --anthropic-key, --credential on the command line .*\n$/);
  const quiet = await runCommand([...BASE, "--anthropic-key", "sk-ant-literal", "-q"], { env });
  const reference = await runCommand([
    ...[...BASE, "--anthropic-key", "hive://secret/other", "--lc-api-key", "hive://secret/other"],
    ...[
      "--credential",
      "api_key=hive://secret/other",
      "--credential",
      "region=us",
      "--lc-uid",
      "u",
    ],
  ], { env });
  assertEquals([quiet.stderr, reference.stderr], ["", ""]);
});

Deno.test("start-session shows no secret, wherever it came from, at full debug", async () => {
  await using emulator = await serverWithTemplate({ kind: "status", code: 500, path: STARTS });
  const given = ["sk-given-literal", "lc-key-given", "pin4711", "cred-given"] as const;
  const ofTemplate = ["92hd71bx0q", "5klw03vm8z", "77qpa1ne4c"];
  const [env, header, server] = ofTemplate;
  emulator.setHiveRecord("ai_agent", emulator.accounts.organizations.acme.oid, "host-check", {
    prompt: "Look.",
    lc_uid_secret: "hive://secret/other",
    environment: { TOKEN: env, HOOK: "hive://secret/hook" },
    mcp_servers: { s: { headers: { key: header, vt: "hive://secret/vt" }, env: { key: server } } },
  });
  const { stderr } = await runCommand([
    ...[...BASE, "--debug", "--debug-full", "--debug-curl"],
    ...["--anthropic-key", given[0], "--lc-api-key", given[1]],
    ...["--env", `A=${given[2]}`, "--credential", `token=${given[3]}`],
  ], { env: emulator.environment });
  const ofHive = ["other", "hook", "vt"].map((name) => SECRETS[name] ?? "");
  for (const secret of [...given, ...ofTemplate, ...ofHive]) {
    assert(!stderr.includes(secret), secret);
  }
  assertStringIncludes(stderr, '"trigger_source":"cli"');
});

Deno.test("start-session tells of the session when it cannot be printed as asked", async () => {
  await using emulator = await serverWithTemplate();
  const { code, stderr } = await runCommand([...BASE, "--fields", "nope"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.Usage);
  const [, id] = /^Error: Session "(\S+)" has started\. .*"nope"/.exec(stderr) ?? [];
  assertEquals(emulator.session(id ?? "")?.id, id);
});

Deno.test("start-session as a program prints the answer, and an unknown template is exit 3", async () => {
  await using emulator = await serverWithTemplate();
  const env = emulator.environment;
  const { code, stdout } = await runProgram([...WITH_KEY, "--denied-tools", ""], { env });
  assertEquals([code, startsOf(emulator)], [ExitCode.Done, [withProfile({ denied_tools: [] })]]);
  assertEquals(emulator.session(JSON.parse(stdout).session_id)?.id, JSON.parse(stdout).session_id);
  const unknown = await runProgram(["ai", "start-session", "--definition", "none"], { env });
  assertEquals([unknown.code, unknown.stdout], [ExitCode.NotFound, ""]);
});

Deno.test("start-session --attach starts a session and watches it to its end", async () => {
  await using emulator = await serverWithTemplate();
  const { code, stdout, stderr } = await runProgram([...BASE, "--attach"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.Done, stderr);
  assertEquals(startsOf(emulator).length, 1);
  assertMatch(stdout, /user:\n {2}Look at the host\.\n[^]*session ended: /);
  const [, id] = /^Started session (\S+)\n/.exec(stderr) ?? [];
  assertEquals(emulator.session(id ?? "")?.status, "ended");
});

Deno.test("start-session --attach -o jsonl ends in one final line with the session", async () => {
  await using emulator = await serverWithTemplate();
  const { code, stdout } = await runProgram([...BASE, "--attach", "-o", "jsonl"], {
    env: emulator.environment,
  });
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const finals = lines.filter(({ type }) => type === "final");
  assertEquals([code, finals.length, lines.at(-1)], [ExitCode.Done, 1, finals[0]]);
  assertEquals(emulator.session(finals[0].session_id)?.status, "ended");
});

Deno.test("start-session that is interrupted names the key to try again with", async () => {
  await using emulator = await serverWithTemplate({ kind: "hang", path: STARTS });
  await using program = startProgram([...BASE, "--debug-full"], { env: emulator.environment });
  const [, key] = await program.stderr.waitFor(/"idempotent_key":"([^"]+)"/);
  program.kill("SIGINT");
  const { code, stdout, stderr } = await program.result();
  assertEquals([code, stdout], [ExitCode.Interrupted, ""]);
  assertMatch(stderr, new RegExp(`\nError: .*being started\nHint: .*--idempotent-key ${key}`));
});
