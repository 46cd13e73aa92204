import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario } from "../../src/emulator/scenario.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { type ProgramOptions, runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { LINUX, testWith, tool } from "../support/skip.ts";
import { readSystemCalls, type SystemCalls, traced } from "../support/system_calls.ts";
import { openScreen } from "../support/tmux.ts";

const executable = executablePath() ?? "";

/** Runs the executable under strace, and says how it ended and what it did to the machine. */
async function runTraced(args: readonly string[], options: ProgramOptions = {}) {
  using folder = temporaryFolder();
  const log = folder.join("strace.log");
  const { code, stdout, stderr } = await runProgram(args, {
    ...options,
    command: traced(log, [executable]),
  });
  return { code, stdout, stderr, ...readSystemCalls(await Deno.readTextFile(log)) };
}

const STRACE_NEEDS = [EXECUTABLE_NEED, LINUX, tool("strace")];

/** A good end, with nothing done to the machine. */
const QUIET = { code: 0, stderr: "", started: [executable], changed: [], addresses: [] };

const QUIET_COMMANDS = [
  ["--version"],
  ["version"],
  ["--help"],
  ["help", "security"],
  ["ai", "session", "attach", "--help"],
];

for (const args of QUIET_COMMANDS) {
  testWith(
    STRACE_NEEDS,
    `limacharlie ${args.join(" ")} writes no file, connects to nobody and starts nothing`,
    async () => {
      const { stdout, ...rest } = await runTraced(args);
      assertMatch(stdout, /limacharlie/);
      assertEquals(rest, QUIET);
    },
  );
}

/** Variables by which Deno and Node are told to write, load, listen or report elsewhere. */
const RUNTIME_VARIABLES = {
  DENO_AUDIT_PERMISSIONS: "audit.log",
  DENO_COVERAGE_DIR: "coverage",
  DENO_DESKTOP_MUX_WS: "ws://127.0.0.1:9",
  DENO_INSPECT: "1",
  DENO_INTERNAL_CHILD_ENTRYPOINT: "/nowhere/other.js",
  DENO_NODE_TRACE_EVENT_CATEGORIES: "node,v8",
  DENO_SERVE_ADDRESS: "tcp:127.0.0.1:9",
  DENO_TRACE_PERMISSIONS: "1",
  DENO_V8_FLAGS: "--prof",
  NODE_OPTIONS: "--require=./other.js",
  NODE_V8_COVERAGE: "coverage",
  OTEL_DENO: "true",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
};

testWith(STRACE_NEEDS, "variables of Deno and Node change nothing of that", async () => {
  const { stdout, ...rest } = await runTraced(["--help"], { env: RUNTIME_VARIABLES });
  assertMatch(stdout, /limacharlie/);
  assertEquals(rest, QUIET);
});

testWith(
  STRACE_NEEDS,
  "limacharlie demo writes no file, and connects to its own server only",
  async () => {
    const { code, stdout, started, changed, addresses } = await runTraced(["demo"]);
    assertEquals([code, started, changed], [0, [executable], []]);
    assertStringIncludes(stdout, "result: ");
    assertGreater(addresses.length, 0);
    assertEquals(addresses.filter((address) => !address.includes('inet_addr("127.0.0.1")')), []);
  },
);

/** A home that is signed in to an embedded server by a configuration file. */
interface SignedIn extends TemporaryFolder {
  /** The folder of our own in it. */
  readonly own: string;
  readonly env: Readonly<Record<string, string>>;
}

async function signIn(emulator: Emulator): Promise<SignedIn> {
  const home = temporaryFolder();
  const { LC_API_KEY, LC_OID, LC_UID, ...hosts } = emulator.environment;
  const own = home.join(".limacharlie.d");
  await Deno.mkdir(own, { mode: 0o700 });
  const config = { oid: LC_OID, uid: LC_UID, api_key: LC_API_KEY };
  await Deno.writeTextFile(`${own}/config.yaml`, JSON.stringify(config), { mode: 0o600 });
  return { ...home, own, env: { ...hosts, HOME: home.path } };
}

/** The address of an embedded server, as strace prints it. */
function addressOf(emulator: Emulator): string {
  const { port } = new URL(emulator.url);
  return `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}`;
}

/** Looks whether a program touched nothing but its own folder and the service. */
function assertModest(calls: SystemCalls, { own }: SignedIn, emulator: Emulator): void {
  assertEquals(calls.started, [executable]);
  assertEquals([...new Set(calls.addresses)], [addressOf(emulator)]);
  assertEquals(calls.changed.filter((path) => path !== own && !path.startsWith(`${own}/`)), []);
}

/** Runs a command to a good end, signed in. */
async function runTracedSignedIn(...args: string[]) {
  await using emulator = await startServer();
  using home = await signIn(emulator);
  const { code, stdout, stderr, ...calls } = await runTraced(args, { env: home.env });
  assertEquals(code, 0, stderr);
  assertModest(calls, home, emulator);
  return { stdout, changed: calls.changed };
}

testWith(
  STRACE_NEEDS,
  "ai session list writes no file, and connects to the service only",
  async () => {
    const { stdout, changed } = await runTracedSignedIn("ai", "session", "list");
    assertEquals([JSON.parse(stdout), changed], [[], []]);
  },
);

testWith(
  STRACE_NEEDS,
  "ai chats list keeps its token in its own folder, and connects to the service only",
  async () => {
    const { stdout, changed } = await runTracedSignedIn("ai", "chats", "list");
    assertEquals(JSON.parse(stdout), []);
    assertGreater(changed.length, 0);
  },
);

testWith(
  STRACE_NEEDS,
  "ai chat keeps its token in its own folder, and connects to the service only",
  async () => {
    const answers = ["--on-approval", "allow:Bash", "--answer", "Containment=Isolate the host"];
    const { stdout } = await runTracedSignedIn(
      ...["ai", "chat", "--once", "What happened?", ...answers],
    );
    assertNotEquals(stdout, "");
  },
);

/** An agent that repeats what it hears. */
const ECHO: Scenario = {
  start_delay_ms: 0,
  pace_ms: 0,
  usage: { input_tokens: 1, output_tokens: 1, cost_usd: 0 },
  scripts: [{ steps: [{ say: "You said: {{prompt}}" }, { result: { summary: "said" } }] }],
};

testWith(
  [...STRACE_NEEDS, tool("tmux")],
  "a conversation on a terminal writes to its own folder, and connects to the service only",
  async () => {
    await using emulator = await startServer({ scenario: ECHO });
    using home = await signIn(emulator);
    using logs = temporaryFolder();
    const log = logs.join("strace.log");
    await using screen = await openScreen({
      command: traced(log, [executable, "ai", "chat"]),
      env: home.env,
    });
    await screen.waitFor(/^>/m);
    await screen.send("hello", "Enter");
    await screen.waitFor("You said: hello");
    await screen.waitFor(/^idle/m);
    await screen.send("C-d");
    assertEquals(await screen.exitCode(), 0);
    const calls = readSystemCalls(await Deno.readTextFile(log));
    assertModest(calls, home, emulator);
    assertEquals(calls.changed.includes(`${home.own}/ai_history`), true);
  },
);
