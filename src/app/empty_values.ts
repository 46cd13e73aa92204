import type { AnyCommand } from "./command_tree.ts";
import type { OwnOption } from "./global_flags.ts";

/** Stands for an empty value while Cliffy parses. No argument of a process can hold it. */
const STAND_IN = "\0";

/**
 * Has empty values reach a command. On its own Cliffy takes an option with an empty value as not
 * given (1.2) or refuses it (1.0), so that `--allowed-tools ""` could not empty a list.
 *
 * @param args with each value joined to its option, as `--name=value`
 * @returns the arguments to parse
 */
export function keepEmptyValues(
  command: AnyCommand,
  args: readonly string[],
  own: OwnOption,
): string[] {
  command.type("string", ({ value }: { readonly value: string }) => withoutStandIns(value), {
    override: true,
  });
  const end = args.indexOf("--");
  return args.map((arg, index) => {
    const isEmpty = arg.endsWith("=") && own(arg.slice(0, -1)) === "value";
    return isEmpty && (end === -1 || index < end) ? arg + STAND_IN : arg;
  });
}

/** Text with every stand-in an empty value again: a value, or a message about one. */
export function withoutStandIns(text: string): string {
  return text.replaceAll(STAND_IN, "");
}
