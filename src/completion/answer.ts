import { isUnsafe, joinSafe, type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import { oneLine } from "../render/cut.ts";
import { padEndToWidth, truncateToWidth, widthOf } from "../render/width.ts";
import type { Candidate, Completion } from "./candidate.ts";
import type { Line } from "./complete.ts";
import {
  decodePowerShellWord,
  decodeWord,
  quoteForBash,
  quoteForPowerShell,
  splitLine,
} from "./shell_words.ts";

/** What a shell asks: what a line may become, and how it wants the answer. */
export interface Question extends Line {
  /** Whether the word at the cursor is a file that the shell itself reads or writes. */
  readonly redirected: boolean;
  /** Makes the lines that the shell's script reads. */
  readonly answer: (completion: Completion) => SafeText;
}

/** Reads what a shell's script asks, its name first; undefined where that is no question. */
export function readQuestion(args: readonly string[]): Question | undefined {
  const [shell, ...rest] = args;
  switch (shell) {
    case "bash":
      return readBashQuestion(rest);
    case "zsh": {
      const [columns, ...line] = rest;
      const answer = (completion: Completion) => answerZsh(completion, widthFrom(columns));
      return { ...readLine(line), redirected: false, answer };
    }
    case "fish": {
      // It shows its scripts nothing of what stands behind the cursor.
      const line = readLine([String(rest.length - 1), ...rest]);
      const current = decodeWord(line.current, "fish").text;
      const answer = (completion: Completion) => answerFish(completion, current);
      return { ...line, current, redirected: false, answer };
    }
    case "powershell": {
      const line = readLine(rest);
      // There is a sign before the word: some versions lose an empty argument.
      const current = decodePowerShellWord(line.current.slice(1));
      const answer = (completion: Completion) => answerPowerShell(completion, current);
      return { ...line, current, redirected: false, answer };
    }
    default:
      return undefined;
  }
}

/** The words of a line; the first argument says how many of them are before the cursor. */
function readLine([count, ...line]: readonly string[]): Line {
  const before = Number(count) || 0;
  return {
    words: line.slice(0, before),
    current: line[before] ?? "",
    behind: line.slice(before + 1),
  };
}

/** How bash says that it only lists candidates, and changes nothing but what all have in common. */
const LISTING = ["33", "63", "64"];

/** What a bash that has no COMP_TYPE gives in its place: it adds no space behind a whole word. */
const WITHOUT_SPACE = "plain";

/**
 * bash gives COMP_TYPE, the columns of its terminal, the part of the word that it will replace, and
 * its line up to the cursor, and from there on. Which part that is depends on COMP_WORDBREAKS; where
 * a quote is open, it is all behind that, though functions that complete behind another command
 * (`sudo`) give the quote too.
 */
function readBashQuestion(
  [type = "", columns, replaced = "", line = "", rest = ""]: string[],
): Question {
  const { words, raw, redirected, behind } = splitLine(line, rest);
  const { text: current, quote, quotedFrom } = decodeWord(raw);
  const answer = (completion: Completion) => {
    if (!raw.endsWith(replaced)) return linesOf({}, []);
    const kept = quote === "" ? raw.length - replaced.length : quotedFrom;
    const before = decodeWord(raw.slice(0, kept));
    const entries = usable(completion.candidates).flatMap(({ value, description }) => {
      if (!value.startsWith(current) || !value.startsWith(before.text)) return [];
      const text = quoteForBash(value.slice(before.text.length), before.quote);
      return text === undefined ? [] : [{ text: sanitize(text), description }];
    });
    if (type === WITHOUT_SPACE) {
      const end = completion.open === true || before.quote !== "" ? safeText`` : safeText` `;
      return linesOf(completion, entries.map(({ text }) => safeText`${text}${end}`));
    }
    const lists = LISTING.includes(type) && entries.length > 1;
    if (!lists) return linesOf(completion, entries.map(({ text }) => text));
    const width = widthFrom(columns);
    // What is wider than half of the terminal has a line to itself.
    const shown = described(entries, safeText`  `, width)
      .map((line) => padEndToWidth(line, Math.floor(width / 2) + 1));
    return linesOf(completion, shown);
  };
  return { words, current, behind, redirected, answer };
}

/** Columns of a terminal, as a shell says them. */
function widthFrom(columns: string | undefined): number {
  const width = Number(columns);
  return width >= 20 ? width : 80;
}

/** Candidates with their descriptions in a column of their own, within the width of a terminal. */
function described(entries: readonly Shown[], separator: SafeText, width: number): SafeText[] {
  const column = Math.min(Math.max(0, ...entries.map(({ text }) => widthOf(text))), width - 20);
  return entries.map(({ text, description }) =>
    description === "" || widthOf(text) > column ? text : truncateToWidth(
      safeText`${padEndToWidth(text, column)}${separator}${description}`,
      width - 2,
    )
  );
}

/** For zsh: the candidate, a tab, the line that is shown for it. */
function answerZsh(completion: Completion, width: number): SafeText {
  const entries = usable(completion.candidates).map((each) => ({
    ...each,
    text: sanitize(each.value),
  }));
  const shown = described(entries, safeText`  -- `, width);
  const lines = entries.map(({ text }, index) => safeText`${text}\t${shown[index] ?? text}`);
  return linesOf(completion, lines);
}

/**
 * For fish: the candidate, a tab, what it is. Like it, this takes a word for meant that has all the
 * characters of what is typed in their order; but it would look for them in descriptions too.
 */
function answerFish(completion: Completion, current: string): SafeText {
  const lines = usable(completion.candidates).filter(({ value }) => hasInOrder(value, current))
    .map(({ value, description }) => safeText`${sanitize(value)}\t${description}`);
  return linesOf(completion, lines);
}

/** Whether a text has all the characters of another one in their order, in either case. */
function hasInOrder(text: string, wanted: string): boolean {
  const characters = Array.from(wanted.toLowerCase());
  let found = 0;
  for (const character of text.toLowerCase()) {
    if (character === characters[found]) found++;
  }
  return found === characters.length;
}

/** For PowerShell: what to insert, what to list, what it is; separated by tabs. */
function answerPowerShell(completion: Completion, current: string): SafeText {
  const lines = usable(completion.candidates).filter(({ value }) => value.startsWith(current))
    .map(({ value, description }) => {
      const shown = sanitize(value);
      const text = sanitize(quoteForPowerShell(value));
      // A tooltip must not be empty.
      return safeText`${text}\t${shown}\t${description === "" ? shown : description}`;
    });
  return linesOf(completion, lines);
}

/** The lines of an answer, behind the first one, which says what else the shell is to do. */
function linesOf({ files, open }: Partial<Completion>, lines: readonly SafeText[]): SafeText {
  const words = [...(files ? [safeText`files`] : []), ...(open ? [safeText`open`] : [])];
  const first = safeText`:${joinSafe(words, safeText` `)}`;
  return joinSafe([first, ...lines].map((line) => safeText`${line}\n`));
}

/** A candidate as it is listed. */
interface Shown {
  readonly text: SafeText;
  readonly description: SafeText;
}

interface Usable {
  readonly value: string;
  readonly description: SafeText;
}

/**
 * Candidates that can stand on a command line, each once: not those that a terminal would act on,
 * nor those that a script would not read as one.
 */
function usable(candidates: readonly Candidate[]): Usable[] {
  const values = new Map<string, Usable>();
  for (const { value, description = "" } of candidates) {
    if (value === "" || isUnsafe(value) || /[\t\n]/.test(value) || values.has(value)) continue;
    values.set(value, { value, description: sanitize(oneLine(description)) });
  }
  return [...values.values()];
}
