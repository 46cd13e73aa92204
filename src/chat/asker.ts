import { type Question, questionsOf, stringOr } from "../protocol/content.ts";
import type { AskUserQuestionResponse, Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import { indent } from "../render/frames.ts";
import { joinSafe, type SafeText, safeText, spellOut } from "../render/safe_text.ts";
import type { Styles } from "../render/styles.ts";
import type { View } from "./view.ts";

/** Asks one thing in one line, and gives what was answered; undefined where nobody can answer. */
export type Ask = (
  message: SafeText,
  options: { readonly default?: string; readonly signal: AbortSignal },
) => Promise<string | undefined>;

export interface AskerOptions {
  readonly view: View;
  readonly styles: Styles;
  readonly ask: Ask;
}

/** Puts the agent's requests before a person, one line of answer at a time. */
export class Asker {
  readonly #view: View;
  readonly #styles: Styles;
  readonly #ask: Ask;

  constructor({ view, styles, ask }: AskerOptions) {
    this.#view = view;
    this.#styles = styles;
    this.#ask = ask;
  }

  /**
   * Asks whether a tool may run. Its whole input is shown, with whatever could deceive spelled out;
   * anything but a yes is a no.
   *
   * @returns undefined where nobody can answer
   */
  async approval(request: Frame, signal: AbortSignal): Promise<ToolApprovalResponse | undefined> {
    const { payload } = request;
    const tool = spellOut(stringOr(payload["tool_name"], "(unnamed)").replaceAll("\n", "\\n"));
    const input = JSON.stringify(payload["tool_input"] ?? {}, null, 2);
    this.#view.print(joinSafe([
      safeText`${this.#styles.approval(safeText`Tool approval requested: ${tool}`)}\n`,
      indent(spellOut(input)),
    ]));
    const answer = await this.#ask(safeText`Approve ${tool}? [y/n/session]`, {
      default: "n",
      signal,
    });
    if (answer === undefined) return undefined;
    const decision = decisionOf(answer);
    if (decision === "no") return denial(request);
    return {
      tool_use_id: stringOr(payload["tool_use_id"], ""),
      approved: true,
      approval_scope: decision,
    };
  }

  /**
   * Asks the agent's questions in turn.
   *
   * @returns undefined where nobody can answer
   */
  async questions(
    { payload }: Frame,
    signal: AbortSignal,
  ): Promise<AskUserQuestionResponse | undefined> {
    const answers: Record<string, string> = {};
    for (const question of questionsOf(payload)) {
      this.#view.print(this.#describe(question));
      const answer = await this.#ask(promptOf(question), { signal });
      if (answer === undefined) return undefined;
      answers[question.key] = answerOf(question, answer);
    }
    return { question_id: stringOr(payload["question_id"], ""), answers };
  }

  #describe({ question, options }: Question): SafeText {
    const lines = options.map(({ label, description }, index) => {
      const detail = description === "" ? safeText`` : safeText` - ${spellOut(description)}`;
      return safeText`  ${index + 1}. ${spellOut(label)}${detail}\n`;
    });
    const heading = this.#styles.question(safeText`Question: ${spellOut(question)}`);
    return joinSafe([safeText`${heading}\n`, ...lines]);
  }
}

/** The no to an approval request. */
export function denial({ payload }: Frame): ToolApprovalResponse {
  return {
    tool_use_id: stringOr(payload["tool_use_id"], ""),
    approved: false,
    approval_scope: "once",
    message: "Denied by the operator",
  };
}

type Decision = "once" | "session" | "no";

function decisionOf(answer: string): Decision {
  switch (answer.trim().toLowerCase()) {
    case "y":
    case "yes":
      return "once";
    case "s":
    case "session":
      return "session";
    default:
      return "no";
  }
}

function promptOf({ options, multiSelect }: Question): SafeText {
  if (options.length === 0) return safeText`Answer`;
  return multiSelect ? safeText`Numbers, separated by commas, or text` : safeText`Number or text`;
}

/**
 * The answer that was meant: options by their numbers (several where the question takes several,
 * then joined by a comma), anything else as it was typed.
 */
function answerOf({ options, multiSelect }: Question, answer: string): string {
  const labelOf = (text: string) => {
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    return options[number - 1]?.label;
  };
  const typed = answer.trim();
  if (!multiSelect) return labelOf(typed) ?? typed;
  const labels = typed.split(",").map((part) => labelOf(part.trim()));
  return labels.every((label) => label !== undefined) ? labels.join(", ") : typed;
}
