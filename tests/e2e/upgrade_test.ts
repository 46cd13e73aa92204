import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { sha256OfFile } from "../../scripts/release/file_hash.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { LINUX, testWith, tool } from "../support/skip.ts";
import { readSystemCalls, traced } from "../support/system_calls.ts";

/** On macOS an executable with one more byte is no longer signed; Windows knows no modes. */
const NEEDS = [EXECUTABLE_NEED, LINUX];

/** Where strace is found. */
const PATH = { PATH: Deno.env.get("PATH") ?? "" };

/**
 * Installs the executable in a folder, and puts another one there to upgrade to: the same program
 * with one more byte at its end, which nothing looks at.
 */
async function install(folder: TemporaryFolder) {
  const installed = folder.join("limacharlie");
  await Deno.link(executablePath() ?? "", installed);
  const downloaded = folder.join("downloaded");
  await Deno.copyFile(installed, downloaded);
  await Deno.writeFile(downloaded, new Uint8Array(1), { append: true });
  // A downloaded file is not executable.
  await Deno.chmod(downloaded, 0o644);
  const hashes = {
    installed: await sha256OfFile(installed),
    downloaded: await sha256OfFile(downloaded),
  };
  const args = ["upgrade", "--from", downloaded, "--sha256", hashes.downloaded];
  const previous = `${installed}.${config.version}-${hashes.installed.slice(0, 12)}.previous`;
  return { installed, downloaded, previous, hashes, args };
}

testWith(NEEDS, "the executable replaces itself, and goes back", async () => {
  using folder = temporaryFolder();
  const { installed, previous, hashes, args } = await install(folder);
  const { code, stdout, stderr } = await runProgram(args, { command: [installed] });
  assertEquals(code, ExitCode.Done, stderr);
  assertEquals(JSON.parse(stdout), { executable: installed, sha256: hashes.downloaded, previous });
  assertEquals(await sha256OfFile(installed), hashes.downloaded);
  const version = { code: 0, stdout: `limacharlie ${config.version}\n`, stderr: "" };
  assertEquals(await runProgram(["--version"], { command: [installed] }), version);
  assertEquals(await runProgram(["--version"], { command: [previous] }), version);
  const said = (pattern: RegExp) => {
    const command = stderr.match(pattern)?.[1] ?? "";
    return runProgram(["-c", command], { command: ["/bin/sh"], env: PATH });
  };
  assertEquals((await said(/See that it runs: (.*)\n/)).stdout.includes(config.version), true);
  assertEquals((await said(/To go back: (.*)\n/)).code, 0);
  assertEquals(await sha256OfFile(installed), hashes.installed);
});

testWith(NEEDS, "the executable is what it was after a wrong hash", async () => {
  using folder = temporaryFolder();
  const { installed, downloaded, hashes } = await install(folder);
  const args = ["upgrade", "--from", downloaded, "--sha256", hashes.installed];
  const { code, stdout, stderr } = await runProgram(args, { command: [installed] });
  assertEquals([code, stdout], [ExitCode.Usage, ""]);
  assertStringIncludes(stderr, `its SHA-256 is ${hashes.downloaded}`);
  assertEquals(await sha256OfFile(installed), hashes.installed);
  const left = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assertEquals(left.sort(), ["downloaded", "limacharlie"]);
});

testWith(NEEDS, "what a link leads to is replaced, not the link", async () => {
  using folder = temporaryFolder();
  const { installed, hashes, args } = await install(folder);
  const link = folder.join("link");
  await Deno.symlink(installed, link);
  const { code, stderr } = await runProgram(args, { command: [link] });
  assertEquals(code, ExitCode.Done, stderr);
  assertEquals(await sha256OfFile(installed), hashes.downloaded);
  assertEquals(await Deno.readLink(link), installed);
});

testWith(
  [...NEEDS, tool("strace")],
  "upgrade writes beside the executable only, connects to nobody and starts nothing",
  async () => {
    using folder = temporaryFolder();
    using logs = temporaryFolder();
    const { installed, previous, args } = await install(folder);
    const log = logs.join("strace.log");
    const { code, stderr } = await runProgram(args, { command: traced(log, [installed]) });
    assertEquals(code, ExitCode.Done, stderr);
    const { started, changed, addresses } = readSystemCalls(await Deno.readTextFile(log));
    assertEquals([started, addresses], [[installed], []]);
    const places = changed.map((path) => path.replace(previous, "PREVIOUS"))
      .map((path) => path.replace(installed, "").replace(/[\w-]{36}/, "ID"));
    assertEquals([...new Set(places)].sort(), ["", ".ID.kept", ".ID.next", "PREVIOUS"]);
  },
);

/** Has strace do something to system calls of the executable, as in "link:error=EPERM". */
function injected(what: string): string[] {
  const [calls] = what.split(":");
  const options = ["-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", `trace=${calls}`];
  return ["strace", ...options, "-e", `inject=${what}`];
}

testWith(
  [...NEEDS, tool("strace")],
  "upgrade keeps a copy where the file system knows no second names",
  async () => {
    using folder = temporaryFolder();
    const { installed, previous, hashes, args } = await install(folder);
    const { ino } = await Deno.stat(installed);
    const command = [...injected("/^link(at)?$:error=EPERM"), installed];
    const { code, stderr } = await runProgram(args, { command, env: PATH });
    assertEquals(code, ExitCode.Done, stderr);
    assertEquals(await sha256OfFile(installed), hashes.downloaded);
    assertEquals(await sha256OfFile(previous), hashes.installed);
    assertNotEquals((await Deno.stat(previous)).ino, ino);
  },
);

for (const [calls, what] of [["fsync", "written"], ["/^rename", "moved"]] as const) {
  testWith(
    [...NEEDS, tool("strace")],
    `the executable is what it was when the new one cannot be ${what}`,
    async () => {
      using folder = temporaryFolder();
      const { installed, hashes, args } = await install(folder);
      const command = [...injected(`${calls}:error=EIO`), installed];
      const { code, stdout, stderr } = await runProgram(args, { command, env: PATH });
      assertEquals([code, stdout], [ExitCode.Failure, ""]);
      assertStringIncludes(stderr, `Cannot replace "${installed}": Input/output error`);
      assertEquals(await sha256OfFile(installed), hashes.installed);
      const left = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
      assertEquals(left.sort(), ["downloaded", "limacharlie"]);
    },
  );
}

testWith(
  [...NEEDS, tool("strace")],
  "an upgrade that is killed at any moment leaves the executable, and can be done again",
  async () => {
    using folder = temporaryFolder();
    const { installed, downloaded, previous, hashes, args } = await install(folder);
    const killAt = async (calls: string) => {
      const command = [...injected(`/^${calls}:signal=KILL`), installed];
      assertNotEquals((await runProgram(args, { command, env: PATH })).code, ExitCode.Done);
      assertEquals(await sha256OfFile(installed), hashes.installed, `killed at ${calls}`);
    };
    // The new one is written, and put on the disk; the old one gets a second name, and its last one.
    for (const calls of ["f?chmod", "fsync", "link", "rename"]) await killAt(calls);
    // The old one is kept, and only the name of the new one is missing.
    await Deno.link(installed, previous);
    await killAt("rename");
    assertEquals((await runProgram(args, { command: [installed] })).code, ExitCode.Done);
    assertEquals(
      [await sha256OfFile(installed), await sha256OfFile(previous)],
      [hashes.downloaded, hashes.installed],
    );
    const left = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => folder.join(name));
    assertEquals(left.sort(), [downloaded, installed, previous].sort());
  },
);
