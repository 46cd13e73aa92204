import type { Environment } from "../app/deps.ts";
import type { ConfigPaths } from "./paths.ts";
import { readPrivateFile, writePrivateFile } from "./private_file.ts";

/** As many inputs are kept. */
const MOST_INPUTS = 1_000;

/**
 * What was typed to agents before, kept in a private file beside the token cache: one JSON string a
 * line. Nothing is kept with LC_NO_HISTORY, or with LC_EPHEMERAL_CREDS.
 */
export class InputHistoryFile {
  readonly #path: string | undefined;
  readonly #ownFolder: boolean;

  constructor(paths: ConfigPaths, env: Environment) {
    const off = paths.ephemeral || Boolean(env.get("LC_NO_HISTORY"));
    this.#path = off ? undefined : paths.tokenCache.replace(/jwt_cache(\.json)?$/, "ai_history");
    this.#ownFolder = paths.inOwnFolder;
  }

  /** The inputs, the oldest first; none where the file is missing or cannot be used. */
  async load(): Promise<readonly string[]> {
    if (this.#path === undefined) return [];
    try {
      const text = await readPrivateFile(this.#path) ?? "";
      return text.split("\n").filter((line) => line !== "").map((line) => String(JSON.parse(line)));
    } catch {
      // A history that is damaged, or that others can read, is not worth failing for.
      return [];
    }
  }

  /** Adds an input; where that is impossible, it is not kept. */
  async add(text: string): Promise<void> {
    if (this.#path === undefined) return;
    const inputs = [...await this.load(), text].slice(-MOST_INPUTS);
    const lines = inputs.map((input) => `${JSON.stringify(input)}\n`).join("");
    await writePrivateFile(this.#path, lines, { ownFolder: this.#ownFolder }).catch(() => {});
  }
}
