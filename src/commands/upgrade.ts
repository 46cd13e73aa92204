import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { CliError, describeFileFailure, usageError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { quoteForShell } from "../config/quote_for_shell.ts";
import { sha256 as digest } from "../config/sha256.ts";
import { notice } from "./notice.ts";
import { executableKind, isThisProgram } from "./upgrade/executable_kind.ts";
import { replaceExecutable } from "./upgrade/replace_executable.ts";

export interface UpgradeOptions {
  readonly from: string;
  readonly sha256: string;
}

/** What `Deno.build` says of this process, as far as an upgrade depends on it. */
export interface Runtime {
  readonly os: string;
  readonly arch: string;
  /** Whether the process is an executable of ours, and not Deno with our source. */
  readonly standalone: boolean;
  /** The file that runs, without links. */
  readonly path: string;
}

/** An executable is about 100 MiB; a file that is much larger is something else. */
const LARGEST = 512 * 1024 * 1024;

export function upgradeCommand(deps: Deps, run = upgrade) {
  return new Command()
    .description(
      "Replace this executable by another one.\n\n" +
        "The file must have the SHA-256 that is given, and be this program, made for this system. " +
        "It is put in the place of the executable in one step. The one before is kept beside it, " +
        "under a name with its version, its hash and .previous, and goes back by renaming it; " +
        "none that was kept earlier is overwritten. Nothing is downloaded, and nothing looks for " +
        "updates, ever.",
    )
    .option("--from <file:file>", "Executable to take", { required: true })
    .option("--sha256 <hex:string>", "Its SHA-256, from the SHA256SUMS of its release", {
      required: true,
    })
    .example(
      "Take a downloaded executable",
      "limacharlie upgrade --from ./limacharlie-0.2.0 --sha256 HASH",
    )
    .example(
      "Go back",
      "mv /usr/local/bin/limacharlie.0.1.0-019dd6b0e774.previous \\\n" +
        "  /usr/local/bin/limacharlie",
    )
    .action((options) => run(options, deps));
}

/**
 * @throws {CliError} exit 4 on a hash or a file that is not what was asked for, or where this is no
 * executable; exit 1 where the executable cannot be replaced, and is what it was
 */
export async function upgrade(
  { from, sha256 }: UpgradeOptions,
  deps: Deps,
  runtime: Runtime = thisRuntime(),
): Promise<void> {
  const expected = sha256.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(expected)) {
    throw usageError(
      `Invalid SHA-256 "${sha256}"`,
      "It is 64 hexadecimal digits, as SHA256SUMS has them",
    );
  }
  if (!runtime.standalone) {
    throw usageError(
      "Cannot upgrade: this is no executable but its source, run by Deno",
      "Get the new source instead",
    );
  }
  const output = await deps.output();
  await output.check();
  const bytes = await readCandidate(from);
  const actual = await digest(bytes);
  if (actual !== expected) {
    throw usageError(
      `Refusing to use "${from}": its SHA-256 is ${actual}, not ${expected}`,
      "Download it again, and compare with the SHA256SUMS of its release",
    );
  }
  checkKind(from, bytes, runtime);
  const { path } = runtime;
  const before = await readRunning(path);
  const hash = await digest(before);
  if (hash === actual) {
    throw usageError(`Refusing to use "${from}": "${path}" has the same content`);
  }
  const previous = `${path}.${deps.version}-${hash.slice(0, 12)}.previous`;
  // From here on it goes to the end, whoever wants it to stop.
  deps.signal.throwIfAborted();
  try {
    await replaceExecutable({ path, before, bytes, previous });
  } catch (error) {
    throw notReplaced(path, error);
  }
  await output.value({ executable: path, sha256: actual, previous });
  notice(deps, "The new executable was not tried: this program may not start others");
  notice(deps, `See that it runs: ${running(path, runtime)} version`);
  notice(deps, `To go back: ${renaming(previous, path, runtime)}`);
}

/** How to run a file in a shell. */
function running(path: string, { os }: Runtime): string {
  return os === "windows" ? `& "${path}"` : quoteForShell(path);
}

/** How to rename a file, where another one may have the new name. */
function renaming(from: string, to: string, { os }: Runtime): string {
  return os === "windows"
    ? `Move-Item -Force "${from}" "${to}"`
    : `mv -f ${quoteForShell(from)} ${quoteForShell(to)}`;
}

function thisRuntime(): Runtime {
  const { os, arch, standalone } = Deno.build;
  return { os, arch, standalone, path: Deno.execPath() };
}

/** Reads the whole file, so that what is checked is what is used. */
async function readCandidate(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const found = await Deno.lstat(path);
    if (found.isSymlink) throw usageError(`Refusing to use "${path}": it is a symbolic link`);
    if (!found.isFile) throw usageError(`Cannot use "${path}": it is not a file`);
    using file = await Deno.open(path);
    const opened = await file.stat();
    if (found.ino !== opened.ino || found.dev !== opened.dev) {
      throw usageError(`Cannot use "${path}": it was replaced while it was being opened`);
    }
    if (opened.size > LARGEST) throw usageError(`Cannot use "${path}": it is too large`);
    return new Uint8Array(await new Response(file.readable).arrayBuffer());
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw usageError(`Cannot read "${path}": ${describeFileFailure(error)}`);
  }
}

async function readRunning(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw notReplaced(path, error);
  }
}

/** Looks whether this machine can run it, and whether it is this program, as far as bytes tell. */
function checkKind(path: string, bytes: Uint8Array<ArrayBuffer>, { os, arch }: Runtime): void {
  const refusal = (why: string) => usageError(`Refusing to use "${path}": ${why}`);
  const kind = executableKind(bytes);
  if (kind === undefined) throw refusal("it is no executable");
  if (kind.os !== os || kind.arch !== arch) {
    throw refusal(`it is made for ${kind.os} on ${kind.arch}, not ${os} on ${arch}`);
  }
  if (!isThisProgram(bytes)) throw refusal("it is not limacharlie, or not all of it");
}

function notReplaced(path: string, error: unknown): CliError {
  return new CliError(`Cannot replace "${path}": ${describeFileFailure(error)}`, {
    exitCode: ExitCode.Failure,
    hint:
      "The executable is what it was; see who may write in its folder, and the space left there",
    cause: error,
  });
}
