import config from "../deno.json" with { type: "json" };
import { DENO, DENO_DIR, DEPENDENCY_OPTIONS, PERMISSIONS, ROOT } from "./deno_call.ts";
import { sha256OfFile } from "./release/file_hash.ts";

/** Options of V8, the engine, in a release. */
export const V8_FLAGS: readonly string[] = [
  // At most 8 MiB for each half of the space for new objects. The 16 it would take grow the memory
  // of a long stream by 50 MB and save no time.
  "--max-semi-space-size=8",
  // No text becomes code.
  "--disallow-code-generation-from-strings",
];

/**
 * How `deno compile` makes the program, so that it has the least power; docs/performance.md tells
 * what other options cost.
 */
export const COMPILE_OPTIONS: readonly string[] = [
  "--quiet",
  "--no-check",
  // It would be written into a shared folder for temporary files.
  "--no-code-cache",
  "--exclude-unused-npm",
  `--v8-flags=${V8_FLAGS.join(",")}`,
  ...PERMISSIONS,
];

/** What the executable is made for, in Deno's words. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
];

/** The base that `deno compile` puts the program on. */
export interface Base {
  /** Where Deno looks for it. */
  readonly file: string;
  /** Where Deno gets it from. */
  readonly url: string;
}

/** SHA-256 of bases that were looked at, for this version of Deno. Deno itself checks none. */
const BASE_HASHES: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "45a241a98c73ef4056ab5980f929d6c42b78d27f1d3751569e79571933d8afd4",
};

/** Whether the base for a target can be no other than the one that was looked at. */
export function isBasePinned(target: string): boolean {
  return target in BASE_HASHES;
}

/** The file name of the executable for a target. */
export function executableName(target: string): string {
  const suffix = target.includes("windows") ? ".exe" : "";
  return `limacharlie-${config.version}-${target}${suffix}`;
}

/** The base for a target. */
export function baseOf(target: string): Base {
  const path = `release/v${Deno.version.deno}/denort-${target}.zip`;
  return { file: `${DENO_DIR}/dl/${path}`, url: `https://dl.deno.land/${path}` };
}

/**
 * Says why there can be no executable for a target: its base is neither here nor can it be had.
 *
 * @returns undefined where there can be one
 */
export async function missingBase(target: string): Promise<string | undefined> {
  const { file, url } = baseOf(target);
  if (await exists(file) || await answers(url)) return undefined;
  return `the base for ${target} is missing and cannot be downloaded\n` +
    `  get  ${url}\n` +
    `  as   ${file}`;
}

/**
 * Makes the executable for a target, and looks whether it is one: where it is made for this
 * machine, it has to run.
 *
 * @param options of `deno compile`, beside those that say what is compiled, and for which target
 * @throws {Error} with what Deno or the executable said
 */
export async function buildExecutable(
  target: string,
  path: string,
  options = COMPILE_OPTIONS,
): Promise<void> {
  const isBaseThere = await exists(baseOf(target).file);
  if (isBaseThere) await checkBase(target);
  const { success, stderr } = await new Deno.Command(DENO, {
    args: [
      "compile",
      ...options,
      ...DEPENDENCY_OPTIONS,
      "--target",
      target,
      "--output",
      path,
      `${ROOT}/main.ts`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`Cannot compile for ${target}: ${said}`);
  const { size, mode } = await Deno.stat(path).catch(() => ({ size: 0, mode: null }));
  if (size === 0) throw new Error(`Cannot compile for ${target}: Deno left no file. ${said}`);
  if (mode !== null && (mode & 0o111) === 0) throw new Error(`Cannot execute ${path}`);
  if (!isBaseThere) {
    await checkBase(target).catch(async (error) => {
      await Deno.remove(path);
      throw error;
    });
  }
  if (target === Deno.build.target) await tryExecutable(path);
}

/** Looks whether the base that Deno takes is the one that was pinned. */
async function checkBase(target: string): Promise<void> {
  const { file } = baseOf(target);
  const [pinned, found] = [BASE_HASHES[target], await sha256OfFile(file)];
  if (pinned === undefined) {
    console.error(`No hash is pinned for ${file}: it is ${found}`);
  } else if (found !== pinned) {
    throw new Error(`Refusing to use ${file}: its SHA-256 is ${found}, not ${pinned}`);
  }
}

async function tryExecutable(path: string): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    clearEnv: true,
  }).output();
  const decoder = new TextDecoder();
  const answer = decoder.decode(stdout);
  if (code !== 0 || answer !== `limacharlie ${config.version}\n`) {
    throw new Error(
      `Cannot use ${path}: --version ended with ${code}: ${answer}${decoder.decode(stderr)}`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
    return response.ok;
  } catch {
    return false;
  }
}
