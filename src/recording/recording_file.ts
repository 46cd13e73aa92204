import { CliError, describeFileFailure, usageError } from "../app/errors.ts";

/** A file that is recorded into. */
export interface RecordingFile {
  readonly file: Deno.FsFile;
  /** Whether there was none before. */
  readonly isNew: boolean;
}

/**
 * Opens a file for reading and appending, for this process alone; makes it, with mode 0600, where
 * there is none.
 *
 * @throws {CliError} (exit 4) on a link, a file that others may access, one that another process
 * records into, or one that cannot be opened
 */
export async function openRecordingFile(path: string): Promise<RecordingFile> {
  let opened: RecordingFile | undefined;
  try {
    opened = await openNew(path) ?? await openExisting(path);
    if (!await opened.file.tryLock(true)) {
      throw usageError(`Cannot record to "${path}": another program records to it`);
    }
    return opened;
  } catch (error) {
    opened?.file.close();
    throw error instanceof CliError
      ? error
      : usageError(`Cannot record to "${path}": ${describeFileFailure(error)}`);
  }
}

async function openNew(path: string): Promise<RecordingFile | undefined> {
  try {
    const options = { read: true, append: true, createNew: true, mode: 0o600 };
    return { file: await Deno.open(path, options), isNew: true };
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}

async function openExisting(path: string): Promise<RecordingFile> {
  const found = await Deno.lstat(path);
  if (found.isSymlink) throw usageError(`Refusing to record to "${path}": it is a symbolic link`);
  if (!found.isFile) throw usageError(`Cannot record to "${path}": it is not a file`);
  const file = await Deno.open(path, { read: true, append: true });
  try {
    const { ino, dev, mode } = await file.stat();
    if (ino !== found.ino || dev !== found.dev) {
      throw usageError(`Cannot record to "${path}": it was replaced while it was being opened`);
    }
    if (mode !== null && (mode & 0o077) !== 0) {
      throw usageError(
        `Refusing to record to "${path}": others on this machine may read or change it`,
        "Take their permissions away with chmod 600, or name another file",
      );
    }
    return { file, isNew: false };
  } catch (error) {
    file.close();
    throw error;
  }
}
