import { ROOT } from "./deno_call.ts";
import { listFiles } from "./list_files.ts";
import { type Outcome, PASSED } from "./report.ts";

/** How to look for golden files that no test uses. */
export interface GoldenOptions {
  /** Whether to remove them instead of complaining. */
  readonly update: boolean;
  /** Whether every test that may use one ran to its end: otherwise nobody knows. */
  readonly complete: boolean;
}

/**
 * Looks for golden files that no test uses any more.
 *
 * @param used names of those in use, relative to the folder
 */
export async function checkGoldens(
  folder: string,
  used: readonly string[],
  { update, complete }: GoldenOptions,
): Promise<Outcome> {
  if (!complete) {
    return { kind: "skipped", reason: "not every test that may use one ran to its end" };
  }
  const orphans = (await listFiles(folder)).filter((name) => !used.includes(name));
  if (orphans.length === 0) return PASSED;
  if (update) {
    await Promise.all(orphans.map((name) => Deno.remove(`${folder}/${name}`)));
    return PASSED;
  }
  const output = orphans.map((name) => `${name} is used by no test`).join("\n");
  return { kind: "failed", output };
}

/**
 * Whether a test may use golden files: whether its module imports what compares with them.
 *
 * @param test its name, at whose end test_preload.ts has put its place
 */
export async function mayUseGoldens(test: string): Promise<boolean> {
  const module = test.match(/ \[(\S+):\d+\]$/)?.[1];
  if (module === undefined) return true;
  return /\bfrom "[./]+\/support\/golden\.ts";/.test(await Deno.readTextFile(`${ROOT}/${module}`));
}
