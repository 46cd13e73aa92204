import type { Clock } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { type SafeText, safeText, sanitizeDrawn } from "../render/safe_text.ts";
import type { AskOptions, Choice, InputOptions, Prompter } from "./prompter.ts";
import type { InputStream, OutputStream, Terminal } from "./terminal.ts";

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

const HINT_MILLISECONDS = 1_000;

/**
 * Cliffy's prompts on our reader and writer. On their own they re-render forever at the end of
 * input and end the process on Ctrl-C; here the end of input is an error, and Ctrl-C, which the
 * kernel turns into a signal in cbreak mode, aborts the read.
 */
export class CliffyPrompter implements Prompter {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  constructor(terminal: Terminal, clock: Clock, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#signal = signal;
  }

  get available(): boolean {
    return this.#terminal.stdin.isTerminal && this.#output() !== undefined;
  }

  input(message: SafeText, options: InputOptions = {}): Promise<string> {
    const { hint, default: fallback } = options;
    const ticking = { ...options, ...(hint === undefined ? {} : { tick: HINT_MILLISECONDS }) };
    return this.#ask(message, ticking, async (streams) => {
      const { Input } = await import("@cliffy/prompt/input");
      const LiveInput = class extends Input {
        protected override hint(): string | undefined {
          return hint?.() ?? super.hint();
        }
      };
      const initial = fallback === undefined ? {} : { default: fallback };
      return await LiveInput.prompt({ message, ...initial, ...streams });
    });
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
      // By position, because Cliffy takes values of some types only.
      const options = choices.map(({ label }, index) => ({ name: label, value: String(index) }));
      const index = await Select.prompt({ message, options, ...streams });
      return choices[Number(index)]?.value as T;
    });
  }

  /** Prompts belong on stderr, because stdout is data; on stdout only where stderr is no terminal. */
  #output(): OutputStream | undefined {
    return [this.#terminal.stderr, this.#terminal.stdout].find((stream) => stream.isTerminal);
  }

  async #ask<T>(
    message: SafeText,
    { signal, settle, tick }: AskOptions & { readonly tick?: number },
    ask: (streams: CliffyStreams) => Promise<T>,
  ): Promise<T> {
    const output = this.#output();
    const { stdin } = this.#terminal;
    if (output === undefined || !stdin.isTerminal) {
      throw new CliError(`Cannot ask "${message}": there is no terminal`, {
        exitCode: ExitCode.NobodyToAsk,
        hint: "Give the answer on the command line or on standard input",
      });
    }
    const either = signal === undefined ? this.#signal : AbortSignal.any([this.#signal, signal]);
    const keys = new Keys(stdin, this.#clock, either);
    stdin.setRaw(true);
    try {
      const writer = cliffyWriter(output);
      return await ask({ reader: cliffyReader(keys, { settle, tick }), writer });
    } catch (error) {
      // The answer that never came would have ended the line, and cleared what stands below it.
      output.write(safeText`\r\n\x1b[J`);
      throw error;
    } finally {
      stdin.setRaw(false);
    }
  }
}

interface CliffyStreams {
  readonly reader: {
    read(buffer: Uint8Array): Promise<number | null>;
    setRaw(): void;
    isTerminal(): boolean;
  };
  readonly writer: { writeSync(bytes: Uint8Array): number };
}

interface Pace {
  readonly settle: number | undefined;
  /** Milliseconds after which Cliffy is made to paint again, without a key. */
  readonly tick: number | undefined;
}

function cliffyReader(keys: Keys, { settle, tick }: Pace): CliffyStreams["reader"] {
  let left = new Uint8Array();
  let settled = settle === undefined;
  return {
    // Cliffy would switch the mode around every key; it stays on for the whole prompt.
    setRaw() {},
    isTerminal: () => true,
    async read(buffer) {
      if (!settled) {
        settled = true;
        await keys.discard(settle ?? 0);
      }
      if (left.length === 0) left = new Uint8Array(await keys.read(tick) ?? []);
      const chunk = left.subarray(0, Math.min(keysUntilSubmit(left), buffer.length));
      buffer.set(chunk);
      left = left.subarray(chunk.length);
      return chunk.length;
    },
  };
}

/** What is typed, until a moment. */
class Keys {
  readonly #stdin: InputStream;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  constructor(stdin: InputStream, clock: Clock, signal: AbortSignal) {
    this.#stdin = stdin;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Throws away what is typed for so many milliseconds, and what had been typed before. */
  async discard(milliseconds: number): Promise<void> {
    const end = this.#clock.now() + milliseconds;
    while (this.#clock.now() < end) await this.read(end - this.#clock.now());
  }

  /**
   * Reads what is typed.
   *
   * @returns undefined where nothing is, for so many milliseconds
   * @throws {CliError} at the end of the input
   */
  async read(milliseconds?: number): Promise<Uint8Array | undefined> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const timer = milliseconds === undefined
      ? undefined
      : this.#clock.sleep(milliseconds, signal).then(() => stop.abort(TICK), () => {});
    try {
      const bytes = await this.#stdin.read(signal);
      if (bytes !== null) return bytes;
      throw new CliError("The input ended before the question was answered", {
        exitCode: ExitCode.NobodyToAsk,
      });
    } catch (error) {
      if (error === TICK) return undefined;
      throw error;
    } finally {
      stop.abort();
      await timer;
    }
  }
}

/** Why a read was given up, when it was only for the time. */
const TICK = Symbol("tick");

/** Bytes up to and with the first Enter: Cliffy would hand what follows to no one. */
function keysUntilSubmit(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte === CARRIAGE_RETURN || byte === LINE_FEED);
  return end === -1 ? bytes.length : end + 1;
}

function cliffyWriter(output: OutputStream): CliffyStreams["writer"] {
  const decoder = new TextDecoder();
  return {
    writeSync(bytes) {
      // Made by Cliffy from our own sanitised words and what the person types.
      output.write(sanitizeDrawn(decoder.decode(bytes, { stream: true })));
      return bytes.length;
    },
  };
}
