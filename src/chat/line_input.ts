import type { Clock } from "../app/deps.ts";
import { safeText } from "../render/safe_text.ts";
import type { Terminal } from "../term/terminal.ts";
import type { AnswerDesk, LineQuestion } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import type { Input } from "./input.ts";
import { InterruptKey } from "./interrupt_key.ts";
import { readLines } from "./line_reader.ts";
import type { View } from "./view.ts";

/**
 * Whole lines, as they come: from a pipe, or from a person at a terminal that is not to be drawn
 * on. A line answers the question that is open, else it is said to the agent.
 */
export class LineInput implements Input {
  readonly desk: AnswerDesk;
  readonly #terminal: Terminal;
  readonly #view: View;
  readonly #interruptKey: InterruptKey;
  #answer: ((line: string | undefined) => void) | undefined;
  #ended = false;

  constructor(terminal: Terminal, view: View, clock: Clock) {
    this.#terminal = terminal;
    this.#view = view;
    this.#interruptKey = new InterruptKey(clock, view);
    this.desk = {
      isPerson: terminal.stdin.isTerminal,
      ask: (question) => this.#ask(question),
      edit: (_, signal) => this.#ask({ message: safeText`The input, as JSON on one line`, signal }),
    };
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    for await (const line of readLines(this.#terminal.stdin, signal)) {
      if (this.#answer === undefined) conversation.submit(line);
      else this.#answer(line);
    }
    this.#ended = true;
    this.#answer?.(undefined);
    if (this.desk.isPerson) conversation.detach();
    else conversation.endInput();
  }

  interrupted(conversation: Conversation): void {
    if (this.desk.isPerson) this.#interruptKey.press(conversation);
    else conversation.detach();
  }

  async #ask(question: LineQuestion): Promise<string | undefined> {
    const { message, signal } = question;
    this.#view.note(safeText`${message}\n`);
    if (this.#ended) return undefined;
    signal.throwIfAborted();
    try {
      const line = await new Promise<string | undefined>((resolve, reject) => {
        this.#answer = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      return line === "" ? question.default ?? line : line;
    } finally {
      this.#answer = undefined;
    }
  }
}
