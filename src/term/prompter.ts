import type { SafeText } from "../render/safe_text.ts";

/** One thing to choose. */
export interface Choice<T> {
  readonly label: SafeText;
  readonly value: T;
}

/**
 * Asks the person at the terminal. Every question is aborted by the signal it was made with, and
 * fails with exit code 8 where there is no terminal to ask on.
 */
export interface Prompter {
  /** Whether there is a terminal to ask on. */
  readonly available: boolean;
  input(message: SafeText, options?: { readonly default?: string }): Promise<string>;
  /** Asks without showing what is typed. */
  secret(message: SafeText): Promise<string>;
  confirm(message: SafeText, options?: { readonly default?: boolean }): Promise<boolean>;
  select<T>(message: SafeText, choices: readonly Choice<T>[]): Promise<T>;
}
