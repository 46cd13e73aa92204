import { nearNames } from "../render/near_names.ts";
import { type AnyCommand, type CommandNode, COMMANDS } from "./command_tree.ts";
import { didYouMean, unknownValue } from "./did_you_mean.ts";
import { type CliError, usageError } from "./errors.ts";
import { type OptionValues, valuesOf } from "./option_values.ts";

/** The error for a word that names no command of a group, with what was probably meant. */
export function unknownCommand(path: readonly CommandNode[], word: string): CliError {
  const group = path.map(({ name }) => name).join(" ");
  const near = nearNames(word, (path.at(-1)?.children ?? []).map(({ name }) => name));
  return usageError(
    `Unknown command "${word}" of ${group}`,
    didYouMean(near.length > 0 ? near : findElsewhere(word)) ?? `See ${group} --help`,
  );
}

/** Commands of other groups that come close: `limacharlie ai session attach` for `attach`. */
function findElsewhere(word: string): string[] {
  const lines = linesBelow(COMMANDS, COMMANDS.name);
  const near = nearNames(word, lines.map(({ name }) => name));
  return lines.filter(({ name }) => near.includes(name)).map(({ line }) => line).slice(0, 3);
}

/** Every command and group, and the words that call it. */
function linesBelow(
  node: CommandNode,
  line: string,
): { readonly name: string; readonly line: string }[] {
  return (node.children ?? []).flatMap((child) => {
    const words = `${line} ${child.name}`;
    return [{ name: child.name, line: words }, ...linesBelow(child, words)];
  });
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
  const known: OptionValues = valuesOf(command);
  for (const arg of args) {
    if (arg === "--") return;
    const equals = arg.indexOf("=");
    const flag = arg.slice(0, equals);
    const values = equals < 0 ? undefined : known.get(flag);
    if (values === undefined || values.includes(arg.slice(equals + 1))) continue;
    throw unknownValue(arg.slice(equals + 1), flag, values);
  }
}
