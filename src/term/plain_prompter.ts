import type { Clock } from "../app/deps.ts";
import { hangingWords } from "../render/break_lines.ts";
import { joinSafe, type SafeText, safeText } from "../render/safe_text.ts";
import { askOutput, findAskOutput } from "./ask_output.ts";
import type { AskOptions, Choice, InputOptions, Prompter } from "./prompter.ts";
import type { Terminal } from "./terminal.ts";
import { endOfInput, TypedKeys } from "./typed_keys.ts";

/** Asks in lines that are appended, and answered by a line: for terminals that are not drawn on. */
export class PlainPrompter implements Prompter {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #decoder = new TextDecoder();
  /** What was typed beyond the line that was answered with. */
  #typed = "";

  /** @param signal aborted when the program is ended */
  constructor(terminal: Terminal, clock: Clock, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#signal = signal;
  }

  get available(): boolean {
    return findAskOutput(this.#terminal) !== undefined;
  }

  async input(message: SafeText, options: InputOptions = {}): Promise<string> {
    const { default: fallback, ending, hint, ...asked } = options;
    const choice = fallback === undefined ? safeText`` : safeText` (Enter for the default)`;
    const state = hint === undefined ? safeText`` : safeText`, ${hint()}`;
    const line = await this.#ask(safeText`${message}${choice}${state} `, asked);
    if (line === undefined && ending === undefined) throw endOfInput();
    return line === "" ? fallback ?? "" : line ?? ending ?? "";
  }

  async secret(message: SafeText, { signal }: AskOptions = {}): Promise<string> {
    const output = askOutput(this.#terminal, message);
    const { stdin } = this.#terminal;
    const keys = new TypedKeys(stdin, this.#clock, this.#either(signal));
    let secret = "";
    // What is typed is shown in no other mode.
    stdin.setRaw(true);
    try {
      output.write(safeText`${message} (what you type is not shown) `);
      while (true) {
        for (const key of await keys.read()) {
          if (key.name === "enter" || key.name === "newline") return secret;
          if (key.name === "end-of-input") throw endOfInput();
          if (key.name === "text" || key.name === "paste") {
            secret += key.text.replace(/[\r\n]+$/, "");
          } else if (key.name === "backspace") secret = Array.from(secret).slice(0, -1).join("");
          else if (key.name === "kill-to-start") secret = "";
        }
      }
    } finally {
      stdin.setRaw(false);
      output.write(safeText`\n`);
    }
  }

  async confirm(
    message: SafeText,
    { default: fallback, ...asked }: AskOptions & { readonly default?: boolean } = {},
  ): Promise<boolean> {
    const choice = fallback === undefined
      ? safeText`y/n`
      : fallback
      ? safeText`y/n, Enter means yes`
      : safeText`y/n, Enter means no`;
    while (true) {
      const line = (await this.#ask(safeText`${message} (${choice}) `, asked))?.trim()
        .toLowerCase();
      if (line === undefined) throw endOfInput();
      if (line === "" && fallback !== undefined) return fallback;
      if (/^y(?:es)?$/.test(line)) return true;
      if (/^no?$/.test(line)) return false;
    }
  }

  async select<T>(
    message: SafeText,
    choices: readonly Choice<T>[],
    asked: AskOptions = {},
  ): Promise<T> {
    const output = askOutput(this.#terminal, message);
    choices.forEach(({ label }, index) => output.write(safeText`  ${index + 1}  ${label}\n`));
    while (true) {
      const line = await this.#ask(safeText`${message} (1-${choices.length}) `, asked);
      if (line === undefined) throw endOfInput();
      const choice = /^\s*\d+\s*$/.test(line) ? choices[Number(line) - 1] : undefined;
      if (choice !== undefined) return choice.value;
    }
  }

  /** Asks for a line; undefined at the end of the input. */
  async #ask(
    question: SafeText,
    { signal, settle }: AskOptions,
  ): Promise<string | undefined> {
    const output = askOutput(this.#terminal, question);
    const either = this.#either(signal);
    const rows = hangingWords(question, this.#terminal.size().columns);
    output.write(joinSafe(rows, safeText`\n`));
    if (settle !== undefined) await this.#discard(settle, either);
    try {
      return await this.#readLine(either);
    } catch (error) {
      output.write(safeText`\n`);
      throw error;
    }
  }

  async #readLine(signal: AbortSignal): Promise<string | undefined> {
    while (!this.#typed.includes("\n")) {
      const bytes = await this.#terminal.stdin.read(signal);
      if (bytes === null) {
        const rest = this.#typed;
        this.#typed = "";
        return rest === "" ? undefined : rest;
      }
      this.#typed += this.#decoder.decode(bytes, { stream: true });
    }
    const end = this.#typed.indexOf("\n");
    const line = this.#typed.slice(0, end).replace(/\r$/, "");
    this.#typed = this.#typed.slice(end + 1);
    return line;
  }

  /** Throws away what was typed before, also of a line that is not complete. */
  async #discard(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { stdin } = this.#terminal;
    this.#typed = "";
    stdin.setRaw(true);
    try {
      await new TypedKeys(stdin, this.#clock, signal).discard(milliseconds);
    } finally {
      stdin.setRaw(false);
    }
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#signal : AbortSignal.any([this.#signal, signal]);
  }
}
