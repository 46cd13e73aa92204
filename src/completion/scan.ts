import { findOption, type Grammar, type Option, type Word } from "./grammar.ts";

/** What stands on a command line before the word at the cursor. */
export interface Scanned {
  /** The words that were followed, the root first. */
  readonly path: readonly Word[];
  /** The command's own options; none for a group. */
  readonly own: readonly Option[];
  /** The options and their values; a switch has "". */
  readonly given: ReadonlyMap<Option, readonly string[]>;
  /** Arguments of the command, or what names no command of the group. */
  readonly positionals: readonly string[];
  /** The option that the word at the cursor is the value of. */
  readonly pending?: Option;
  /** Whether options have ended with `--`. */
  readonly literal: boolean;
}

/** Reads the words before the cursor, as running them would. */
export async function scan(words: readonly string[], grammar: Grammar): Promise<Scanned> {
  const path = [grammar.root];
  const given = new Map<Option, string[]>();
  const positionals: string[] = [];
  let own: readonly Option[] = [];
  let pending: Option | undefined;
  let literal = false;
  const give = (option: Option, value: string) => {
    given.set(option, [...given.get(option) ?? [], value]);
  };
  for (const word of words) {
    if (pending !== undefined) {
      give(pending, word);
      pending = undefined;
    } else if (literal) {
      positionals.push(word);
    } else if (word === "--") {
      literal = true;
    } else if (word.startsWith("-") && word !== "-") {
      const { option, value } = readFlag(word, own, grammar.globals);
      if (option === undefined) continue;
      if (option.takesValue && value === undefined) pending = option;
      else give(option, value ?? "");
    } else {
      const next = positionals.length > 0
        ? undefined
        : path.at(-1)?.children?.find(({ name }) => name === word);
      if (next === undefined) {
        positionals.push(word);
      } else {
        path.push(next);
        if (next.children === undefined) own = await grammar.optionsOf(path);
      }
    }
  }
  return { path, own, given, positionals, literal, ...(pending === undefined ? {} : { pending }) };
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
