import { DENO, DEPENDENCY_OPTIONS, ROOT } from "./deno_call.ts";
import { readJunit } from "./junit.ts";
import type { TestOutcome } from "./report.ts";
import { runCommand } from "./run_command.ts";

/** Where tests find what they need, and leave nothing. */
export interface TestPlace {
  /** Their home, which they have to leave empty. */
  readonly home: string;
  /** Folder for their temporary files, which they have to leave empty. */
  readonly temporary: string;
  /** The file that says how they ended. */
  readonly junit: string;
}

/**
 * Runs tests in parallel.
 *
 * @param args the files, and options of `deno test`
 * @param env further variables for the tests
 */
export async function runTests(
  args: readonly string[],
  place: TestPlace,
  env: Readonly<Record<string, string>>,
): Promise<TestOutcome> {
  const { success, output } = await runCommand(DENO, [
    "test",
    "--quiet",
    "--no-check",
    "--parallel",
    "--allow-all",
    "--no-prompt",
    "--reporter=dot",
    `--junit-path=${place.junit}`,
    `--preload=${ROOT}/scripts/test_preload.ts`,
    ...DEPENDENCY_OPTIONS,
    ...args,
  ], { HOME: place.home, TMPDIR: place.temporary, ...env });
  const junit = await Deno.readTextFile(place.junit).catch(() => "");
  const { passed, failed, skipped } = readJunit(junit);
  // A module that cannot be loaded is in no JUnit file, but twice in what Deno prints.
  const broken = [...output.matchAll(/^.* \(uncaught error\)$/gm)].length / 2;
  const unexplained = !success && failed + broken === 0 ? 1 : 0;
  return {
    passed,
    failed: failed + broken + unexplained,
    skipped,
    output: failuresIn(output),
  };
}

/** What Deno prints of failures, without its dots. */
function failuresIn(output: string): string {
  const start = output.indexOf("\n ERRORS \n");
  const text = start < 0 ? output.replaceAll(/^[.,!]$\n?/gm, "") : output.slice(start);
  // The names of the tests say where they are.
  return text.replaceAll(/ => \S*test_preload\.ts:\d+:\d+$/gm, "").trimStart();
}
