import { type Question, questionsOf, stringOr } from "../protocol/content.ts";
import type { AskUserQuestionResponse, Frame } from "../protocol/frames.ts";
import { joinSafe, type SafeText, safeText, spellOut } from "../render/safe_text.ts";
import { type AskContext, stateOf } from "./asker.ts";
import type { PersonOptions } from "./person.ts";

/**
 * Asks the agent's questions in turn; `<` goes back to the one before.
 *
 * @returns undefined where there is nobody to answer
 */
export async function askQuestions(
  { payload }: Frame,
  { desk, view, styles, clock }: PersonOptions,
  context: AskContext,
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
    const heading = styles.question(safeText`Question${place}:`);
    view.print(safeText`${heading} ${inner(question.question)}\n${optionsOf(question)}`);
    const before = answers.get(question.key);
    const answer = await desk.ask({
      message: promptOf(question, index > 0),
      ...(before === undefined ? {} : { default: before }),
      careful: true,
      hint: () => stateOf(context, clock),
      signal: context.signal,
    });
    if (answer === undefined) return undefined;
    if (answer.trim() === "<" && index > 0) {
      index--;
      continue;
    }
    const unclear = desk.isPerson ? whyUnclear(question, answer) : undefined;
    if (unclear !== undefined) {
      view.print(safeText`${unclear}\n`);
      continue;
    }
    const { text, isOption } = chosenAnswer(question, answer, "numbers-first");
    if (isOption && text !== answer.trim()) view.print(safeText`  -> ${oneLine(text)}\n`);
    answers.set(question.key, text);
    index++;
  }
  return {
    question_id: stringOr(payload["question_id"], ""),
    answers: Object.fromEntries(answers),
  };
}

function optionsOf({ options }: Question): SafeText {
  return joinSafe(options.map(({ label, description }, index) => {
    const detail = description === "" ? safeText`` : safeText` - ${inner(description)}`;
    return safeText`  ${index + 1}. ${oneLine(label)}${detail}\n`;
  }));
}

/** Text of the agent's that has lines: all but the first stand in, so that none looks like ours. */
function inner(text: string): SafeText {
  return joinSafe(text.split("\n").map((line) => spellOut(line)), safeText`\n     `);
}

function oneLine(text: string): SafeText {
  return spellOut(text.replaceAll("\n", "\\n"));
}

function promptOf({ options, multiSelect }: Question, canGoBack: boolean): SafeText {
  const back = canGoBack ? safeText` (< goes back)` : safeText``;
  if (options.length === 0) return safeText`Answer${back}`;
  return multiSelect
    ? safeText`Numbers with commas, or text${back}`
    : safeText`Number or text${back}`;
}

/** Why what was typed cannot be meant; undefined where it can. */
function whyUnclear({ options, multiSelect }: Question, answer: string): SafeText | undefined {
  if (answer.trim() === "") return safeText`An answer is needed.`;
  const numbers = (multiSelect ? answer.split(",") : [answer]).map((part) => part.trim())
    .filter((part) => /^\d+$/.test(part));
  const wrong = numbers.find((number) => options[Number(number) - 1] === undefined);
  if (options.length === 0 || wrong === undefined) return undefined;
  return safeText`There is no option ${spellOut(wrong)}; they go from 1 to ${options.length}.`;
}

/** An answer as it is sent. */
export interface ChosenAnswer {
  /** Labels of options, joined by a comma; or what was typed. */
  readonly text: string;
  readonly isOption: boolean;
}

/**
 * The answer that was meant: options by their numbers or labels (several where the question takes
 * several, separated by commas), anything else as it was typed.
 *
 * @param order what a number is that is also a label
 */
export function chosenAnswer(
  { options, multiSelect }: Question,
  answer: string,
  order: "numbers-first" | "labels-first",
): ChosenAnswer {
  const typed = answer.trim();
  const optionOf = (text: string) => {
    const byNumber = /^\d+$/.test(text) ? options[Number(text) - 1] : undefined;
    const byLabel = options.find(({ label }) => label === text) ??
      options.find(({ label }) => label.toLowerCase() === text.toLowerCase());
    return (order === "numbers-first" ? byNumber ?? byLabel : byLabel ?? byNumber)?.label;
  };
  const whole = optionOf(typed);
  if (whole !== undefined) return { text: whole, isOption: true };
  const labels = multiSelect ? typed.split(",").map((part) => optionOf(part.trim())) : [];
  const isOption = labels.length > 0 && labels.every((label) => label !== undefined);
  return { text: isOption ? Array.from(new Set(labels)).join(", ") : typed, isOption };
}
