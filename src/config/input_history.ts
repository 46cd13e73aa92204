import type { Environment } from "../app/deps.ts";
import type { ConfigPaths } from "./paths.ts";
import { appendToPrivateFile, readPrivateFile, writePrivateFile } from "./private_file.ts";

/** As many inputs are kept, when there are too many or they take too much. */
const KEPT_INPUTS = 1_000;
const MOST_INPUTS = 1_500;
/** In characters. */
const KEPT_LENGTH = 512 * 1024;
const MOST_LENGTH = 1024 * 1024;

/**
 * What was typed to agents before, kept in a private file beside the token cache: one JSON string a
 * line. Nothing is kept with LC_NO_HISTORY, or with LC_EPHEMERAL_CREDS.
 */
export class InputHistoryFile {
  readonly #path: string | undefined;
  readonly #ownFolder: boolean;
  #adding: Promise<void> = Promise.resolve();

  constructor(paths: ConfigPaths, env: Environment) {
    const off = paths.ephemeral || Boolean(env.get("LC_NO_HISTORY"));
    this.#path = off ? undefined : paths.tokenCache.replace(/jwt_cache(\.json)?$/, "ai_history");
    this.#ownFolder = paths.inOwnFolder;
  }

  /** The inputs, the oldest first; none where the file is missing or cannot be used. */
  async load(): Promise<readonly string[]> {
    if (this.#path === undefined) return [];
    try {
      return (await readLines(this.#path)).flatMap(inputOf);
    } catch {
      // A history that others can read is not worth failing for.
      return [];
    }
  }

  /** Adds an input, in the order of the calls; where that is impossible, it is not kept. */
  add(text: string): Promise<void> {
    const path = this.#path;
    if (path === undefined) return Promise.resolve();
    const ownFolder = this.#ownFolder;
    this.#adding = this.#adding.then(() =>
      appendToPrivateFile(path, { ownFolder }, async (file) => {
        // In one write, and behind a line that was cut off: a program that is killed tears no other.
        const bytes = new TextEncoder().encode(`${await lineEndBefore(file)}${lineOf(text)}`);
        await file.write(bytes);
        const lines = await readLines(path);
        const length = lines.reduce((sum, line) => sum + line.length, 0);
        if (lines.length <= MOST_INPUTS && length <= MOST_LENGTH) return;
        await writePrivateFile(path, newest(lines).map((line) => `${line}\n`).join(""), {
          ownFolder,
        });
      })
    ).catch(() => {});
    return this.#adding;
  }

  /** Settles when everything that was added is kept. */
  flush(): Promise<void> {
    return this.#adding;
  }
}

async function readLines(path: string): Promise<string[]> {
  return (await readPrivateFile(path) ?? "").split("\n").filter((line) => line !== "");
}

function newest(lines: readonly string[]): readonly string[] {
  let first = lines.length;
  for (let length = 0; first > lines.length - KEPT_INPUTS; first--) {
    length += lines[first - 1]?.length ?? KEPT_LENGTH;
    if (length > KEPT_LENGTH) break;
  }
  return lines.slice(Math.min(first, lines.length - 1));
}

async function lineEndBefore(file: Deno.FsFile): Promise<string> {
  const { size } = await file.stat();
  if (size === 0) return "";
  await file.seek(-1, Deno.SeekMode.End);
  const last = new Uint8Array(1);
  await file.read(last);
  return last[0] === "\n".charCodeAt(0) ? "" : "\n";
}

function lineOf(input: string): string {
  return `${JSON.stringify(input)}\n`;
}

/** The input of a line; nothing where it is damaged. */
function inputOf(line: string): string[] {
  try {
    const input: unknown = JSON.parse(line);
    return typeof input === "string" ? [input] : [];
  } catch {
    return [];
  }
}
