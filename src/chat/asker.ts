import type { Clock } from "../app/deps.ts";
import type { AskUserQuestionResponse, Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import { duration } from "../render/human.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";

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
}

/** Which request this is of how many, and how long there is still to answer, in words. */
export function stateOf({ deadline, place }: AskContext, clock: Clock): SafeText {
  const left = sanitize(duration(Math.max(0, deadline - clock.now())));
  const { number, of } = place();
  return of > 1 ? safeText`${number} of ${of}, ${left} left` : safeText`${left} left`;
}

/** Decides about the agent's requests: a person, or a policy in their place. */
export interface Asker {
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

/** What an asker needs of the place where a person answers. */
export interface AnswerDesk {
  /** Whether a person sits there, to whom things can be explained and asked again. */
  readonly isPerson: boolean;
  /** Asks for one line; undefined where there are no more. */
  ask(question: LineQuestion): Promise<string | undefined>;
  /** Has a text changed; undefined where that was given up. */
  edit(text: string, signal: AbortSignal): Promise<string | undefined>;
}
