import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DENO, ROOT } from "../../../scripts/deno_call.ts";
import { listFiles } from "../../../scripts/list_files.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/home.ts";
import { type Program, type ProgramResult, startProgram } from "../../support/program.ts";
import { serveJsr } from "../../support/jsr.ts";
import { which } from "../../support/skip.ts";

/** What scripts/dev needs of a machine, besides npm. */
const TOOLS = [
  ...["cat", "cksum", "dirname", "gzip", "mkdir", "mv", "node", "rm", "sed", "sleep", "tar"],
  ...["tr", "uname"],
];

/** A port on which nobody listens. */
const NO_JSR = "http://127.0.0.1:9/";

const MAIN = `import { word } from "@cliffy/command";
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify([word, ...Deno.args])));
`;

/** A project with scripts/dev, in a folder with a space in its name, on a machine that has little. */
class Project implements Disposable {
  readonly #folder: TemporaryFolder = temporaryFolder("limacharlie dev ");

  constructor(tools: readonly string[] = TOOLS) {
    Deno.mkdirSync(this.path("bin"));
    for (const tool of tools) Deno.symlinkSync(which(tool) ?? tool, this.path("bin", tool));
    copyFolder(`${ROOT}/scripts/npm_only`, this.path("project", "scripts", "npm_only"));
    Deno.copyFileSync(`${ROOT}/scripts/dev`, this.path("project", "scripts", "dev"));
    Deno.writeTextFileSync(this.path("project", "main.ts"), MAIN);
    const imports = { "@cliffy/command": "jsr:@cliffy/command@1.2.1" };
    Deno.writeTextFileSync(
      this.path("project", "deno.json"),
      JSON.stringify({ imports, lock: false }, null, 2),
    );
  }

  path(...names: string[]): string {
    return this.#folder.join(...names);
  }

  /** Puts a shell script on PATH. */
  addTool(name: string, script: string): void {
    Deno.writeTextFileSync(this.path("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** Puts the Deno that runs this test on PATH. */
  addDeno(): void {
    this.addTool("deno", `exec '${DENO}' "$@"`);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    return startProgram([this.path("project", "scripts", "dev"), ...args], {
      command: ["/bin/sh"],
      env: {
        PATH: this.path("bin"),
        DENO_DIR: this.path("deno_dir"),
        JSR_URL: NO_JSR,
        ...env,
      },
    });
  }

  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ProgramResult> {
    await using program = this.start(args, env);
    await program.closeInput();
    return await program.result();
  }

  /** What is in .deps. */
  async deps(): Promise<string[]> {
    return await listFiles(this.path("project", ".deps"));
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

/** What a tampered npm gives for every package. */
const TAMPERED = "not the package";

/** The commands of an npm that gives that. */
const TAMPERED_NPM = `printf '${TAMPERED}' > package.tgz`;

/** The hash that scripts/dev or settle.sh has pinned for a package. */
function pinned(file: string, pattern: RegExp): string {
  const [, hash] = Deno.readTextFileSync(`${ROOT}/scripts/${file}`).match(pattern) ?? [];
  return `sha512-${hash}`;
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-512", new TextEncoder().encode(text));
  return `sha512-${new Uint8Array(hash).toBase64()}`;
}

for (const args of [[], ["brew"], ["deno"]]) {
  Deno.test(`usage() is shown and nothing is got for ${JSON.stringify(args)}`, async () => {
    using project = new Project();
    const { code, stdout, stderr } = await project.run(args);
    assertEquals([code, stdout], [4, ""]);
    assertStringIncludes(stderr, "Usage: scripts/dev <command>");
    assertEquals(await project.deps(), []);
  });
}

Deno.test("usage() is an answer when it is asked for", async () => {
  using project = new Project();
  const { code, stdout, stderr } = await project.run(["--help"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "Usage: scripts/dev <command>");
});

Deno.test("LC_DEV_SOURCE is refused when it names no source", async () => {
  using project = new Project();
  const { code, stderr } = await project.run(["cli"], { LC_DEV_SOURCE: "cargo" });
  assertEquals(code, 4);
  assertStringIncludes(stderr, '"cargo"');
});

Deno.test("fetch_package() names both hashes of a Deno that is not the pinned one", async () => {
  using project = new Project();
  project.addTool("npm", TAMPERED_NPM);
  project.addTool("uname", "case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac");
  const { code, stdout, stderr } = await project.run(["cli"]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "@deno/linux-x64-glibc@2.9.4 is not the file that was pinned");
  assertStringIncludes(stderr, `expected ${pinned("dev", /linux-x64-glibc (\S+)"/)}\n`);
  assertStringIncludes(stderr, `received ${await hashOf(TAMPERED)}\n`);
  assertEquals(await project.deps(), []);
});

Deno.test("fetch_package() names both hashes of a carrier that is not the pinned one", async () => {
  using project = new Project();
  project.addDeno();
  project.addTool("npm", TAMPERED_NPM);
  const { code, stderr } = await project.run(["cli"], { LC_DEV_SOURCE: "npm-only" });
  assertEquals(code, 1);
  const hash = pinned("npm_only/settle.sh", /^CLIFFY_CARRIER_SHA512=(.+)$/m);
  assertStringIncludes(stderr, `expected ${hash}\n`);
  assertStringIncludes(stderr, `received ${await hashOf(TAMPERED)}\n`);
  assertEquals(await project.deps(), []);
});

Deno.test("fetch_package() passes on what npm says when it fails", async () => {
  using project = new Project();
  // As npm, which keeps its errors to itself where it is told to be silent.
  const say = "case \"$*\" in *--silent*) ;; *) echo 'npm error code E404' >&2 ;; esac";
  project.addTool("npm", `${say}; exit 1`);
  const { code, stderr } = await project.run(["cli"]);
  assertEquals(code, 1);
  assertMatch(stderr, /npm error code E404\n.*npm could not get @deno\//);
  assertEquals(await project.deps(), []);
});

Deno.test("fetch_package() refuses a package that npm says it has got and has not", async () => {
  using project = new Project();
  project.addTool("npm", "exit 0");
  const { code, stderr } = await project.run(["cli"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "npm gave no tarball");
  assertEquals(await project.deps(), []);
});

for (const missing of ["npm", "node", "tar"]) {
  Deno.test(`fetch_package() says that it needs ${missing}`, async () => {
    using project = new Project(TOOLS.filter((tool) => tool !== missing));
    if (missing !== "npm") project.addTool("npm", TAMPERED_NPM);
    const { code, stderr } = await project.run(["cli"]);
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`: ${missing} is needed to get @deno/`));
    assertEquals(await project.deps(), []);
  });
}

Deno.test("settle_deno() does not use another version that is on PATH", async () => {
  using project = new Project();
  project.addTool("deno", "echo 'deno 2.9.3 (stable, release, x86_64-unknown-linux-gnu)'");
  project.addTool("npm", TAMPERED_NPM);
  const { code, stderr } = await project.run(["cli"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "getting Deno 2.9.4 from npm");
});

Deno.test("enter_deps() leaves nothing half done behind when it is interrupted", async () => {
  using project = new Project();
  const [begun, goOn] = [project.path("begun"), project.path("go on")];
  const { success } = await new Deno.Command("mkfifo", { args: [begun, goOn] }).output();
  assertEquals(success, true);
  project.addTool(
    "npm",
    `printf 'half a pack' > package.tgz; echo yes > '${begun}'; read -r _ < '${goOn}'; exit 1`,
  );
  await using program = project.start(["cli"]);
  assertEquals(await Deno.readTextFile(begun), "yes\n");
  // As with Ctrl-C, the shell heeds the signal when npm has ended.
  program.kill("SIGINT");
  await Deno.writeTextFile(goOn, "\n");
  assertEquals((await program.result()).code, 130);
  assertEquals(await project.deps(), []);
});

Deno.test("enter_deps() goes on where a process died with the lock", async () => {
  using project = new Project();
  project.addDeno();
  await using jsr = await serveJsr({ "@cliffy/command@1.2.1": 'export const word = "hello";' });
  const ended = await new Deno.Command("sh", { args: ["-c", "echo $$"] }).output();
  await Deno.mkdir(project.path("project", ".deps", "part.1"), { recursive: true });
  await Deno.writeFile(project.path("project", ".deps", "lock"), ended.stdout);
  const { code, stdout } = await project.run(["cli"], { JSR_URL: jsr.url });
  assertEquals([code, stdout], [0, '["hello"]']);
  assertEquals(await project.deps(), ["source"]);
});

Deno.test("settle_source() takes JSR where it answers, and needs no network the second time", async () => {
  using project = new Project();
  project.addDeno();
  const args = ["cli", "a  b", "*", "", "$HOME"];
  const expected = JSON.stringify(["hello", ...args.slice(1)]);
  let env = {};
  {
    await using jsr = await serveJsr({ "@cliffy/command@1.2.1": 'export const word = "hello";' });
    env = { JSR_URL: jsr.url };
    const { code, stdout, stderr } = await project.run(args, env);
    assertEquals([code, stdout], [0, expected]);
    assertStringIncludes(stderr, "scripts/dev: dependencies come from JSR\n");
  }
  const { code, stdout, stderr } = await project.run(args, env);
  assertEquals({ code, stdout, stderr }, { code: 0, stdout: expected, stderr: "" });
});

Deno.test("settle_source() is run by one of two processes", async () => {
  using project = new Project();
  project.addDeno();
  await using jsr = await serveJsr({ "@cliffy/command@1.2.1": 'export const word = "hello";' });
  const env = { JSR_URL: jsr.url };
  const results = await Promise.all([project.run(["cli"], env), project.run(["cli"], env)]);
  assertEquals(results.map(({ code, stdout }) => [code, stdout]), [
    [0, '["hello"]'],
    [0, '["hello"]'],
  ]);
  const said = results.map(({ stderr }) => stderr).join("");
  assertEquals([...said.matchAll(/dependencies come from JSR/g)].length, 1);
  assertEquals(await project.deps(), ["source"]);
});

Deno.test("settle_source() falls back to npm where JSR does not answer", async () => {
  using project = new Project();
  project.addDeno();
  project.addTool("npm", TAMPERED_NPM);
  const { stderr } = await project.run(["cli"]);
  assertStringIncludes(stderr, "JSR cannot be reached");
  assertStringIncludes(stderr, "windmill-cli@1.596.0 is not the file that was pinned");
});

Deno.test("settle_source() fails where only JSR will do and does not answer", async () => {
  using project = new Project();
  project.addDeno();
  const { code, stderr } = await project.run(["cli"], { LC_DEV_SOURCE: "jsr" });
  assertEquals(code, 1);
  assertEquals(stderr, "scripts/dev: JSR cannot be reached\n");
  assertEquals(await project.deps(), []);
});

Deno.test("is_settled() is false when another source is wanted", async () => {
  using project = new Project();
  project.addDeno();
  project.addTool("npm", TAMPERED_NPM);
  await using jsr = await serveJsr({ "@cliffy/command@1.2.1": 'export const word = "hello";' });
  const env = { JSR_URL: jsr.url };
  assertEquals((await project.run(["cli"], env)).code, 0);
  const { code, stderr } = await project.run(["cli"], { ...env, LC_DEV_SOURCE: "npm-only" });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "windmill-cli@1.596.0 is not the file that was pinned");
  assertEquals(await project.deps(), []);
});
