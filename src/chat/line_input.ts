import type { Clock } from "../app/deps.ts";
import { inHangingRows } from "../render/break_lines.ts";
import { safeText, spellOutLine } from "../render/safe_text.ts";
import type { Terminal } from "../term/terminal.ts";
import { type AnswerDesk, type LineQuestion, SETTLE_MILLISECONDS } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import type { Input } from "./input.ts";
import { InterruptKey } from "./interrupt_key.ts";
import { readLines } from "./line_reader.ts";
import { editInOneLine, readInLines } from "./reading.ts";
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
  readonly #clock: Clock;
  #open: OpenQuestion | undefined;
  #ended = false;

  constructor(terminal: Terminal, view: View, clock: Clock) {
    this.#terminal = terminal;
    this.#view = view;
    this.#clock = clock;
    this.#interruptKey = new InterruptKey(clock, view);
    this.desk = {
      isPerson: terminal.stdin.isTerminal,
      showsRequests: terminal.stdin.isTerminal,
      ask: (question) => this.#ask(question),
      show: async (reading, options) => {
        if (!this.desk.isPerson) return true;
        const ask = (question: LineQuestion) => this.#ask(question);
        return await readInLines(reading, options, { view, size: () => terminal.size(), ask });
      },
      edit: (_, options) => editInOneLine(options, (question) => this.#ask(question)),
    };
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    for await (const line of readLines(this.#terminal.stdin, signal)) {
      if (!this.#takeAnswer(line)) conversation.submit(line);
    }
    // Ctrl-D means no; a terminal can be read on.
    if (this.desk.isPerson && this.#open !== undefined) {
      this.#open.end();
      return await this.run(conversation, signal);
    }
    this.#ended = true;
    this.#open?.answer(undefined);
    if (this.desk.isPerson) conversation.detach();
    else conversation.endInput();
  }

  interrupted(conversation: Conversation): void {
    if (!this.desk.isPerson) return conversation.detach();
    // Behind the "^C" that a terminal echoes.
    this.#view.note(safeText`\n`);
    this.#interruptKey.press(conversation);
  }

  /** Whether a line was taken by the question that is open. */
  #takeAnswer(line: string): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    if (this.#clock.now() >= open.from) open.answer(line);
    else {
      const words = spellOutLine(line);
      this.#view.note(safeText`Typed before the question could be read, and no answer: ${words}\n`);
    }
    return true;
  }

  async #ask(question: LineQuestion): Promise<string | undefined> {
    const { message, hint, careful, signal } = question;
    const { isPerson } = this.desk;
    const fallback = question.default ?? "";
    const choice = isPerson && fallback !== ""
      ? safeText` (${spellOutLine(fallback)})`
      : safeText``;
    const state = isPerson && hint !== undefined ? safeText`, ${hint()}` : safeText``;
    const words = safeText`${message}${choice}${state}`;
    this.#view.note(inHangingRows(words, isPerson ? this.#terminal.size().columns : Infinity));
    if (this.#ended) return undefined;
    signal.throwIfAborted();
    const settle = isPerson && careful === true ? SETTLE_MILLISECONDS : 0;
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.#open = {
          answer: (line) => resolve(line === "" ? fallback : line),
          end: () => resolve(question.ending ?? ""),
          from: this.#clock.now() + settle,
        };
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#open = undefined;
    }
  }
}

interface OpenQuestion {
  readonly answer: (line: string | undefined) => void;
  /** Ctrl-D. */
  readonly end: () => void;
  /** Unix milliseconds, from which on a line is an answer. */
  readonly from: number;
}
