import type { CommandNode } from "./command_tree.ts";
import type { Deps } from "./deps.ts";

/**
 * Lets the person at the terminal choose the session that a command is for, where none was named.
 *
 * @param args for the command itself
 * @param check fails where they are wrong whatever is added to them
 * @returns what is to be added to them
 */
export async function pickMissing(
  node: CommandNode | undefined,
  args: readonly string[],
  deps: Deps,
  check: (added: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const isNamed = args.some((arg) => arg === "--id" || arg.startsWith("--id="));
  if (node?.pickId === undefined || isNamed || !deps.prompter.available) return [];
  await check(["--id=ID"]);
  const pick = await node.pickId();
  return [`--id=${await pick(deps)}`];
}
