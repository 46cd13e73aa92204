import { listFiles } from "./list_files.ts";
import { type Outcome, PASSED } from "./report.ts";

/** How to look for golden files that no test uses. */
export interface GoldenOptions {
  /** Whether to remove them instead of complaining. */
  readonly update: boolean;
  /** Whether every test ran to its end: otherwise nobody knows. */
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
    return { kind: "skipped", reason: "not every test ran to its end" };
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
