import type { Prompter } from "../term/prompter.ts";
import type { Size } from "../term/terminal.ts";
import { type AnswerDesk, askByPrompt, type LineQuestion } from "./asker.ts";
import type { Input } from "./input.ts";
import { editInOneLine, readInLines } from "./reading.ts";
import type { View } from "./view.ts";

/** A person who has said all they wanted, and who can be asked only where there is a terminal. */
export class OnceInput implements Input {
  readonly desk: AnswerDesk;
  readonly #view: View;
  readonly #prompter: Prompter;

  /** @param canAsk whether there is someone to wait for */
  constructor(view: View, prompter: Prompter, canAsk: boolean, size: () => Size) {
    this.#view = view;
    this.#prompter = prompter;
    this.desk = {
      isPerson: canAsk,
      showsRequests: canAsk,
      ask: (question) => this.#ask(question),
      show: async (reading, options) => {
        if (!canAsk) return undefined;
        const ask = (question: LineQuestion) => this.#ask(question);
        return await readInLines(reading, options, { view, size, ask });
      },
      edit: (_, options) => editInOneLine(options, (question) => this.#ask(question)),
    };
  }

  run(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(question: LineQuestion): Promise<string | undefined> {
    if (!this.desk.isPerson) return undefined;
    using _hold = this.#view.hold();
    return await askByPrompt(this.#prompter, question);
  }
}
