import { type Question, questionsOf, stringOr } from "../protocol/content.ts";
import type { AskUserQuestionResponse, Frame } from "../protocol/frames.ts";
import { joinSafe, type SafeText, safeText, spellOut } from "../render/safe_text.ts";
import type { AskContext } from "./asker.ts";
import type { PersonOptions } from "./person.ts";

/**
 * Asks the agent's questions in turn; `<` goes back to the one before.
 *
 * @returns undefined where there is nobody to answer
 */
export async function askQuestions(
  { payload }: Frame,
  { desk, view, styles }: PersonOptions,
  { signal }: AskContext,
): Promise<AskUserQuestionResponse | undefined> {
  const questions = questionsOf(payload);
  const answers = new Map<string, string>();
  view.bell();
  for (let index = 0; index < questions.length;) {
    const question = questions[index];
    if (question === undefined) break;
    const place = questions.length > 1
      ? safeText` (${index + 1} of ${questions.length})`
      : safeText``;
    const heading = styles.question(safeText`Question${place}: ${spellOut(question.question)}`);
    view.print(safeText`${heading}\n${optionsOf(question)}`);
    const answer = await desk.ask({ message: promptOf(question, index > 0), signal });
    if (answer === undefined) return undefined;
    if (answer.trim() === "<" && index > 0) {
      index--;
      continue;
    }
    if (answer.trim() === "" && desk.isPerson) {
      view.print(safeText`An answer is needed.\n`);
      continue;
    }
    answers.set(question.key, answerOf(question, answer));
    index++;
  }
  return {
    question_id: stringOr(payload["question_id"], ""),
    answers: Object.fromEntries(answers),
  };
}

function optionsOf({ options }: Question): SafeText {
  return joinSafe(options.map(({ label, description }, index) => {
    const detail = description === "" ? safeText`` : safeText` - ${spellOut(description)}`;
    return safeText`  ${index + 1}. ${spellOut(label)}${detail}\n`;
  }));
}

function promptOf({ options, multiSelect }: Question, canGoBack: boolean): SafeText {
  const back = canGoBack ? safeText` (< goes back)` : safeText``;
  if (options.length === 0) return safeText`Answer${back}`;
  return multiSelect
    ? safeText`Numbers with commas, or text${back}`
    : safeText`Number or text${back}`;
}

/**
 * The answer that was meant: options by their numbers (several where the question takes several,
 * then joined by a comma), anything else as it was typed.
 */
export function answerOf({ options, multiSelect }: Question, answer: string): string {
  const labelOf = (text: string) => {
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    return options[number - 1]?.label;
  };
  const typed = answer.trim();
  if (!multiSelect) return labelOf(typed) ?? typed;
  const labels = typed.split(",").map((part) => labelOf(part.trim()));
  return labels.every((label) => label !== undefined) ? labels.join(", ") : typed;
}
