import type { Clock } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { AskUserQuestionResponse, Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import { duration } from "../render/human.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import type { Styles } from "../render/styles.ts";
import type { SheetRow } from "../render/tool_input_sheet.ts";
import type { Prompter } from "../term/prompter.ts";
import { describeTrouble, type LinkTrouble } from "./transport.ts";

/** When a request must be answered by, and who takes it back. */
export interface AskContext {
  /** Unix milliseconds at which the server gives up waiting. */
  readonly deadline: number;
  /** Which of the requests this is that have come together. */
  readonly place: () => { readonly number: number; readonly of: number };
  /** Aborted when an answer is no longer wanted; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Whether it was answered before, by what may never have arrived: only a person asks for that. */
  readonly isAgain: boolean;
  /** What is wrong with the connection; nothing while it is good. */
  readonly linkTrouble: () => LinkTrouble | undefined;
  readonly draft: AnswerDraft;
}

/** What a person has made of a request so far: it is there again when the request is asked again. */
export interface AnswerDraft {
  /** The tool's input with the changes that were made to it; undefined where there are none. */
  input?: unknown;
  /** Why an approval was denied. */
  reason?: string | undefined;
  /** Answers to the questions, by their keys. */
  readonly answers: Map<string, string>;
}

/**
 * How long there is still to answer, and which request this is of how many, or, what matters more,
 * what is wrong with the connection; in words.
 */
export function stateOf({ deadline, place, linkTrouble }: AskContext, clock: Clock): SafeText {
  const now = clock.now();
  const left = sanitize(duration(Math.max(0, deadline - now)));
  const trouble = linkTrouble();
  if (trouble !== undefined) return safeText`${left} left, ${describeTrouble(trouble, now)}`;
  const { number, of } = place();
  return of > 1 ? safeText`${number} of ${of}, ${left} left` : safeText`${left} left`;
}

/** Decides about the agent's requests: a person, or a policy in their place. */
export interface Asker {
  /** Whether a request is shown where it is answered; else the transcript has to. */
  shows(request: Frame): boolean;
  /** @returns `later` where it was put off, undefined where nobody can decide */
  approval(
    request: Frame,
    context: AskContext,
  ): Promise<ToolApprovalResponse | "later" | undefined>;
  /** @returns undefined where nobody can answer */
  questions(request: Frame, context: AskContext): Promise<AskUserQuestionResponse | undefined>;
}

/** How one thing is asked. */
export interface LineQuestion {
  readonly message: SafeText;
  readonly default?: string;
  /** What Ctrl-D on an empty line answers; nothing unless given. */
  readonly ending?: string;
  /** Looked at anew every second while the question is open. */
  readonly hint?: () => SafeText;
  /** Whether keys that were pressed before must not count. */
  readonly careful?: boolean;
  readonly signal: AbortSignal;
}

/** How long a question that grants power takes no answer yet. */
export const SETTLE_MILLISECONDS = 500;

/** What is to be read before an answer counts: its rows, for a screen of so many columns. */
export type Reading = (columns: number) => readonly SheetRow[];

/** How something is read. */
export interface ReadOptions {
  readonly styles: Styles;
  /** Looked at anew every second. */
  readonly hint: () => SafeText;
  readonly signal: AbortSignal;
}

/** How a text is changed. */
export interface EditOptions {
  /** What the text is. */
  readonly what: SafeText;
  /** Looked at anew every second. */
  readonly hint: () => SafeText;
  readonly signal: AbortSignal;
}

/** What an asker needs of the place where a person answers. */
export interface AnswerDesk {
  /** Whether a person sits there, to whom things can be explained and asked again. */
  readonly isPerson: boolean;
  /** Whether a request is shown here; else the transcript shows it. */
  readonly showsRequests: boolean;
  /** Asks for one line; undefined where there are no more. */
  ask(question: LineQuestion): Promise<string | undefined>;
  /**
   * Shows what is to be read, page by page where it does not fit.
   *
   * @returns whether its end was shown; undefined where there is nobody to read it
   */
  show(reading: Reading, options: ReadOptions): Promise<boolean | undefined>;
  /** Has a text changed; undefined where that was given up. */
  edit(text: string, options: EditOptions): Promise<string | undefined>;
}

/** Asks for one line with a prompt; undefined where there is nobody any more to answer it. */
export function askByPrompt(
  prompter: Prompter,
  { message, careful, ...options }: LineQuestion,
): Promise<string | undefined> {
  const settle = careful === true ? { settle: SETTLE_MILLISECONDS } : {};
  return answerOf(prompter.input(message, { ending: "", ...options, ...settle }));
}

/** What a prompt was answered; undefined where there is nobody any more to answer it. */
export async function answerOf<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === ExitCode.NobodyToAsk) return undefined;
    throw error;
  }
}
