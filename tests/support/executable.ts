import type { Need } from "./skip.ts";
import { sourceCommand } from "./program.ts";

/** Set by the gate: the path of the executable that it has built. */
const EXECUTABLE = "LC_TEST_EXECUTABLE";

/** Set by the gate: why it has built none. */
const NO_EXECUTABLE = "LC_TEST_NO_EXECUTABLE";

/** The path of the executable under test; undefined where none could be built. */
export function executablePath(): string | undefined {
  return Deno.env.get(EXECUTABLE);
}

/** The executable, for tests that make no sense with the source. */
export const EXECUTABLE_NEED: Need = {
  missing: executablePath() === undefined
    ? Deno.env.get(NO_EXECUTABLE) ?? "no executable was built: run scripts/dev test"
    : undefined,
};

/** The command that starts the program: the executable, or main.ts from source without one. */
export function programCommand(): string[] {
  const path = executablePath();
  return path === undefined ? sourceCommand() : [path];
}
