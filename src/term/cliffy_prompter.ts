import type { Clock } from "../app/deps.ts";
import { type SafeText, safeText } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import { askOutput, findAskOutput } from "./ask_output.ts";
import { cliffyReader, type CliffyStreams, cliffyWriter } from "./cliffy_streams.ts";
import { END_KEY, makeLiveInput } from "./live_input.ts";
import type { AskOptions, Choice, InputOptions, Prompter } from "./prompter.ts";
import type { OutputStream, Terminal } from "./terminal.ts";
import { endOfInput, TypedKeys } from "./typed_keys.ts";

const HINT_MILLISECONDS = 1_000;

/** Choices that are shown at once. */
const MOST_ROWS = 10;

/**
 * Cliffy's prompts on our reader and writer. On their own they re-render forever at the end of
 * input and end the process on Ctrl-C; here the end of input is an error, and Ctrl-C, which the
 * kernel turns into a signal in cbreak mode, aborts the read.
 */
export class CliffyPrompter implements Prompter {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #color: boolean;

  /** @param signal aborted when the program is ended */
  constructor(terminal: Terminal, clock: Clock, signal: AbortSignal, color: boolean) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#signal = signal;
    this.#color = color;
  }

  get available(): boolean {
    return findAskOutput(this.#terminal) !== undefined;
  }

  input(message: SafeText, options: InputOptions = {}): Promise<string> {
    const { hint, default: fallback, ending } = options;
    const tick = hint === undefined ? {} : { tick: HINT_MILLISECONDS };
    return this.#ask(
      message,
      { ...options, ...tick, takesEndKey: true },
      async (streams, output) => {
        const { Input } = await import("@cliffy/prompt/input");
        const LiveInput = makeLiveInput(Input, {
          message,
          default: fallback,
          hint,
          styles: makeStyles(this.#color),
          columns: () => this.#terminal.size().columns,
          write: (text) => output.write(text),
        });
        const initial = fallback === undefined ? {} : { default: fallback };
        try {
          return await LiveInput.prompt({ message, ...initial, ...streams });
        } catch (error) {
          if (error !== END_KEY) throw error;
          if (ending === undefined) throw endOfInput();
          output.write(safeText`\r\n\x1b[J`);
          return ending;
        }
      },
    );
  }

  secret(message: SafeText, options: AskOptions = {}): Promise<string> {
    return this.#ask(message, options, async (streams) => {
      const { Secret } = await import("@cliffy/prompt/secret");
      return await Secret.prompt({ message, hidden: true, ...streams });
    });
  }

  confirm(
    message: SafeText,
    { default: fallback, ...options }: AskOptions & { readonly default?: boolean } = {},
  ): Promise<boolean> {
    return this.#ask(message, options, async (streams) => {
      const { Confirm } = await import("@cliffy/prompt/confirm");
      const initial = fallback === undefined ? {} : { default: fallback };
      return await Confirm.prompt({ message, ...initial, ...streams });
    });
  }

  select<T>(
    message: SafeText,
    choices: readonly Choice<T>[],
    asked: AskOptions = {},
  ): Promise<T> {
    return this.#ask(message, asked, async (streams) => {
      const { Select } = await import("@cliffy/prompt/select");
      // Cliffy takes values of some types only, and searches in them too.
      const options = choices.map(({ label, search }, index) => ({
        name: label,
        value: search ?? String(index),
      }));
      const isLong = choices.length > MOST_ROWS && choices.every(({ search }) => search);
      const searching = isLong ? { search: true, searchLabel: "(type to search)" } : {};
      const chosen = await Select.prompt({
        message,
        options,
        maxRows: MOST_ROWS,
        ...searching,
        ...streams,
      });
      return choices[options.findIndex(({ value }) => value === chosen)]?.value as T;
    });
  }

  async #ask<T>(
    message: SafeText,
    { signal, settle, tick, takesEndKey = false }: AskOptions & {
      readonly tick?: number;
      readonly takesEndKey?: boolean;
    },
    ask: (streams: CliffyStreams, output: OutputStream) => Promise<T>,
  ): Promise<T> {
    const output = askOutput(this.#terminal, message);
    const { stdin } = this.#terminal;
    const either = signal === undefined ? this.#signal : AbortSignal.any([this.#signal, signal]);
    const typed = new TypedKeys(stdin, this.#clock, either);
    const reader = cliffyReader(typed, { settle, tick, takesEndKey });
    stdin.setRaw(true);
    // A paste is to be told from keys.
    this.#terminal.setBracketedPaste(true);
    try {
      return await ask({ reader, writer: cliffyWriter(output) }, output);
    } catch (error) {
      // The answer that never came would have ended the line, and cleared what stands below it.
      output.write(safeText`\r\n\x1b[J`);
      throw error;
    } finally {
      this.#terminal.setBracketedPaste(false);
      stdin.setRaw(false);
    }
  }
}
