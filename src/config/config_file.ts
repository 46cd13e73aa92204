import { usageError } from "../app/errors.ts";
import type { ConfigDocument } from "./config_document.ts";
import type { ConfigPaths } from "./paths.ts";
import { readPrivateFile, writePrivateFile } from "./private_file.ts";

/**
 * Reads the configuration file.
 *
 * @returns undefined when there is none, or when LC_EPHEMERAL_CREDS says not to look
 * @throws {CliError} (exit 4) on a file that is unsafe or malformed, with its path and line
 */
export async function readConfig(paths: ConfigPaths): Promise<ConfigDocument | undefined> {
  if (paths.ephemeral) return undefined;
  const text = await readPrivateFile(paths.file);
  return text === undefined ? undefined : await parse(text, paths.file);
}

/**
 * Changes the configuration file: reads it as it is now, and writes it whole.
 *
 * @throws {CliError} (exit 4) as {@linkcode readConfig}, when it cannot be written, and with
 * LC_EPHEMERAL_CREDS; the file is then as it was
 */
export async function editConfig(
  paths: ConfigPaths,
  edit: (document: ConfigDocument) => void,
): Promise<void> {
  refuseEphemeral(paths);
  const document = await parse(await readPrivateFile(paths.file) ?? "", paths.file);
  edit(document);
  await writePrivateFile(paths.file, document.toString(), { ownFolder: paths.inOwnFolder });
}

/** @throws {CliError} (exit 4) where nothing may be written */
export function refuseEphemeral(paths: ConfigPaths): void {
  if (!paths.ephemeral) return;
  throw usageError(
    "Cannot change the configuration while LC_EPHEMERAL_CREDS is set",
    "Use LC_OID and LC_API_KEY instead, or unset LC_EPHEMERAL_CREDS",
  );
}

/** The YAML library takes longer to load than most commands take to run without it. */
async function parse(text: string, path: string): Promise<ConfigDocument> {
  const { ConfigDocument } = await import("./config_document.ts");
  return new ConfigDocument(text, path);
}
