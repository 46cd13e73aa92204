import type { Candidate } from "./candidate.ts";

/** One word of the command line: a group with children, or a command. */
export interface Word {
  readonly name: string;
  readonly summary: string;
  readonly children?: readonly Word[];
}

/** An option, of one command or of all. */
export interface Option {
  /** Every way to write it: `-o`, `--output`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly repeatable?: boolean;
  readonly required?: boolean;
  readonly hidden?: boolean;
  /** What its value is called in help. */
  readonly valueName?: string;
  /** Its values, where they are known. */
  readonly values?: readonly string[];
}

/** Everything that a command line can be made of. */
export interface Grammar {
  readonly root: Word;
  /** The options that every command has. */
  readonly globals: readonly Option[];
  /** What `help` explains beside commands. */
  topics(): Promise<readonly Candidate[]>;
  /** The options of a command, given the words that call it. */
  optionsOf(path: readonly Word[]): Promise<readonly Option[]>;
}

/** The name by which an option is known: its long flag, if it has one. */
export function nameOf({ flags }: Option): string {
  return flags.find((flag) => flag.startsWith("--")) ?? flags[0] ?? "";
}

/** The option that a flag stands for; a command's own goes before one that every command has. */
export function findOption(
  flag: string,
  own: readonly Option[],
  globals: readonly Option[],
): Option | undefined {
  return [...own, ...globals].find(({ flags }) => flags.includes(flag));
}
