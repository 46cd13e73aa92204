/**
 * Puts other contents in the place of an executable, which may be running, and keeps the one before
 * as `<path>.previous`. On Linux and macOS there is an executable at the path at every moment; on
 * Windows, where a running one can be moved but not replaced, there is none between two moves.
 *
 * @param canReplace whether a running executable can be replaced
 * @returns the path of the one before
 * @throws {Error} when it fails; the executable and its `.previous` are then what they were
 */
export async function replaceExecutable(
  path: string,
  bytes: Uint8Array,
  canReplace: boolean = Deno.build.os !== "windows",
): Promise<string> {
  const previous = `${path}.previous`;
  const id = crypto.randomUUID();
  const [next, kept] = [`${path}.${id}.next`, `${path}.${id}.kept`];
  // What undoes the steps so far, the last one first.
  const undo: (() => Promise<void>)[] = [];
  try {
    undo.unshift(() => removeIfThere(next));
    await writeNew(next, bytes);
    if (canReplace) {
      undo.unshift(() => removeIfThere(kept));
      await linkOrCopy(path, kept);
    } else {
      await Deno.rename(path, kept);
      undo.unshift(() => Deno.rename(kept, path));
    }
    await Deno.rename(next, path);
    undo.unshift(canReplace ? () => Deno.rename(kept, path) : () => Deno.rename(path, next));
    await Deno.rename(kept, previous);
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
  await syncFolderOf(path);
  return previous;
}

/** Writes a new file with mode 0755, and has it on the disk before it is used. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o700 });
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
  // Whatever the umask took away.
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o755);
  await file.sync();
}

/** Gives a file a second name, or copies it where the file system knows no second names. */
async function linkOrCopy(path: string, copy: string): Promise<void> {
  try {
    await Deno.link(path, copy);
  } catch {
    await Deno.copyFile(path, copy);
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
    using folder = await Deno.open(path.replace(/[^/]*$/, ""));
    await folder.sync();
  } catch {
    // Some network file systems refuse.
  }
}
