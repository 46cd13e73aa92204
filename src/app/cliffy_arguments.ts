import type { AnyCommand } from "./command_tree.ts";
import type { OwnOption } from "./global_flags.ts";

/**
 * Begins what Cliffy is not to take for an option, and stands for an empty value while it parses. No
 * argument of a process can hold it.
 */
const STAND_IN = "\0";

/**
 * Has empty values, and arguments behind `--`, reach a command. On its own Cliffy takes an option
 * with an empty value as not given (1.2) or refuses it (1.0), so that `--allowed-tools ""` could not
 * empty a list; and it keeps what stands behind `--` from the command's action.
 *
 * @param args with each value joined to its option, as `--name=value`
 * @returns the arguments to parse
 */
export function cliffyArguments(
  command: AnyCommand,
  args: readonly string[],
  own: OwnOption,
): string[] {
  command.type("string", ({ value }: { readonly value: string }) => withoutStandIns(value), {
    override: true,
  });
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const options = args.slice(0, end).map((arg) => {
    const isEmpty = arg.endsWith("=") && own(arg.slice(0, -1)) === "value";
    return isEmpty ? arg + STAND_IN : arg;
  });
  return [...options, ...args.slice(end + 1).map((arg) => STAND_IN + arg)];
}

/** Text as it was given: a value, or a message about one. */
export function withoutStandIns(text: string): string {
  return text.replaceAll(STAND_IN, "");
}
