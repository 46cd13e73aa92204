import type { Clock } from "../app/deps.ts";
import { safeText } from "../render/safe_text.ts";
import type { Prompter } from "../term/prompter.ts";
import type { Terminal } from "../term/terminal.ts";
import type { AnswerDesk, LineQuestion } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import { Editor, EMPTY_LINE, lineOf } from "./editor.ts";
import { KeyDecoder } from "./keys.ts";
import { readLines } from "./line_reader.ts";
import type { TerminalView, View } from "./view.ts";

/** How long a second Ctrl-C is taken to go with the first. */
const AGAIN_MILLISECONDS = 2_000;

/** How long a question that grants power takes no answer yet. */
const SETTLE_MILLISECONDS = 500;

/** Where a conversation's words come from. */
export interface Input {
  /** Feeds the conversation until the signal is aborted or there is no more. */
  run(conversation: Conversation, signal: AbortSignal): Promise<void>;
  /** What Ctrl-C does. */
  interrupted(conversation: Conversation): void;
  /** Where the agent's requests are answered. */
  readonly desk: AnswerDesk;
}

/** A pipe, or a terminal that is not to be drawn on: whole lines, as they come. */
export class LineInput implements Input {
  readonly #terminal: Terminal;
  readonly #view: View;
  #answer: ((line: string | undefined) => void) | undefined;
  #ended = false;

  constructor(terminal: Terminal, view: View) {
    this.#terminal = terminal;
    this.#view = view;
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    for await (const line of readLines(this.#terminal.stdin, signal)) {
      if (this.#answer === undefined) conversation.submit(line);
      else this.#answer(line);
    }
    this.#ended = true;
    this.#answer?.(undefined);
    conversation.endInput();
  }

  interrupted(conversation: Conversation): void {
    conversation.detach();
  }

  readonly desk: AnswerDesk = {
    isPerson: false,
    ask: (question) => this.#ask(question),
    edit: (_, signal) => this.#ask({ message: safeText`The input, as JSON on one line`, signal }),
  };

  async #ask({ message, signal }: LineQuestion): Promise<string | undefined> {
    this.#view.note(safeText`${message}\n`);
    if (this.#ended) return undefined;
    signal.throwIfAborted();
    try {
      return await new Promise((resolve, reject) => {
        this.#answer = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#answer = undefined;
    }
  }
}

export interface EditorInputOptions {
  readonly terminal: Terminal;
  readonly view: TerminalView;
  readonly prompter: Prompter;
  readonly clock: Clock;
}

/** A person at a terminal, with an input line that stays at the bottom. */
export class EditorInput implements Input {
  readonly #terminal: Terminal;
  readonly #view: TerminalView;
  readonly #prompter: Prompter;
  readonly #clock: Clock;
  readonly #editor = new Editor();
  readonly #decoder = new KeyDecoder();
  #pause: AbortController | undefined;
  #resume: () => void = () => {};
  #resumed: Promise<void> = Promise.resolve();
  #interruptedAt = -Infinity;
  /** Takes the text that is being changed, while one is. */
  #edited: ((text: string | undefined) => void) | undefined;

  constructor({ terminal, view, prompter, clock }: EditorInputOptions) {
    this.#terminal = terminal;
    this.#view = view;
    this.#prompter = prompter;
    this.#clock = clock;
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    const { stdin } = this.#terminal;
    stdin.setRaw(true);
    this.#view.show(this.#editor.line);
    try {
      while (true) {
        await this.#resumed;
        signal.throwIfAborted();
        const pause = this.#pause = new AbortController();
        try {
          const bytes = await stdin.read(AbortSignal.any([signal, pause.signal]));
          if (bytes === null) return conversation.detach();
          this.#press(bytes, conversation);
        } catch (error) {
          if (!pause.signal.aborted || signal.aborted) throw error;
        }
      }
    } finally {
      stdin.setRaw(false);
    }
  }

  /** Clears a line with text, else stops the agent's turn, else, when pressed again, detaches. */
  interrupted(conversation: Conversation): void {
    if (this.#edited !== undefined) return this.#edited(undefined);
    if (conversation.withdrawQuestion()) return;
    if (!this.#editor.isEmpty) {
      this.#editor.replace(EMPTY_LINE);
      this.#view.show(this.#editor.line);
      return;
    }
    const now = this.#clock.now();
    if (now - this.#interruptedAt < AGAIN_MILLISECONDS) return conversation.detach();
    this.#interruptedAt = now;
    if (conversation.isWorking) conversation.interrupt();
    else this.#view.note(safeText`Press Ctrl-C again to leave; the session goes on.\n`);
  }

  readonly desk: AnswerDesk = {
    isPerson: true,
    ask: (question) => this.#ask(question),
    edit: (text, signal) => this.#edit(text, signal),
  };

  /** Asks with a prompt in the place of the input line, which comes back with its draft. */
  async #ask({ message, careful, ...options }: LineQuestion): Promise<string> {
    this.#resumed = new Promise((resolve) => this.#resume = resolve);
    this.#pause?.abort();
    const hold = this.#view.hold();
    try {
      return await this.#prompter.input(message, {
        ...options,
        ...(careful === true ? { settle: SETTLE_MILLISECONDS } : {}),
      });
    } finally {
      this.#terminal.stdin.setRaw(true);
      hold[Symbol.dispose]();
      this.#resume();
    }
  }

  /** Has a text changed in the input line, whose draft comes back afterwards. */
  async #edit(text: string, signal: AbortSignal): Promise<string | undefined> {
    const draft = this.#editor.line;
    this.#editor.replace(lineOf(text));
    this.#view.show(this.#editor.line);
    try {
      return await new Promise((resolve, reject) => {
        this.#edited = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#edited = undefined;
      this.#editor.replace(draft);
      this.#view.show(this.#editor.line);
    }
  }

  #press(bytes: Uint8Array, conversation: Conversation): void {
    for (const key of this.#decoder.decode(bytes)) {
      const action = this.#editor.press(key);
      switch (action.type) {
        case "submitted":
          this.#view.show(this.#editor.line);
          if (this.#edited === undefined) conversation.submit(action.text);
          else this.#edited(action.text);
          break;
        case "clear-screen":
          this.#view.clear();
          break;
        case "end-of-input":
          conversation.detach();
          break;
      }
    }
    this.#view.show(this.#editor.line);
  }
}
