import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

/** Where the golden files are, with a slash at its end. */
const FOLDER = fileURLToPath(new URL("../golden/", import.meta.url));

/** Set by the gate: `update` writes golden files instead of comparing with them. */
const MODE = "LC_TEST_GOLDEN";

/** Set by the gate: a file to which the name of every golden file in use is appended. */
const USED = "LC_TEST_GOLDEN_USED";

/**
 * Compares a text with the golden file of that name (`help/version.txt`). In the file, control
 * characters but line ends are visible (`␛[1m`).
 *
 * @throws {AssertionError} where they differ, or there is no such file
 */
export async function assertGolden(name: string, text: string): Promise<void> {
  const path = FOLDER + name;
  const used = Deno.env.get(USED);
  if (used !== undefined) await Deno.writeTextFile(used, `${name}\n`, { append: true });
  const actual = visible(text);
  if (Deno.env.get(MODE) === "update") {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, actual);
    return;
  }
  const hint = `tests/golden/${name} is stale; scripts/dev test --update writes it anew`;
  assertEquals(actual, await readIfThere(path), hint);
}

/** Text with its control characters but LF made visible, each as its picture in Unicode. */
export function visible(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x09\x0b-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
