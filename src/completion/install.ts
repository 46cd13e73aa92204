import { CliError, describeFileFailure, messageOf, usageError } from "../app/errors.ts";
import { type Places, PRINT_IT } from "./places.ts";
import { foldersIn, foldersLines, withLines, withoutLines } from "./startup_file.ts";

/**
 * Puts a shell's script where it looks, and what its own file needs into that. Where all is there
 * already, nothing is changed.
 *
 * @returns what was done, one line each
 * @throws {CliError} (exit 4) on a file that is not ours, and where nothing can be written; a file is
 * then as it was
 */
export async function install({ name, script, startup }: Places): Promise<string[]> {
  // Looked at before anything is written.
  const ours = script === undefined ? undefined : await readOurs(script);
  const text = startup === undefined ? undefined : await readStartup(startup.path);
  edit(startup?.path, () => withLines(text, "", [], name));
  return [
    ...(script === undefined ? [] : [await writeScript(script, ours)]),
    ...(startup?.needed === true ? [await addLines(startup, name, text)] : []),
  ];
}

async function writeScript(
  { path, text }: NonNullable<Places["script"]>,
  there: string | undefined,
): Promise<string> {
  const folders = there === undefined ? (await makeFolders(path)).map(toBytes) : foldersIn(there);
  const whole = toBytes(text) + foldersLines(folders);
  if (whole === there) return `${path} is there already`;
  await write(path, whole);
  return there === undefined ? `Wrote ${path}` : `Brought ${path} up to date`;
}

async function addLines(
  { path, lines }: NonNullable<Places["startup"]>,
  name: string,
  text: string | undefined,
): Promise<string> {
  const folders = text === undefined ? await makeFolders(path) : [];
  const added = edit(path, () => withLines(text, toBytes(lines), folders.map(toBytes), name));
  if (added === text) return `${path} has the lines already`;
  await write(path, added);
  return `Added lines to ${path}, between marks`;
}

/**
 * Takes back what {@linkcode install} did.
 *
 * @returns what was done, one line each; none where there was nothing to do
 * @throws {CliError} (exit 4) as {@linkcode install}
 */
export async function uninstall({ name, script, startup }: Places): Promise<string[]> {
  const ours = script === undefined ? undefined : await readOurs(script);
  const text = startup === undefined ? undefined : await readStartup(startup.path);
  const left = edit(startup?.path, () => withoutLines(text ?? "", name));
  const done: string[] = [];
  if (startup !== undefined && text !== undefined && left.text !== text) {
    if (left.text === undefined) {
      await removeWithFolders(startup.path, left.folders.map(fromBytes));
    } else {
      await write(startup.path, left.text);
    }
    const isGone = left.text === undefined;
    done.push(isGone ? `Removed ${startup.path}` : `Took the lines out of ${startup.path}`);
  }
  if (script !== undefined && ours !== undefined) {
    await removeWithFolders(script.path, foldersIn(ours).map(fromBytes));
    done.push(`Removed ${script.path}`);
  }
  return done;
}

/**
 * Reads a script of ours.
 *
 * @returns undefined where there is none
 * @throws {CliError} (exit 4) on anything else in its place
 */
async function readOurs(
  { path, mark }: NonNullable<Places["script"]>,
): Promise<string | undefined> {
  const text = await read(path);
  if (text === undefined || text.split("\n", 2).includes(mark)) return text;
  throw usageError(
    `Will not touch "${path}": it is not from this program`,
    "Move it away first; it may be another program's completion of the same name",
  );
}

/**
 * Reads a startup file that is going to be changed.
 *
 * @throws {CliError} (exit 4) where it is not to be changed, too
 */
async function readStartup(path: string): Promise<string | undefined> {
  const text = await read(path);
  const mode = text === undefined ? null : (await Deno.stat(path)).mode;
  if (mode !== null && (mode & 0o222) === 0) {
    throw usageError(`Will not touch "${path}": it is read-only`, PRINT_IT);
  }
  return text;
}

/** The bytes of a file, each as one character: it need not be UTF-8, nor be changed where it isn't. */
async function read(path: string): Promise<string | undefined> {
  try {
    return binaryOf(await Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError("read", path, error);
  }
  const target = await Deno.readLink(path).catch(() => undefined);
  if (target === undefined) return undefined;
  throw usageError(
    `Will not touch "${path}": it leads to "${target}", which is not there`,
    PRINT_IT,
  );
}

function binaryOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Text as it is in a file. */
function toBytes(text: string): string {
  return binaryOf(new TextEncoder().encode(text));
}

function fromBytes(binary: string): string {
  return new TextDecoder().decode(Uint8Array.from(binary, (each) => each.charCodeAt(0)));
}

/** Writes a file whole or not at all; a link stays one, and what it leads to keeps its mode. */
async function write(path: string, binary: string): Promise<void> {
  try {
    const target = await Deno.realPath(path).catch(() => path);
    const mode = await Deno.stat(target).then(({ mode }) => mode, () => null);
    const part = `${target}.${crypto.randomUUID()}.part`;
    try {
      const bytes = Uint8Array.from(binary, (each) => each.charCodeAt(0));
      await Deno.writeFile(part, bytes, { createNew: true, mode: (mode ?? 0o644) & 0o777 });
      await Deno.rename(part, target);
    } catch (error) {
      await Deno.remove(part).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** Removes a file, and the folders that were made for it unless something else is in them now. */
async function removeWithFolders(path: string, folders: readonly string[]): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    throw fileError("remove", path, error);
  }
  for (const folder of folders.toReversed()) await Deno.remove(folder).catch(() => {});
}

/** Makes the folders that a file needs. @returns those that were not there, the outermost first */
async function makeFolders(path: string): Promise<string[]> {
  const missing: string[] = [];
  let folder = parentOf(path);
  while (folder !== "" && !await exists(folder)) {
    missing.unshift(folder);
    folder = parentOf(folder);
  }
  try {
    await Deno.mkdir(parentOf(path), { recursive: true, mode: 0o755 });
  } catch (error) {
    throw fileError("write", path, error);
  }
  return missing;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"), 0));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Changes text, and says of which file it is where that is impossible. */
function edit<T>(path: string | undefined, change: () => T): T {
  try {
    return change();
  } catch (error) {
    throw usageError(`Will not touch "${path}": ${messageOf(error)}`, "Mend it, then try again");
  }
}

function fileError(action: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  return usageError(
    `Cannot ${action} "${path}": ${describeFileFailure(error)}`,
    PRINT_IT,
  );
}
