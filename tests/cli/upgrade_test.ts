import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { CliError } from "../../src/app/errors.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { type Runtime, upgrade } from "../../src/commands/upgrade.ts";
import { sha256 } from "../../src/config/sha256.ts";
import { runCommand } from "../support/command.ts";
import { fakeDeps } from "../support/fakes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";

/** What is in every executable of the program: its deno.json. */
const PROGRAM = [...new TextEncoder().encode(JSON.stringify(config))];

/** The first bytes of some executable for Linux. */
const ELF_X86_64 = [0x7f, 0x45, 0x4c, 0x46, 2, 1, ...Array(12).fill(0), 0x3e, 0];

/** As much of ours as is looked at. */
const X86_64 = new Uint8Array([...ELF_X86_64, ...PROGRAM]);
const AARCH64 = X86_64.with(18, 0xb7);

/** The same of one for Windows. */
const PE_X86_64 = new Uint8Array([...Array(72).fill(0), ...PROGRAM]);
PE_X86_64.set([0x4d, 0x5a]);
PE_X86_64.set([64, 0, 0, 0, 0x50, 0x45, 0, 0, 0x64, 0x86], 60);

/** Puts what is said to run into a folder, and a candidate beside it. */
async function prepare(folder: TemporaryFolder, candidate: Uint8Array<ArrayBuffer>) {
  const runtime: Runtime = {
    os: "linux",
    arch: "x86_64",
    standalone: true,
    path: folder.join("limacharlie"),
  };
  await Deno.writeFile(runtime.path, new Uint8Array([...X86_64, 1]));
  return { runtime, options: await prepareCandidate(folder, candidate) };
}

async function prepareCandidate(folder: TemporaryFolder, candidate: Uint8Array<ArrayBuffer>) {
  const from = folder.join("candidate");
  await Deno.writeFile(from, candidate);
  return { from, sha256: await sha256(candidate) };
}

/** Where an executable of the fakes' version with that hash is kept. */
const previousOf = (path: string, hash: string) => `${path}.1.2.3-${hash.slice(0, 12)}.previous`;

const namesIn = async ({ path }: TemporaryFolder) =>
  (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();

/** Runs an upgrade that is to be refused, and looks that nothing has changed. */
async function refusal(
  folder: TemporaryFolder,
  options: Parameters<typeof upgrade>[0],
  runtime: Runtime,
): Promise<CliError> {
  const before = [await namesIn(folder), await Deno.readFile(runtime.path)];
  const error = await upgrade(options, fakeDeps(), runtime).catch((error: unknown) => error);
  assertEquals([await namesIn(folder), await Deno.readFile(runtime.path)], before);
  if (!(error instanceof CliError)) throw error ?? new Error("The upgrade was not refused");
  return error;
}

Deno.test("upgrade replaces the executable and says where the one before is", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const before = await Deno.readFile(runtime.path);
  const deps = fakeDeps();
  await upgrade({ ...options, sha256: options.sha256.toUpperCase() }, deps, runtime);
  const previous = previousOf(runtime.path, await sha256(before));
  assertEquals(JSON.parse(deps.terminal.stdout.text), {
    executable: runtime.path,
    sha256: options.sha256,
    previous,
  });
  assertStringIncludes(deps.terminal.stderr.text, "was not tried");
  assertStringIncludes(
    deps.terminal.stderr.text,
    `To go back: mv -f ${previous} ${runtime.path}\n`,
  );
  assertEquals(await Deno.readFile(runtime.path), X86_64);
  assertEquals(await Deno.readFile(previous), before);
});

Deno.test("upgrade refuses a file whose hash is another one, and names both", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const wanted = "0".repeat(64);
  const { message, exitCode } = await refusal(folder, { ...options, sha256: wanted }, runtime);
  assertEquals(exitCode, ExitCode.Usage);
  assertStringIncludes(message, `its SHA-256 is ${options.sha256}, not ${wanted}`);
});

Deno.test("upgrade looks at the hash before it looks at what the file is", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, new Uint8Array([1, 2, 3]));
  const { message } = await refusal(folder, { ...options, sha256: "0".repeat(64) }, runtime);
  assertStringIncludes(message, "its SHA-256 is");
});

Deno.test("upgrade refuses a link to a file that would be right", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  await Deno.symlink(options.from, folder.join("link"));
  const link = { ...options, from: folder.join("link") };
  assertStringIncludes((await refusal(folder, link, runtime)).message, "it is a symbolic link");
});

Deno.test("upgrade refuses a folder, and a file that is not there", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const place = (from: string) => refusal(folder, { ...options, from }, runtime);
  assertStringIncludes((await place(folder.path)).message, "it is not a file");
  assertStringIncludes((await place(folder.join("no"))).message, "there is no such file");
});

Deno.test("upgrade refuses the executable itself, by any of its names, and a copy", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const hash = await sha256(await Deno.readFile(runtime.path));
  await Deno.link(runtime.path, folder.join("name"));
  await Deno.copyFile(runtime.path, options.from);
  for (const from of [runtime.path, folder.join("name"), options.from]) {
    const { message } = await refusal(folder, { from, sha256: hash }, runtime);
    assertStringIncludes(message, `"${runtime.path}" has the same content`);
  }
});

Deno.test("upgrade twice keeps both executables from before", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const before = await Deno.readFile(runtime.path);
  await upgrade(options, fakeDeps(), runtime);
  const next = await prepareCandidate(folder, new Uint8Array([...X86_64, 2]));
  await upgrade(next, fakeDeps(), runtime);
  const kept = (await namesIn(folder)).filter((name) => name.endsWith(".previous"));
  const hashes = await Promise.all(
    kept.map(async (name) => await sha256(await Deno.readFile(folder.join(name)))),
  );
  assertEquals(hashes.sort(), [await sha256(before), options.sha256].sort());
});

for (
  const [os, tryIt, goBack] of [
    ["linux", "'FOLDER/lima charlie' version", "mv -f 'FOLDER/PREVIOUS' 'FOLDER/lima charlie'"],
    [
      "windows",
      '& "FOLDER/lima charlie" version',
      'Move-Item -Force "FOLDER/PREVIOUS" "FOLDER/lima charlie"',
    ],
  ] as const
) {
  Deno.test(`upgrade says what to do next on ${os}, with a path that has a space`, async () => {
    using folder = temporaryFolder();
    const candidate = { linux: X86_64, windows: PE_X86_64 }[os];
    const { runtime, options } = await prepare(folder, candidate);
    const path = folder.join("lima charlie");
    await Deno.rename(runtime.path, path);
    const deps = fakeDeps();
    await upgrade(options, deps, { ...runtime, os, path });
    const said = deps.terminal.stderr.text.replaceAll(folder.path, "FOLDER")
      .replace(/lima charlie\.1\.2\.3-\w+\.previous/, "PREVIOUS");
    assertEquals(said.match(/See that it runs: (.*)\n/)?.[1], tryIt);
    assertEquals(said.match(/To go back: (.*)\n/)?.[1], goBack);
  });
}

Deno.test("upgrade refuses what does not run on this system", async () => {
  using folder = temporaryFolder();
  const other = await prepare(folder, AARCH64);
  assertStringIncludes(
    (await refusal(folder, other.options, other.runtime)).message,
    "it is made for linux on aarch64, not linux on x86_64",
  );
  const script = await prepare(folder, new TextEncoder().encode("#!/bin/sh\n"));
  assertStringIncludes(
    (await refusal(folder, script.options, script.runtime)).message,
    "it is no executable",
  );
});

Deno.test("upgrade refuses an executable that is another program", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, new Uint8Array(ELF_X86_64));
  const { message, exitCode } = await refusal(folder, options, runtime);
  assertEquals(exitCode, ExitCode.Usage);
  assertStringIncludes(message, "it is not limacharlie, or not all of it");
});

Deno.test("upgrade says that the executable is what it was when it cannot be replaced", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  await Deno.mkdir(previousOf(runtime.path, await sha256(await Deno.readFile(runtime.path))));
  const { message, exitCode, hint } = await refusal(folder, options, runtime);
  assertEquals(exitCode, ExitCode.Failure);
  assertStringIncludes(message, `Cannot replace "${runtime.path}"`);
  assertStringIncludes(hint ?? "", "is what it was");
});

Deno.test("upgrade that is stopped in time changes nothing", async () => {
  using folder = temporaryFolder();
  const { runtime, options } = await prepare(folder, X86_64);
  const before = await Deno.readFile(runtime.path);
  const deps = fakeDeps();
  deps.interrupt();
  await assertRejects(() => upgrade(options, deps, runtime));
  assertEquals(await Deno.readFile(runtime.path), before);
  assertEquals(await namesIn(folder), ["candidate", "limacharlie"]);
});

Deno.test("upgrade from source is refused", async () => {
  const args = ["upgrade", "--from", "/nowhere", "--sha256", "0".repeat(64)];
  const { code, stdout, stderr } = await runCommand(args, { env: {} });
  assertEquals([code, stdout], [ExitCode.Usage, ""]);
  assertStringIncludes(stderr, "this is no executable but its source");
});

for (const hash of ["", "abc", "g".repeat(64), `${"0".repeat(64)}  limacharlie`]) {
  Deno.test(`upgrade refuses the SHA-256 "${hash}"`, async () => {
    const args = ["upgrade", "--from", "/nowhere", "--sha256", hash];
    const { code, stderr } = await runCommand(args, { env: {} });
    assertEquals(code, ExitCode.Usage);
    assertStringIncludes(stderr, "Invalid SHA-256");
  });
}
