import type { GlobalFlags } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";

/**
 * Checks, before anything is asked for or made, that a live stream can be printed as asked.
 *
 * @throws {CliError} (exit 4) on a format that only a finished result can have
 */
export function checkStreamFormat({ output }: GlobalFlags): void {
  if (output === undefined || output === "jsonl") return;
  throw usageError(
    `A live stream cannot be printed as ${output}`,
    "Use -o jsonl, or leave the format out",
  );
}
