import { basename, dirname } from "node:path";
import { sha256 } from "../../config/sha256.ts";

/** What an executable is replaced by, and where it goes. */
export interface Replacement {
  /** The executable, which may be running. */
  readonly path: string;
  /** What it holds now. */
  readonly before: Uint8Array<ArrayBuffer>;
  /** What it is to hold. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the same folder: the name that what it holds now is kept under. */
  readonly previous: string;
}

/** The ends of names that are in use while an executable is being replaced, after a random UUID. */
const [NEXT, KEPT] = [".next", ".kept"];

/**
 * Replaces an executable, and keeps what it held before. Whenever the process is killed, there is
 * an executable at the path, old or new, on Linux and macOS. On Windows, where a running one can be
 * moved but not replaced, it can be under `previous` alone for the moment between two moves.
 *
 * @param canReplace whether a running executable can be replaced
 * @throws {Error} when it fails; the executable is then what it was
 */
export async function replaceExecutable(
  { path, before, bytes, previous }: Replacement,
  canReplace: boolean = Deno.build.os !== "windows",
): Promise<void> {
  await removeLeftovers(path);
  const unique = `${path}.${crypto.randomUUID()}`;
  // What undoes the steps so far, the last one first.
  const undo = [() => removeIfThere(unique + NEXT)];
  try {
    await writeLike(path, unique + NEXT, bytes);
    if (!canReplace) {
      await Deno.rename(path, previous);
      undo.unshift(() => Deno.rename(previous, path));
    } else if (!await holds(previous, before)) {
      undo.unshift(() => removeIfThere(unique + KEPT));
      await linkOrCopy(path, unique + KEPT, before);
      // This one stays, whatever follows: another process that upgrades may count on it already.
      await Deno.rename(unique + KEPT, previous);
    }
    await Deno.rename(unique + NEXT, path);
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
  await syncFolderOf(path);
}

/** Removes what a process that was killed has left. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, own] = [dirname(path), `${basename(path)}.`];
  for await (const { name } of Deno.readDir(folder)) {
    const isLeft = name.startsWith(own) &&
      /^[\da-f-]{36}\.(?:next|kept)$/.test(name.slice(own.length));
    if (isLeft) await removeIfThere(`${folder}/${name}`);
  }
}

/** Writes a new file with mode and owner of another, and has it on the disk before it is used. */
async function writeLike(
  model: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o700 });
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
  const { mode, uid, gid } = await Deno.stat(model);
  if (mode !== null && Deno.build.os !== "windows") {
    // Only root can; what others make is their own.
    await Deno.chown(path, uid, gid).catch(() => {});
    await Deno.chmod(path, mode & 0o777);
  }
  await file.sync();
}

/** Whether a path is a file that holds these bytes, and no link to one. */
async function holds(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (!isFile || size !== bytes.length) return false;
    return await sha256(await Deno.readFile(path)) === await sha256(bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Gives a file a second name, or copies it where the file system knows no second names. */
async function linkOrCopy(
  path: string,
  copy: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    await Deno.link(path, copy);
  } catch {
    await writeLike(path, copy, bytes);
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Has the new names on the disk, where a folder can be synced. All is in place without it, too. */
async function syncFolderOf(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  try {
    using folder = await Deno.open(dirname(path));
    await folder.sync();
  } catch {
    // Some network file systems refuse.
  }
}
