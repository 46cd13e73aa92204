import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DENO, ROOT } from "../../scripts/deno_call.ts";
import { COMPILE_OPTIONS } from "../../scripts/executable.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { readEmbeddedSettings, readNeededVersions } from "../support/executable_file.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { LINUX, type Need, testWith, which } from "../support/skip.ts";

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
