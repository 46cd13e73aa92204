import { safeText } from "../render/safe_text.ts";
import type { Prompter } from "../term/prompter.ts";
import type { AnswerDesk, LineQuestion } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import type { Input } from "./input.ts";
import type { View } from "./view.ts";

/** A person who has said all they wanted, and who can be asked only where there is a terminal. */
export class OnceInput implements Input {
  readonly desk: AnswerDesk;
  readonly #view: View;
  readonly #prompter: Prompter;

  constructor(view: View, prompter: Prompter) {
    this.#view = view;
    this.#prompter = prompter;
    this.desk = {
      isPerson: prompter.available,
      ask: (question) => this.#ask(question),
      edit: (_, signal) => this.#ask({ message: safeText`The input, as JSON on one line`, signal }),
    };
  }

  run(): Promise<void> {
    return Promise.resolve();
  }

  interrupted(conversation: Conversation): void {
    conversation.detach();
  }

  async #ask({ message, careful: _, ...options }: LineQuestion): Promise<string | undefined> {
    if (!this.#prompter.available) {
      this.#view.note(safeText`${message}\n`);
      return undefined;
    }
    using _hold = this.#view.hold();
    return await this.#prompter.input(message, options);
  }
}
