import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { DENO, ROOT } from "../../scripts/deno_call.ts";
import { COMPILE_OPTIONS } from "../../scripts/executable.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { readEmbeddedSettings, readNeededVersions } from "../support/executable_file.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { type ProgramOptions, runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { LINUX, type Need, testWith, tool, which } from "../support/skip.ts";
import { readSystemCalls, traced } from "../support/system_calls.ts";

const executable = executablePath() ?? "";

/** Read-only mounts that nobody else sees. */
const MOUNTS: Need = { missing: whyNoMounts() };

function whyNoMounts(): string | undefined {
  const unshare = which("unshare");
  if (unshare === undefined) return "unshare is not installed";
  const script = "mount --make-rprivate / && mount --bind / /mnt";
  const { success } = new Deno.Command(unshare, { args: ["--mount", "sh", "-c", script] })
    .outputSync();
  return success ? undefined : "mounting needs more rights";
}

// What the design allows, and nothing else. `allow_import` is Deno's own list of hosts, and has no
// effect: compiled programs import from no host. That ours imports no file is tested elsewhere.
testWith([EXECUTABLE_NEED], "the executable carries the permissions of the design", async () => {
  const { permissions, argv, v8_flags, code_cache_key } = await readEmbeddedSettings(executable);
  const { allow_import: _, ...settings } = permissions;
  const granted = Object.entries(settings).filter(([, value]) => value !== null);
  assertEquals(Object.fromEntries(granted), {
    allow_env: [],
    allow_net: [],
    allow_read: [],
    allow_write: [],
    prompt: false,
  });
  assertEquals([argv, code_cache_key], [[], null]);
  assertEquals(v8_flags.includes("--disallow-code-generation-from-strings"), true);
});

/** Tries what the executable must not be able to do, and prints how each try ended. */
const PROBE = `
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
const [addon, made] = Deno.args;
const tries = {
  command: () => new Deno.Command("/bin/mkdir", { args: [made] }).outputSync(),
  child: () => execFileSync("/bin/mkdir", [made]),
  library: () => Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }),
  addon: () => process.dlopen({ exports: {} }, "/nowhere.node"),
  require: () => createRequire("/")(addon),
  memory: () => Deno.openSync("/proc/self/mem", { write: true }),
  host: () => Deno.hostname(),
  code: () => new Function("return 1")(),
};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    attempt();
    console.log(name, "done");
  } catch (error) {
    console.log(name, error.name);
  }
}
`;

async function compileProbe(folder: TemporaryFolder): Promise<string> {
  const source = folder.join("probe.js");
  await Deno.writeTextFile(source, PROBE);
  const probe = folder.join("probe");
  const { code, stderr } = await runProgram([], {
    command: [
      DENO,
      "compile",
      "--no-config",
      ...COMPILE_OPTIONS,
      "--output",
      probe,
      source,
    ],
    cwd: folder.path,
  });
  assertEquals([code, stderr], [0, ""]);
  return probe;
}

testWith(
  [EXECUTABLE_NEED, LINUX],
  "a program with the executable's permissions neither starts programs nor loads libraries",
  async () => {
    using folder = temporaryFolder();
    const probe = await compileProbe(folder);
    assertEquals(
      (await readEmbeddedSettings(probe)).permissions,
      (await readEmbeddedSettings(executable)).permissions,
    );
    const addon = folder.join("addon.node");
    await Deno.writeTextFile(addon, "");
    const { stdout } = await runProgram([addon, folder.join("made")], { command: [probe] });
    assertEquals(stdout.trimEnd().split("\n"), [
      "command NotCapable",
      "child Error",
      "library NotCapable",
      "addon NotCapable",
      "require NotCapable",
      "memory NotCapable",
      "host NotCapable",
      "code EvalError",
    ]);
    const left = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
    assertEquals(left.sort(), ["addon.node", "probe", "probe.js"]);
  },
);

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

/** Runs a command, signed in to an embedded server by a configuration file. */
async function runTracedSignedIn(...args: string[]) {
  await using emulator = await startServer();
  using home = temporaryFolder();
  const { LC_API_KEY, LC_OID, LC_UID, ...hosts } = emulator.environment;
  const own = home.join(".limacharlie.d");
  await Deno.mkdir(own, { mode: 0o700 });
  const config = { oid: LC_OID, uid: LC_UID, api_key: LC_API_KEY };
  await Deno.writeTextFile(`${own}/config.yaml`, JSON.stringify(config), { mode: 0o600 });
  const { code, stderr, ...calls } = await runTraced(args, {
    env: { ...hosts, HOME: home.path },
  });
  assertEquals([code, calls.started], [0, [executable]], stderr);
  const { port } = new URL(emulator.url);
  const service = `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}`;
  assertEquals([...new Set(calls.addresses)], [service]);
  return { own, ...calls };
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
    const { stdout, changed, own } = await runTracedSignedIn("ai", "chats", "list");
    assertEquals(JSON.parse(stdout), []);
    assertGreater(changed.length, 0);
    assertEquals(changed.filter((path) => path !== own && !path.startsWith(`${own}/`)), []);
  },
);

testWith(
  STRACE_NEEDS,
  "ai chat keeps its token in its own folder, and connects to the service only",
  async () => {
    const answers = ["--on-approval", "allow:Bash", "--answer", "Containment=Isolate the host"];
    const { stdout, changed, own } = await runTracedSignedIn(
      ...["ai", "chat", "--once", "What happened?", ...answers],
    );
    assertNotEquals(stdout, "");
    assertEquals(changed.filter((path) => path !== own && !path.startsWith(`${own}/`)), []);
  },
);

/**
 * Makes the whole file system read-only, with nothing executable in /tmp, puts the program beside
 * it, and runs that without any environment.
 */
const READ_ONLY_MACHINE = `
set -e
root=$1 program=$2
shift 2
mount --make-rprivate /
mount --bind / "$root"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
mount -t tmpfs none "$root/mnt"
cp "$program" "$root/mnt/limacharlie"
mount -o remount,ro "$root/mnt"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o ro,noexec none "$root/tmp"
if touch "$root/tmp/x" "$root/x" "$root/mnt/x" 2>"$root/dev/null"; then exit 99; fi
PATH=$PATH:/usr/sbin:/sbin
exec chroot "$root" /usr/bin/env -i /mnt/limacharlie "$@"
`;

async function runReadOnly(...args: string[]) {
  using root = temporaryFolder();
  const script = ["--mount", "sh", "-c", READ_ONLY_MACHINE, "sh", root.path, executable];
  return await runProgram(args, {
    command: [which("unshare") ?? "", ...script],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
}

const MOUNT_NEEDS = [EXECUTABLE_NEED, LINUX, MOUNTS];

testWith(
  MOUNT_NEEDS,
  "the executable runs where nothing can be written, without HOME",
  async () => {
    const version = await runReadOnly("--version");
    assertEquals([version.code, version.stderr], [0, ""]);
    assertMatch(version.stdout, /^limacharlie \d/);
  },
);

testWith(MOUNT_NEEDS, "a conversation is held where nothing can be written", async () => {
  const { code, stdout, stderr } = await runReadOnly("demo");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "result: ");
});

testWith(
  [EXECUTABLE_NEED, LINUX],
  "the executable needs no newer glibc than docs/install.md says",
  async () => {
    const needed = await readNeededVersions(executable);
    const minors = [...needed.values()].flat()
      .map((name) => name.match(/^GLIBC_2\.(\d+)/)?.[1])
      .filter((minor) => minor !== undefined);
    const floor = `2.${Math.max(...minors.map(Number))}`;
    const docs = await Deno.readTextFile(`${ROOT}/docs/install.md`);
    assertStringIncludes(docs, `glibc ${floor} `);
  },
);
