import { assertEquals, assertMatch } from "@std/assert";
import { dirname } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { DENO, DENO_DIR, DEPENDENCY_OPTIONS, PERMISSIONS, ROOT } from "../../scripts/deno_call.ts";
import { baseOf, executableName } from "../../scripts/executable.ts";
import { sha256OfFile } from "../../scripts/release/file_hash.ts";
import { listFiles } from "../../scripts/list_files.ts";
import { EXECUTABLE_NEED } from "../support/executable.ts";
import { temporaryFolder } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { testWith } from "../support/skip.ts";

/** Copies a folder's files; each copy has a time of its own. */
async function copyFolder(from: string, to: string): Promise<void> {
  for (const path of await listFiles(from)) await copyFile(`${from}/${path}`, `${to}/${path}`);
}

async function copyFile(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, to);
}

/** Makes a checkout of this source, with the dependencies that were settled for it. */
async function checkOut(folder: string): Promise<void> {
  for (const name of ["src", "scripts", ".deps/npm"]) {
    await copyFolder(`${ROOT}/${name}`, `${folder}/${name}`);
  }
  for (const name of ["main.ts", "deno.json", ".deps/import_map.json", "deno.lock"]) {
    await copyFile(`${ROOT}/${name}`, `${folder}/${name}`).catch((error) => {
      // Which there are depends on where the dependencies come from.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Makes a cache of Deno's with the base and what was got from npm and JSR. */
async function fillCache(folder: string): Promise<void> {
  for (const name of ["npm", "remote"]) {
    await copyFolder(`${DENO_DIR}/${name}`, `${folder}/${name}`);
  }
  const { file } = baseOf(Deno.build.target);
  const own = folder + file.slice(DENO_DIR.length);
  await Deno.mkdir(dirname(own), { recursive: true });
  await Deno.symlink(file, own);
}

/** Runs `scripts/dev compile` of a checkout, where nothing can be downloaded. */
async function compile(checkout: string, denoDir: string, into: string) {
  const options = DEPENDENCY_OPTIONS.map((option) => option.replaceAll(ROOT, checkout));
  const script = `${checkout}/scripts/compile.ts`;
  const { code, stdout, stderr } = await runProgram(["--into", into], {
    command: [DENO, "run", "--quiet", "--allow-all", ...options, script],
    env: {
      LC_DEV_DENO: DENO,
      LC_DEV_OPTIONS: options.join("\n"),
      LC_DEV_PERMISSIONS: PERMISSIONS.join("\n"),
      DENO_DIR: denoDir,
      HTTPS_PROXY: "http://127.0.0.1:9/",
      SOURCE_DATE_EPOCH: "1700000000",
    },
  });
  assertEquals(code, 0, stderr);
  return stdout.trimEnd().split("\n");
}

testWith(
  [EXECUTABLE_NEED],
  "compile makes the same files of two checkouts in different folders, without a network",
  async () => {
    using folder = temporaryFolder();
    const cache = folder.join("cache");
    await fillCache(cache);
    const sums: string[] = [];
    for (const name of ["one", "another/deeper"]) {
      const checkout = folder.join(name);
      await checkOut(checkout);
      const into = `${checkout}/out`;
      const names = [
        executableName(Deno.build.target),
        `limacharlie-${config.version}.cdx.json`,
        "SHA256SUMS",
      ];
      assertEquals(await compile(checkout, cache, into), names.map((each) => `${into}/${each}`));
      assertEquals(await listFiles(into), names.toSorted());
      const lines = (await Deno.readTextFile(`${into}/SHA256SUMS`)).trimEnd().split("\n");
      for (const line of lines) {
        assertMatch(line, /^[0-9a-f]{64} {2}limacharlie-/);
        const [hash, file] = line.split("  ");
        assertEquals(await sha256OfFile(`${into}/${file}`), hash);
      }
      sums.push(lines.join("\n"));
    }
    assertEquals(sums[0], sums[1]);
  },
);
