import { CliError, messageOf } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { hasFailed } from "../protocol/session_end.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import type { ConversationEnd } from "./conversation.ts";
import type { Final } from "./transcript.ts";

/** How a conversation's end is told to scripts; its exit code is the program's. */
export function finalOf(end: ConversationEnd, sessionId: string): Final {
  const session = { session_id: sessionId };
  switch (end.type) {
    case "session-end":
      return {
        status: "ended",
        reason: end.end.reason,
        exit_code: hasFailed(end.end) ? ExitCode.SessionFailed : ExitCode.Done,
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
      return { status: "detached", reason: "detached", exit_code: ExitCode.Done, ...session };
    case "lost":
      return {
        status: "lost",
        reason: end.cause,
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

/** The same of a conversation that broke off with an error. */
export function failureOf(error: unknown, sessionId: string): Final {
  return {
    status: "failed",
    reason: messageOf(error),
    exit_code: error instanceof CliError ? error.exitCode : ExitCode.Failure,
    session_id: sessionId,
  };
}

/** The end in words for a person, with the way back where there is one. */
export function describeEnd(
  end: ConversationEnd,
  final: Final,
  interactive: boolean,
): SafeText {
  const id = sanitize(final.session_id);
  const reason = sanitize(final.reason);
  const flag = interactive ? safeText` --interactive` : safeText``;
  const back = safeText`To come back: limacharlie ai session attach --id ${id}${flag}`;
  switch (end.type) {
    case "session-end":
      return end.shown
        ? safeText`Session ${id} has ended.`
        : safeText`Session ${id} has ended: ${reason}.`;
    case "detached":
      return safeText`Detached; the session goes on. ${back}`;
    case "lost":
      return safeText`Connection lost: ${reason}. ${back}`;
    case "turn-end":
      return safeText`Session ${id}: ${reason}.`;
    case "undecided":
      return safeText`Left session ${id}, because ${reason}. ${back}`;
  }
}
