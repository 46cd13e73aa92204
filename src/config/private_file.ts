import { describeFileFailure, usageError } from "../app/errors.ts";
import { quoteForShell } from "./quote_for_shell.ts";

/** A configuration is a page of text; what is larger is something else. */
const LARGEST = 4 * 1024 * 1024;

/**
 * Reads a file that nobody but its owner may read or change.
 *
 * @returns undefined when there is none
 * @throws {CliError} (exit 4) on a link, a file that others may access, or one that cannot be read
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = await readChecked(path);
  } catch (error) {
    throw fileError("read", path, error);
  }
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`Cannot read "${path}": it is not UTF-8 text`);
  }
}

async function readChecked(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await lookAt(path);
  if (found === undefined) return undefined;
  await refuseUnsafePlace(path, found);
  if (!found.isFile) throw usageError(`Cannot read "${path}": it is not a file`);
  using file = await Deno.open(path);
  const opened = await file.stat();
  if (opened.ino !== found.ino || opened.dev !== found.dev) {
    throw usageError(`Cannot read "${path}": it was replaced while it was being opened`);
  }
  refuseShared(path, opened);
  if (opened.size > LARGEST) throw usageError(`Cannot read "${path}": it is too large`);
  const bytes = new Uint8Array(LARGEST);
  let length = 0;
  for (let read; (read = await file.read(bytes.subarray(length))); length += read);
  return bytes.slice(0, length);
}

/**
 * Writes a file for its owner alone: whole or not at all, with mode 0600, in a folder that is
 * made with mode 0700 where there is none.
 *
 * @param ownFolder whether the folder holds our files only, so that its mode may be mended
 * @throws {CliError} (exit 4) when that is impossible; what was there before is unchanged
 */
export async function writePrivateFile(
  path: string,
  text: string,
  { ownFolder = false } = {},
): Promise<void> {
  const folder = folderOf(path);
  const part = `${path}.${crypto.randomUUID()}.part`;
  try {
    const found = await lookAt(path);
    await refuseUnsafePlace(path, found);
    if (found !== undefined && !found.isFile) throw usageError(`"${path}" is not a file`);
    await makeFolder(folder, ownFolder);
    try {
      await writeNew(part, text);
      await Deno.rename(part, path);
    } catch (error) {
      await Deno.remove(part).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/**
 * Opens a file for its owner alone to append to it, and keeps other processes that do the same from
 * it meanwhile. Where there is none it is made, with mode 0600.
 *
 * @throws {CliError} (exit 4) on a link, a file that others may access, or one that cannot be opened
 */
export async function appendToPrivateFile(
  path: string,
  { ownFolder = false },
  append: (file: Deno.FsFile) => Promise<void>,
): Promise<void> {
  try {
    await makeFolder(folderOf(path), ownFolder);
    while (true) {
      await refuseUnsafePlace(path, await lookAt(path));
      using file = await Deno.open(path, { read: true, append: true, create: true, mode: 0o600 });
      await file.lock(true);
      const [opened, found] = [await file.stat(), await lookAt(path)];
      // Who had it locked before may have put a new one in its place.
      if (found === undefined || opened.ino !== found.ino || opened.dev !== found.dev) continue;
      refuseShared(path, opened);
      return await append(file);
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
}

async function makeFolder(folder: string, ownFolder: boolean): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  if (ownFolder && Deno.build.os !== "windows") await Deno.chmod(folder, 0o700);
}

function refuseShared(path: string, { mode }: Deno.FileInfo): void {
  if (mode === null || (mode & 0o077) === 0) return;
  throw usageError(
    `Refusing to use "${path}": others on this machine may read or change it`,
    `chmod 600 ${quoteForShell(path)}`,
  );
}

async function writeNew(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
  await file.sync();
}

async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Refuses a link in the place of the file or of its folder, and a folder in which anybody may put
 * another file in its place. (In a sticky one, such as /tmp, only the owner of a file may.)
 */
async function refuseUnsafePlace(path: string, found: Deno.FileInfo | undefined): Promise<void> {
  if (found?.isSymlink) {
    throw usageError(
      `Refusing to use "${path}": it is a symbolic link`,
      "Put the file itself there, or name it with LC_CREDS_FILE",
    );
  }
  const folder = folderOf(path);
  const info = await lookAt(folder);
  if (info?.isSymlink) {
    throw usageError(
      `Refusing to use "${path}": its folder is a symbolic link`,
      "Name the folder itself with LC_CONFIG_DIR",
    );
  }
  const mode = info?.mode ?? 0;
  if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) {
    throw usageError(
      `Refusing to use "${path}": others on this machine may replace files in its folder`,
      `chmod o-w ${quoteForShell(folder)}`,
    );
  }
}

function folderOf(path: string): string {
  const end = Deno.build.os === "windows"
    ? Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
    : path.lastIndexOf("/");
  if (end < 0) return ".";
  return end === 0 ? path.slice(0, 1) : path.slice(0, end);
}

/** The error for a file operation that failed, with its cause in words. */
function fileError(action: "read" | "write", path: string, error: unknown) {
  if (error instanceof Error && error.name === "CliError") return error;
  const reason = error instanceof Deno.errors.AlreadyExists
    ? "a part of its path is not a folder"
    : describeFileFailure(error);
  return usageError(`Cannot ${action} "${path}": ${reason}`);
}
