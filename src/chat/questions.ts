import { type Question, questionsOf, stringOr } from "../protocol/content.ts";
import type { AskUserQuestionResponse, Frame } from "../protocol/frames.ts";
import { type SafeText, safeText, sanitize, spellOut, spellOutLine } from "../render/safe_text.ts";
import type { RowOptions } from "../render/tool_input_rows.ts";
import type { SheetRow } from "../render/tool_input_sheet.ts";
import { inHangingRows } from "../render/break_lines.ts";
import { wrapToWidth } from "../render/width.ts";
import { type AskContext, stateOf } from "./asker.ts";
import type { PersonOptions } from "./person.ts";
import { printRows } from "./reading.ts";

/** Columns that an option's text stands in, behind its number. */
const OPTION_INDENT = 6;

/** Columns that the further rows of a question stand in. */
const QUESTION_INDENT = 2;

/** The narrowest column of text. */
const LEAST_COLUMNS = 10;

/**
 * Asks the agent's questions in turn; `<` goes back to the one before.
 *
 * @returns undefined where there is nobody to answer
 */
export async function askQuestions(
  { payload }: Frame,
  person: PersonOptions,
  context: AskContext,
): Promise<AskUserQuestionResponse | undefined> {
  const { view } = person;
  const questions = questionsOf(payload);
  const { answers } = context.draft;
  view.bell();
  for (let index = 0; index < questions.length;) {
    const question = questions[index];
    if (question === undefined) break;
    const place = questions.length > 1 ? ` (${index + 1} of ${questions.length})` : "";
    const before = answers.get(question.key);
    const answer = await askOne(question, { person, context, place, before, canGoBack: index > 0 });
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      index--;
      continue;
    }
    answers.set(question.key, answer);
    index++;
  }
  return {
    question_id: stringOr(payload["question_id"], ""),
    answers: Object.fromEntries(answers),
  };
}

/** Why there is no answer: the question before is to be answered anew. */
const BACK = Symbol("back");

async function askOne(
  question: Question,
  { person, context, place, before, canGoBack }: {
    readonly person: PersonOptions;
    readonly context: AskContext;
    /** Which one of how many it is, in words. */
    readonly place: string;
    /** What it was answered before. */
    readonly before: string | undefined;
    readonly canGoBack: boolean;
  },
): Promise<string | typeof BACK | undefined> {
  const { desk, view, styles, clock, columns } = person;
  const { signal } = context;
  const hint = () => stateOf(context, clock);
  const reading = (width: number) => rowsOf(question, place, { styles, columns: width });
  if (!desk.showsRequests) printRows(view, reading(COLUMNS_OF_A_PIPE));
  else if (await desk.show(reading, { styles, hint, signal }) === undefined) return undefined;
  while (true) {
    const answer = await desk.ask({
      message: promptOf(question, canGoBack),
      ...(before === undefined ? {} : { default: offered(question, before) }),
      careful: true,
      hint,
      signal,
    });
    if (answer === undefined) return undefined;
    if (answer.trim() === "<" && canGoBack) return BACK;
    const unclear = desk.isPerson ? whyUnclear(question, answer) : undefined;
    if (unclear !== undefined) {
      view.print(inHangingRows(unclear, columns()));
      continue;
    }
    const { text, isOption } = chosenAnswer(question, answer, "numbers-first");
    if (isOption && text !== answer.trim()) {
      view.print(inHangingRows(safeText`  -> ${spellOutLine(text)}`, columns()));
    }
    return text;
  }
}

const COLUMNS_OF_A_PIPE = 80;

/** A question and its options, so that no row of the agent's words begins where ours do. */
function rowsOf(
  { question, options }: Question,
  place: string,
  { styles, columns }: RowOptions,
): SheetRow[] {
  const heading = wrap(`Question${place}: ${question}`, columns - QUESTION_INDENT);
  const rows = heading.map((row, index) => ({
    text: styles.question(index === 0 ? row : safeText`${blanks(QUESTION_INDENT)}${row}`),
    line: 0,
  }));
  options.forEach(({ label, description }, index) => {
    const words = description === "" ? oneLine(label) : `${oneLine(label)} - ${description}`;
    const number = sanitize(`  ${index + 1}.`.padEnd(OPTION_INDENT));
    wrap(words, columns - OPTION_INDENT).forEach((row, part) => {
      const lead = part === 0 ? number : blanks(OPTION_INDENT);
      rows.push({ text: safeText`${lead}${row}`, line: index + 1 });
    });
  });
  return rows;
}

/** Text of the agent's, in rows of less than so many columns. */
function wrap(text: string, columns: number): SafeText[] {
  const width = Math.max(columns - 1, LEAST_COLUMNS);
  return text.replaceAll("\t", "    ").split("\n")
    .flatMap((line) => wrapToWidth(spellOut(line), width));
}

function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

function blanks(count: number): SafeText {
  return sanitize(" ".repeat(count));
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

/** What is to be typed for an answer as it was sent: its label, or its number where labels are numbers. */
function offered(question: Question, answer: string): string {
  const isRead = chosenAnswer(question, answer, "numbers-first").text === answer;
  return isRead ? answer : answer.split(", ").map((part) => {
    const index = question.options.findIndex(({ label }) => label === part);
    return index === -1 ? part : String(index + 1);
  }).join(", ");
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
