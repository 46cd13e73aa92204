import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { SafeText } from "../render/safe_text.ts";
import type { AskOptions, Choice, Prompter } from "./prompter.ts";
import type { InputStream, OutputStream, Terminal } from "./terminal.ts";

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/**
 * Cliffy's prompts on our reader and writer. On their own they re-render forever at the end of
 * input and end the process on Ctrl-C; here the end of input is an error, and Ctrl-C, which the
 * kernel turns into a signal in cbreak mode, aborts the read.
 */
export class CliffyPrompter implements Prompter {
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;

  constructor(terminal: Terminal, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#signal = signal;
  }

  get available(): boolean {
    return this.#terminal.stdin.isTerminal && this.#output() !== undefined;
  }

  input(
    message: SafeText,
    { signal, ...options }: AskOptions & { readonly default?: string } = {},
  ): Promise<string> {
    return this.#ask(message, signal, async (streams) => {
      const { Input } = await import("@cliffy/prompt/input");
      return await Input.prompt({ message, ...options, ...streams });
    });
  }

  secret(message: SafeText, { signal }: AskOptions = {}): Promise<string> {
    return this.#ask(message, signal, async (streams) => {
      const { Secret } = await import("@cliffy/prompt/secret");
      return await Secret.prompt({ message, hidden: true, ...streams });
    });
  }

  confirm(
    message: SafeText,
    { signal, ...options }: AskOptions & { readonly default?: boolean } = {},
  ): Promise<boolean> {
    return this.#ask(message, signal, async (streams) => {
      const { Confirm } = await import("@cliffy/prompt/confirm");
      return await Confirm.prompt({ message, ...options, ...streams });
    });
  }

  select<T>(
    message: SafeText,
    choices: readonly Choice<T>[],
    { signal }: AskOptions = {},
  ): Promise<T> {
    return this.#ask(message, signal, async (streams) => {
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
    signal: AbortSignal | undefined,
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
    stdin.setRaw(true);
    try {
      return await ask({ reader: cliffyReader(stdin, either), writer: cliffyWriter(output) });
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

function cliffyReader(stdin: InputStream, signal: AbortSignal): CliffyStreams["reader"] {
  let left = new Uint8Array();
  return {
    // Cliffy would switch the mode around every key; it stays on for the whole prompt.
    setRaw() {},
    isTerminal: () => true,
    async read(buffer) {
      if (left.length === 0) {
        const bytes = await stdin.read(signal);
        if (bytes === null) {
          throw new CliError("The input ended before the question was answered", {
            exitCode: ExitCode.NobodyToAsk,
          });
        }
        left = new Uint8Array(bytes);
      }
      const chunk = left.subarray(0, Math.min(keysUntilSubmit(left), buffer.length));
      buffer.set(chunk);
      left = left.subarray(chunk.length);
      return chunk.length;
    },
  };
}

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
      output.write(decoder.decode(bytes, { stream: true }) as SafeText);
      return bytes.length;
    },
  };
}
