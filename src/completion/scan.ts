import { findOption, type Grammar, type Option, type Word } from "./grammar.ts";

/** What stands on a command line beside the word at the cursor. */
export interface Scanned {
  /** The words that were followed, the root first. */
  readonly path: readonly Word[];
  /** The command's own options; none for a group. */
  readonly own: readonly Option[];
  /** The options and their values, behind the cursor too; a switch has "". */
  readonly given: ReadonlyMap<Option, readonly string[]>;
  /** Arguments of the command before the cursor, or what names no command of the group. */
  readonly positionals: readonly string[];
  /** The option that the word at the cursor is the value of. */
  readonly pending?: Option;
  /** Whether options have ended with `--` before the cursor. */
  readonly literal: boolean;
}

/**
 * Reads a command line as running it would.
 *
 * @param words those before the word at the cursor, without the program's name
 * @param behind the words behind it: of these, the options count
 */
export async function scan(
  words: readonly string[],
  grammar: Grammar,
  behind: readonly string[] = [],
): Promise<Scanned> {
  const path = [grammar.root];
  const given = new Map<Option, string[]>();
  const positionals: string[] = [];
  let own: readonly Option[] = [];
  let pending: Option | undefined;
  let literal = false;
  const give = (option: Option, value: string) => {
    given.set(option, [...given.get(option) ?? [], value]);
  };
  /** @returns whether a word is an option or the value of one */
  const takeOption = (word: string): boolean => {
    if (pending !== undefined) {
      give(pending, word);
      pending = undefined;
    } else if (literal || !word.startsWith("-") || word === "-") {
      return false;
    } else if (word === "--") {
      literal = true;
    } else {
      const { option, value } = readFlag(word, own, grammar.globals);
      if (option?.takesValue && value === undefined) pending = option;
      else if (option !== undefined) give(option, value ?? "");
    }
    return true;
  };
  for (const word of words) {
    if (takeOption(word)) continue;
    const next = positionals.length > 0 || literal
      ? undefined
      : path.at(-1)?.children?.find(({ name }) => name === word);
    if (next === undefined) {
      positionals.push(word);
    } else {
      path.push(next);
      if (next.children === undefined) own = await grammar.optionsOf(path);
    }
  }
  const atCursor = { literal, ...(pending === undefined ? {} : { pending }) };
  pending = undefined;
  behind.forEach(takeOption);
  return { path, own, given, positionals, ...atCursor };
}

/** A flag, taken apart. */
export interface Flag {
  readonly option: Option | undefined;
  /** What belongs to the flag, its `=` included. */
  readonly head: string;
  /** What follows the `=`, or a short flag; undefined where nothing does. */
  readonly value?: string;
}

/** Takes `--name`, `--name=value`, `-n` or `-nvalue` apart. */
export function readFlag(
  word: string,
  own: readonly Option[],
  globals: readonly Option[],
): Flag {
  const equals = word.indexOf("=");
  if (equals > 0) {
    const option = findOption(word.slice(0, equals), own, globals);
    return { option, head: word.slice(0, equals + 1), value: word.slice(equals + 1) };
  }
  const whole = findOption(word, own, globals);
  if (whole !== undefined || word.startsWith("--")) return { option: whole, head: word };
  const short = findOption(word.slice(0, 2), own, globals);
  return short?.takesValue && word.length > 2
    ? { option: short, head: word.slice(0, 2), value: word.slice(2) }
    : { option: undefined, head: word };
}
