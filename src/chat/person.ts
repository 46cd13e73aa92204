import type { Clock } from "../app/deps.ts";
import type { Frame } from "../protocol/frames.ts";
import type { Styles } from "../render/styles.ts";
import { ApprovalDialog } from "./approval.ts";
import type { AnswerDesk, AskContext, Asker } from "./asker.ts";
import { askQuestions } from "./questions.ts";
import type { View } from "./view.ts";

export interface PersonOptions {
  readonly view: View;
  readonly styles: Styles;
  readonly desk: AnswerDesk;
  readonly clock: Clock;
  /** Columns that a line of ours may fill before it is broken. */
  readonly columns: () => number;
}

/** Puts the agent's requests before a person. */
export class Person implements Asker {
  readonly #options: PersonOptions;

  constructor(options: PersonOptions) {
    this.#options = options;
  }

  shows(): boolean {
    return this.#options.desk.showsRequests;
  }

  approval(request: Frame, context: AskContext) {
    return new ApprovalDialog(request, this.#options, context).run();
  }

  questions(request: Frame, context: AskContext) {
    return askQuestions(request, this.#options, context);
  }
}
