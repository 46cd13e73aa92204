import type { SafeText } from "../render/safe_text.ts";

/** One thing to choose. */
export interface Choice<T> {
  readonly label: SafeText;
  readonly value: T;
  /**
   * By what it is found where what is typed narrows the choices. That is so in a long list of
   * choices that have this, no two of them the same.
   */
  readonly search?: SafeText;
}

/** What every question can be given. */
export interface AskOptions {
  /** Takes the question back; its reason is thrown. */
  readonly signal?: AbortSignal;
  /**
   * For a question that nobody may answer by accident: keys pressed before it, and for so many
   * milliseconds after it appeared, do not count.
   */
  readonly settle?: number;
}

/** What a question for a line of text can be given. */
export interface InputOptions extends AskOptions {
  readonly default?: string;
  /** What Ctrl-D on an empty line answers; unless given, it ends the input. */
  readonly ending?: string;
  /** A line below the question, looked at anew every second. */
  readonly hint?: () => SafeText;
}

/**
 * Asks the person at the terminal. A question is taken back when the program is ended, and fails
 * with exit code 8 where there is no terminal to ask on.
 */
export interface Prompter {
  /** Whether there is a terminal to ask on. */
  readonly available: boolean;
  input(message: SafeText, options?: InputOptions): Promise<string>;
  /** Asks without showing what is typed. */
  secret(message: SafeText, options?: AskOptions): Promise<string>;
  confirm(
    message: SafeText,
    options?: AskOptions & { readonly default?: boolean },
  ): Promise<boolean>;
  select<T>(
    message: SafeText,
    choices: readonly Choice<T>[],
    options?: AskOptions,
  ): Promise<T>;
}
