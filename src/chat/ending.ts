import { CliError, messageOf } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { quoteForShell } from "../config/quote_for_shell.ts";
import { questionsOf } from "../protocol/content.ts";
import type { Frame } from "../protocol/frames.ts";
import { hasFailed, type SessionEnd } from "../protocol/session_end.ts";
import {
  joinSafe,
  type SafeText,
  safeText,
  sanitizeLine,
  spellOutLine,
} from "../render/safe_text.ts";
import type { ConversationEnd, Undone } from "./conversation.ts";
import type { Policy } from "./policy.ts";
import type { Final } from "./transcript.ts";

/** How a conversation's end is told to scripts; its exit code is the program's. */
export function finalOf(end: ConversationEnd, sessionId: string): Final {
  const session = { session_id: sessionId };
  switch (end.type) {
    case "session-end":
      return {
        status: "ended",
        reason: end.end.reason,
        exit_code: hasFailed(end.end) ? ExitCode.SessionFailed : codeFor(end.undone),
        ...session,
      };
    case "turn-end":
      return {
        status: "answered",
        reason: end.failed ? "the turn failed" : "the turn is over",
        exit_code: end.failed ? ExitCode.SessionFailed : ExitCode.Done,
        ...session,
      };
    case "detached":
      return {
        status: "detached",
        reason: end.why ?? "detached",
        exit_code: codeFor(end.undone),
        ...session,
      };
    case "lost":
      return {
        status: "lost",
        reason: end.cause,
        exit_code: ExitCode.ConnectionLost,
        ...session,
      };
    case "doubtful":
      return {
        status: "lost",
        reason: "nobody knows whether the message has arrived",
        exit_code: ExitCode.ConnectionLost,
        ...session,
      };
    case "undecided":
      return {
        status: "undecided",
        reason: "the agent waits for an answer that nobody can give",
        exit_code: ExitCode.NobodyToAsk,
        ...session,
      };
  }
}

function codeFor(undone: Undone | undefined): ExitCode {
  return undone === undefined ? ExitCode.Done : ExitCode.Failure;
}

/** The same of a conversation that broke off with an error. */
export function failureOf(error: unknown, sessionId: string): Final {
  return {
    status: "failed",
    reason: messageOf(error),
    exit_code: error instanceof CliError ? error.exitCode : ExitCode.Failure,
    session_id: sessionId,
  };
}

/** A conversation that broke off with an error; how it ended has been told to scripts. */
export class ConversationError extends CliError {}

/**
 * The error of a conversation that broke off, with the session's id and the way back to it.
 *
 * @param interactive whether the way back is one to talk with the session
 */
export function asConversationError(
  error: unknown,
  sessionId: string,
  interactive: boolean,
): ConversationError {
  const message = messageOf(error);
  const { exitCode, hint } = error instanceof CliError
    ? error
    : { exitCode: ExitCode.Failure, hint: undefined };
  const back = exitCode === ExitCode.NotFound
    ? undefined
    : `To come back: ${wayBack(sessionId, interactive)}`;
  return new ConversationError(
    message.includes(sessionId) ? message : `Left session "${sessionId}": ${message}`,
    {
      exitCode,
      hint: [hint, back].filter((part) => part !== undefined).join(". ") || undefined,
      cause: error,
    },
  );
}

/**
 * The end in words for a person, with the way back.
 *
 * @param interactive whether the way back is one to talk with the session
 * @param policy what was decided beforehand
 */
export function describeEnd(
  end: ConversationEnd,
  final: Final,
  interactive: boolean,
  policy?: Policy,
): SafeText {
  const { session_id: sessionId } = final;
  const id = sanitizeLine(sessionId);
  const reason = sanitizeLine(final.reason);
  const command = sanitizeLine(wayBack(sessionId, interactive));
  const back = safeText`To come back: ${command}`;
  const readAgain = safeText`To read it again: ${sanitizeLine(wayBack(sessionId, false))}`;
  switch (end.type) {
    case "session-end": {
      const how = sessionEndInWords(end.end);
      return safeText`Session ${id} has ended: ${how}${butOf(end.undone)}. ${readAgain}`;
    }
    case "detached": {
      const but = butOf(end.undone);
      return end.why === undefined
        ? safeText`Detached; the session goes on${but}. ${back}`
        : safeText`Detached, because ${reason}; the session goes on${but}. ${back}`;
    }
    case "lost":
      return safeText`Connection lost: ${reason}. ${back}`;
    // Its session was made for this turn, and takes no other.
    case "turn-end":
      return safeText`Session ${id}: ${reason}. ${readAgain}`;
    case "doubtful":
      return safeText`Left session ${id}, because ${reason}. ${back}`;
    case "undecided": {
      const advice = adviceFor(end.request, policy);
      const tool = toolOf(end.request);
      return safeText`Left session ${id}, because ${reason}${tool}; ${advice}. ${back}`;
    }
  }
}

/** The tool that waits for an approval, in words: with --once --quiet nothing else tells of it. */
function toolOf({ type, payload: { tool_name: name } }: Frame): SafeText {
  return type === "tool_approval_request" && typeof name === "string"
    ? safeText` to its use of ${spellOutLine(name)}`
    : safeText``;
}

/** What would have been an answer to a request, in words. */
function adviceFor({ type, payload }: Frame, policy: Policy | undefined): SafeText {
  if (type !== "ask_user_question") {
    return policy?.onApproval === "fail"
      ? safeText`--on-approval fail leaves it open`
      : safeText`--on-approval gives one beforehand`;
  }
  const flags = questionsOf(payload).filter(({ key }) => policy?.answers.has(key) !== true)
    .map(({ key }) => sanitizeLine(`--answer ${quoteForShell(`${key}=TEXT`)}`));
  return flags.length > 1
    ? safeText`${joinSafe(flags, safeText` `)} give them beforehand`
    : safeText`${flags[0] ?? safeText`--answer HEADER=TEXT`} gives one beforehand`;
}

/** What was left undone, in words that go behind others. */
function butOf(undone: Undone | undefined): SafeText {
  switch (undone) {
    case undefined:
      return safeText``;
    case "turn":
      return safeText`, but the agent's turn was not over`;
    case "messages":
      return safeText`, but not all that was said to it is known to have arrived`;
  }
}

function sessionEndInWords({ reason, exitCode }: SessionEnd): SafeText {
  const code = exitCode === undefined ? safeText`` : safeText` (exit_code=${exitCode})`;
  return joinSafe([sanitizeLine(reason), code]);
}

function wayBack(sessionId: string, interactive: boolean): string {
  const flag = interactive ? " --interactive" : "";
  return `limacharlie ai session attach --id ${quoteForShell(sessionId)}${flag}`;
}
