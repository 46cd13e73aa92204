import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ROOT } from "../../scripts/deno_call.ts";
import { sha256OfFile } from "../../scripts/release/file_hash.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { LINUX, testWith, tool } from "../support/skip.ts";

// The steps of .github/workflows/release.yml; programs that are not here are stood in for.

const SCRIPTS = [LINUX, tool("bash"), tool("git")];

/** Runs a script of scripts/release, with programs that stand in for others. */
async function runScript(
  name: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; standIns?: Record<string, string> } = {},
) {
  using folder = temporaryFolder();
  for (const [program, script] of Object.entries(options.standIns ?? {})) {
    await writeScript(folder.join(program), script);
  }
  const cwd = options.cwd ?? ROOT;
  return await runProgram(args, {
    command: [`${cwd}/scripts/release/${name}`],
    cwd,
    env: { ...options.env, PATH: `${folder.path}:${Deno.env.get("PATH")}` },
  });
}

async function writeScript(path: string, script: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/usr/bin/env bash\nset -euo pipefail\n${script}`);
  await Deno.chmod(path, 0o755);
}

/** Makes a repository that has the scripts of a release, and a compiler that stands in for ours. */
async function makeRepository(folder: TemporaryFolder, compiler: string) {
  const release = folder.join("scripts", "release");
  await Deno.mkdir(release, { recursive: true });
  for await (const { name } of Deno.readDir(`${ROOT}/scripts/release`)) {
    await Deno.copyFile(`${ROOT}/scripts/release/${name}`, `${release}/${name}`);
  }
  await Deno.copyFile(`${ROOT}/deno.json`, folder.join("deno.json"));
  await writeScript(folder.join("scripts", "dev"), compiler);
  await git(folder, "init", "--quiet");
  await commit(folder);
}

async function git(folder: TemporaryFolder, ...args: string[]) {
  const identity = ["-c", "user.name=x", "-c", "user.email=x@x.test"];
  const { code, stderr } = await runProgram(args, {
    command: ["git", "-C", folder.path, ...identity],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
  assertEquals(code, 0, stderr);
}

async function commit(folder: TemporaryFolder): Promise<void> {
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message=x", "--date=2026-01-02T03:04:05Z");
}

/** Writes what it was asked for, and when, where the release would be; and a lock, as Deno does. */
const COMPILER = `
[ "$1 $2 $3" = "compile --all --into" ]
mkdir -p "$4"
echo "$SOURCE_DATE_EPOCH" >"$4/SHA256SUMS"
echo "\${5-}" >"$4/flag"
echo "\${LOCK-as it was}" >deno.lock
`;

testWith(SCRIPTS, "check_tag.sh lets only the version pass", async () => {
  assertEquals((await runScript("check_tag.sh", [`v${config.version}`])).code, 0);
  const { code, stderr } = await runScript("check_tag.sh", ["v9.9.9"]);
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    `the tag is v9.9.9, but the version in deno.json is ${config.version}`,
  );
});

testWith(
  SCRIPTS,
  "build.sh makes a release, and another one that differs in its time",
  async () => {
    using folder = temporaryFolder();
    await makeRepository(folder, COMPILER);
    const { code, stderr } = await runScript("build.sh", ["dist", "next"], { cwd: folder.path });
    assertEquals(code, 0, stderr);
    const [own, next] = await Promise.all(
      ["dist", "next"].map((name) => Deno.readTextFile(folder.join(name, "SHA256SUMS"))),
    );
    assertEquals(Number(next) - Number(own), 1);
    assertEquals(await Deno.readTextFile(folder.join("dist", "flag")), "\n", "by hand");
  },
);

testWith(
  SCRIPTS,
  "build.sh makes no release of a tag without pinned dependencies, or with others",
  async () => {
    using folder = temporaryFolder();
    await makeRepository(folder, COMPILER);
    const cwd = folder.path;
    const build = (env: Record<string, string>) => runScript("build.sh", ["d", "n"], { cwd, env });
    const unpinned = await build({ GITHUB_REF_TYPE: "tag" });
    assertEquals(unpinned.code, 1);
    assertStringIncludes(unpinned.stderr, "pinned by a deno.lock");
    await commit(folder);
    assertEquals((await build({ GITHUB_REF_TYPE: "tag" })).code, 0);
    assertEquals(await Deno.readTextFile(folder.join("d", "flag")), "--release\n");
    const others = await build({ GITHUB_REF_TYPE: "tag", LOCK: "something else" });
    assertEquals(others.code, 1);
    assertStringIncludes(others.stderr, "not those of deno.lock");
  },
);

testWith(SCRIPTS, "compare_builds.sh refuses a damaged release, and one that differs", async () => {
  using folder = temporaryFolder();
  const file = folder.join("limacharlie");
  await Deno.writeTextFile(file, "program");
  const sums = `${await sha256OfFile(file)}  limacharlie\n`;
  await Deno.writeTextFile(folder.join("SHA256SUMS"), sums);
  using other = temporaryFolder();
  const compare = () => runScript("compare_builds.sh", [folder.path, other.join("SHA256SUMS")]);
  await Deno.writeTextFile(other.join("SHA256SUMS"), sums);
  assertEquals((await compare()).code, 0);
  await Deno.writeTextFile(other.join("SHA256SUMS"), sums.replace(/^./, "x"));
  assertEquals((await compare()).code, 1);
  await Deno.writeTextFile(other.join("SHA256SUMS"), sums);
  await Deno.writeTextFile(file, "damaged");
  assertEquals((await compare()).code, 1);
});

/** A folder with the executable and SHA256SUMS, as `scripts/dev compile` makes it for a target. */
async function makeRelease(folder: string, target: string, extra: string): Promise<string> {
  await Deno.mkdir(folder);
  const name = `limacharlie-${config.version}-${target}`;
  await Deno.copyFile(executablePath() ?? "", `${folder}/${name}`);
  await Deno.writeTextFile(`${folder}/${name}`, extra, { append: true });
  const hash = await sha256OfFile(`${folder}/${name}`);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, `${hash}  ${name}\n`);
  return `${folder}/${name}`;
}

testWith(
  [EXECUTABLE_NEED, ...SCRIPTS],
  "smoke_test.sh tries the executable, with an upgrade and back",
  async () => {
    using folder = temporaryFolder();
    const [release, next] = [folder.join("release"), folder.join("next")];
    const executable = await makeRelease(release, Deno.build.target, "");
    await makeRelease(next, Deno.build.target, "x");
    const smoke = () => runScript("smoke_test.sh", [release, next, Deno.build.target]);
    const { code, stderr } = await smoke();
    assertEquals(code, 0, stderr);
    await Deno.writeTextFile(executable, "damaged", { append: true });
    const damaged = await smoke();
    assertEquals(damaged.code, 1);
    assertStringIncludes(damaged.stderr, "is not what SHA256SUMS says");
  },
);

testWith(
  [EXECUTABLE_NEED, ...SCRIPTS],
  "smoke_test.sh has macOS look at the signature of what is for macOS",
  async () => {
    using folder = temporaryFolder();
    // What it is made of does not matter to the script.
    const target = "aarch64-apple-darwin";
    const [release, next] = [folder.join("release"), folder.join("next")];
    await makeRelease(release, target, "");
    await makeRelease(next, target, "x");
    const smoke = (codesign: string) =>
      runScript("smoke_test.sh", [release, next, target], { standIns: { codesign } });
    const { code, stderr } = await smoke('[ "$1" = --verify ] && [ -x "$2" ]\n');
    assertEquals(code, 0, stderr);
    const unsigned = await smoke("exit 1\n");
    assertEquals(unsigned.code, 1);
    assertStringIncludes(unsigned.stderr, "is not signed as macOS wants it");
  },
);

testWith(SCRIPTS, "smoke_test.sh knows a version that goes before a release", async () => {
  using folder = temporaryFolder();
  const target = "x86_64-unknown-linux-gnu";
  const name = `limacharlie-1.2.3-rc.1-${target}`;
  // Tells its version, and nothing else.
  await writeScript(folder.join(name), '[ "$1" = --version ]; echo limacharlie 1.2.3-rc.1\n');
  const hash = await sha256OfFile(folder.join(name));
  await Deno.writeTextFile(folder.join("SHA256SUMS"), `${hash}  ${name}\n`);
  const { code, stderr } = await runScript("smoke_test.sh", [folder.path, folder.path, target]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "--help shows no usage");
});

testWith(
  SCRIPTS,
  "try_oldest_glibc.sh gives the executable no network, no rights and nothing to write",
  async () => {
    using folder = temporaryFolder();
    const path = folder.join("limacharlie-1.2.3-x86_64-unknown-linux-gnu");
    await Deno.writeTextFile(path, "");
    const { code, stdout, stderr } = await runScript(
      "try_oldest_glibc.sh",
      [folder.path, "x86_64-unknown-linux-gnu"],
      { standIns: { docker: 'echo "$@"\n' } },
    );
    assertEquals(code, 0, stderr);
    const [version, demo] = stdout.split("\n");
    assertMatch(
      version ?? "",
      / --network none --read-only .*@sha256:[0-9a-f]{64} \/limacharlie --version$/,
    );
    assertMatch(demo ?? "", / \/limacharlie demo$/);
    assertStringIncludes(demo ?? "", ` --volume ${path}:/limacharlie:ro `);
  },
);

/** Verifies what is in the folder, and refuses what was changed, or everything, or nothing. */
const GH = `
case "$2" in
  trusted-root) echo '{}' ;;
  verify)
    echo "$@" >>"$LOG"
    [ "$VERDICT" != nothing ]
    [ "$VERDICT" = everything ] || case "$3" in */changed) exit 1 ;; esac
    ;;
esac
`;

testWith(
  SCRIPTS,
  "verify_provenance.sh verifies every file, and that a changed one is refused",
  async () => {
    using folder = temporaryFolder();
    using logs = temporaryFolder();
    for (const name of ["limacharlie", "SHA256SUMS"]) {
      await Deno.writeTextFile(
        folder.join(name),
        name,
      );
    }
    const verify = async (VERDICT: string) => {
      const { code } = await runScript("verify_provenance.sh", [folder.path, "bundle.jsonl"], {
        standIns: { gh: GH },
        env: {
          VERDICT,
          LOG: logs.join(VERDICT),
          GITHUB_REPOSITORY: "owner/name",
          GITHUB_REF: "refs/tags/v1",
        },
      });
      return { code, lines: (await Deno.readTextFile(logs.join(VERDICT))).trimEnd().split("\n") };
    };
    const { code, lines } = await verify("unchanged");
    assertEquals([code, lines.length], [0, 3]);
    for (const line of lines) {
      assertStringIncludes(line, "--repo owner/name --source-ref refs/tags/v1");
      assertStringIncludes(line, "--signer-workflow owner/name/.github/workflows/release.yml");
      assertMatch(line, /--bundle bundle\.jsonl --custom-trusted-root \S+/);
    }
    assertEquals((await verify("nothing")).code, 1);
    assertEquals((await verify("everything")).code, 1);
  },
);

testWith(SCRIPTS, "draft.sh makes a draft with every file, and publishes nothing", async () => {
  const { code, stdout } = await runScript("draft.sh", ["dist/a", "bundle/b"], {
    standIns: { gh: 'echo "$@"\n' },
    env: { GITHUB_REF_NAME: "v1.2.3", GITHUB_REPOSITORY: "owner/name" },
  });
  assertEquals(code, 0);
  assertMatch(stdout, /^release create v1\.2\.3 .*--draft --verify-tag .* dist\/a bundle\/b\n$/);
});
