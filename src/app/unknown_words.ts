import { didYouMean, nearNames, nearWords } from "../render/near_names.ts";
import { type AnyCommand, type CommandNode, COMMANDS, placesBelow } from "./command_tree.ts";
import { type CliError, usageError } from "./errors.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { valuesOf } from "./option_values.ts";
import { unknownValue } from "./unknown_value.ts";

/** The error for a word that names no command of a group, with what was probably meant. */
export function unknownCommand(path: readonly CommandNode[], word: string): CliError {
  const group = path.map(({ name }) => name).join(" ");
  const own = (path.at(-1)?.children ?? []).map(({ name }) => name);
  return usageError(
    `Unknown command "${word}" of ${group}`,
    didYouMean(nearWords(word, own, placesBelow(COMMANDS, `${COMMANDS.name} `))) ??
      `See ${group} --help`,
  );
}

/**
 * The error for an option that a command, or a group, does not have, with what was probably meant.
 *
 * @param command as it is typed
 * @param own flags of the command's own
 */
export function unknownOption(
  option: string,
  command: string,
  own: readonly string[],
): CliError {
  const known = [...own, ...GLOBAL_FLAGS.map(({ name }) => `--${name}`), "--help", "--version"];
  // A letter is as near to any other one; and who types more behind one dash has meant two.
  const near = option.length === 2
    ? known.filter((flag) => flag.toLowerCase() === option.toLowerCase())
    : nearNames(option.replace(/^-?-/, "--"), known.filter((flag) => flag.startsWith("--")));
  return usageError(
    `Unknown option "${option}" of ${command}`,
    didYouMean(near) ?? `See ${command} --help`,
  );
}

/**
 * Checks that a command is given arguments only where it takes some.
 *
 * @param name of the command, as it is typed
 * @param args for the command itself, each value joined to its option
 * @throws {CliError} (exit 4) with the option that the argument was probably meant for
 */
export function checkArguments(command: AnyCommand, name: string, args: readonly string[]): void {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const isUnexpected = args.some((arg, index) => index > end || !/^-./.test(arg));
  if (!isUnexpected || command.hasArguments()) return;
  const given = new Set(args.map((arg) => arg.replace(/=.*$/s, "")));
  const missing = command.getBaseOptions().find(({ required, flags }) =>
    required === true && !flags.some((flag) => given.has(flag))
  );
  const flag = missing?.flags.find((each) => each.startsWith("--"));
  // It is not repeated here: it may be a key.
  throw usageError(
    `Unexpected argument: ${name} takes none`,
    flag === undefined
      ? `See ${name} --help`
      : `Did you mean ${name} ${flag} <${missing?.args[0]?.name}>?`,
  );
}

/**
 * Checks the values of options that have a fixed set of them.
 *
 * @param args for the command itself, each value joined to its option
 * @throws {CliError} (exit 4) on another value, with what was probably meant
 */
export function checkOptionValues(command: AnyCommand, args: readonly string[]): void {
  const known = valuesOf(command);
  for (const arg of args) {
    if (arg === "--") return;
    const equals = arg.indexOf("=");
    const flag = arg.slice(0, equals);
    const values = equals < 0 ? undefined : known.get(flag);
    if (values === undefined || values.includes(arg.slice(equals + 1))) continue;
    throw unknownValue(arg.slice(equals + 1), flag, values);
  }
}
