import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { DENO, DEPENDENCY_OPTIONS, FROM_JSR, ROOT } from "../../../scripts/deno_call.ts";
import { executableName } from "../../../scripts/executable.ts";
import { temporaryFolder } from "../../support/home.ts";
import { runProgram } from "../../support/program.ts";

/** Runs `scripts/dev compile` where nothing is cached, and nothing can be downloaded. */
async function compile(denoDir: string, ...args: string[]) {
  const script = `${ROOT}/scripts/compile.ts`;
  return await runProgram(args, {
    command: [DENO, "run", "--quiet", "--allow-all", ...DEPENDENCY_OPTIONS, script],
    env: {
      LC_DEV_DENO: DENO,
      LC_DEV_OPTIONS: DEPENDENCY_OPTIONS.join("\n"),
      LC_DEV_PERMISSIONS: "",
      DENO_DIR: denoDir,
      HTTPS_PROXY: "http://127.0.0.1:9/",
    },
  });
}

Deno.test("missingBase() names the file that is missing, and where to get it", async () => {
  using folder = temporaryFolder();
  const target = "aarch64-apple-darwin";
  const { code, stdout, stderr } = await compile(folder.path, "--target", target);
  assertEquals([code, stdout], [1, ""]);
  const path = `release/v${Deno.version.deno}/denort-${target}.zip`;
  assertStringIncludes(stderr, `  get  https://dl.deno.land/${path}\n`);
  assertStringIncludes(stderr, `  as   ${folder.path}/dl/${path}\n`);
});

Deno.test("missingBase() names every file that is missing at once", async () => {
  using folder = temporaryFolder();
  const { code, stderr } = await compile(folder.path, "--all");
  assertEquals(code, 1);
  assertEquals([...stderr.matchAll(/^ {2}get /gm)].length, 6);
});

Deno.test("whyNoRelease() stops --release on a base that nobody has pinned, and without JSR", async () => {
  using folder = temporaryFolder();
  const [target, into] = ["x86_64-pc-windows-msvc", folder.join("into")];
  await putDamagedBase(folder.path, target);
  const { code, stdout, stderr } = await compile(
    folder.path,
    ...["--release", "--target", target, "--into", into],
  );
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, `not for a release: the base for ${target} has no pinned hash`);
  const isRefused = stderr.includes("not for a release: dependencies do not come from JSR");
  assertEquals(isRefused, !FROM_JSR);
  await assertRejects(() => Deno.stat(into), Deno.errors.NotFound);
});

/** Puts a damaged base into a cache of Deno's. */
async function putDamagedBase(denoDir: string, target: string): Promise<string> {
  const folder = `${denoDir}/dl/release/v${Deno.version.deno}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/denort-${target}.zip`, "half a file");
  return `${folder}/denort-${target}.zip`;
}

Deno.test("buildExecutable() says what Deno says of a base that is damaged", async () => {
  using folder = temporaryFolder();
  const target = "aarch64-unknown-linux-gnu";
  await putDamagedBase(folder.path, target);
  const into = folder.join("into");
  const { code, stderr } = await compile(folder.path, `--target=${target}`, `--into=${into}`);
  assertEquals(code, 1);
  assertMatch(stderr, new RegExp(`Cannot compile for ${target}: `));
});

Deno.test("buildExecutable() makes nothing on a base whose hash is not the pinned one", async () => {
  using folder = temporaryFolder();
  const target = "x86_64-unknown-linux-gnu";
  const base = await putDamagedBase(folder.path, target);
  const into = folder.join("into");
  const { code, stderr } = await compile(folder.path, "--target", target, "--into", into);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `Refusing to use ${base}: its SHA-256 is `);
  assertEquals(await Array.fromAsync(Deno.readDir(into)), []);
});

for (const args of [["--target", "pdp11"], ["--target"], ["--fast"], ["all"], ["--into"]]) {
  Deno.test(`readLine() refuses ${args.join(" ")}`, async () => {
    using folder = temporaryFolder();
    const { code, stdout, stderr } = await compile(folder.path, ...args);
    assertEquals([code, stdout], [4, ""]);
    assertStringIncludes(stderr, "Usage: scripts/dev compile");
  });
}

Deno.test("executableName() says version and platform", () => {
  assertMatch(executableName("x86_64-pc-windows-msvc"), /^limacharlie-[\d.]+-x86_64-pc-w.*\.exe$/);
  assertMatch(executableName("x86_64-apple-darwin"), /^limacharlie-[\d.]+-x86_64-apple-darwin$/);
});
