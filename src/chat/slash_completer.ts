import type { Environment } from "../app/deps.ts";
import type { FoldedResults } from "./folded_results.ts";
import type { Completer } from "./slash.ts";

/** So many names of a folder are offered. */
const MOST_NAMES = 200;

/** Finds the results that can be shown in full, and the files that there are. */
export function makeCompleter(results: FoldedResults, env: Environment): Completer {
  return {
    results: () => results.numbers.map(String),
    files: (begun) => filesThatBegin(begun, env),
  };
}

/** A path as it is typed, with the home folder in the place of its `~`. */
export function expandHome(path: string, env: Environment): string {
  const home = env.get("HOME") || env.get("USERPROFILE");
  return home && /^~(?=$|\/)/.test(path) ? home + path.slice(1) : path;
}

/** The paths that begin so, folders with a slash behind them; none where they cannot be listed. */
async function filesThatBegin(begun: string, env: Environment): Promise<string[]> {
  if (begun === "~") return ["~/"];
  const folder = begun.slice(0, begun.lastIndexOf("/") + 1);
  const name = begun.slice(folder.length);
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(expandHome(folder, env) || ".")) {
      if (!entry.name.startsWith(name) || /\p{Cc}/u.test(entry.name)) continue;
      if (entry.name.startsWith(".") && !name.startsWith(".")) continue;
      found.push(`${folder}${entry.name}${entry.isDirectory ? "/" : ""}`);
    }
  } catch {
    // No such folder, or one that may not be read: nothing to offer.
  }
  return found.sort().slice(0, MOST_NAMES);
}
