import { SessionStream } from "../api/session_stream.ts";
import type { Deps } from "../app/deps.ts";
import { CliError, messageOf, usageError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { Service } from "../app/service.ts";
import { usesColor } from "../app/uses_color.ts";
import { hasFailed } from "../protocol/session_end.ts";
import { safeText, sanitize } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import { Conversation, type ConversationEnd } from "./conversation.ts";
import { EditorInput, type Input, LineInput } from "./input.ts";
import { Person } from "./person.ts";
import {
  type Final,
  JsonlTranscript,
  RawTranscript,
  RenderedTranscript,
  type Transcript,
} from "./transcript.ts";
import { PlainView, TerminalView, type View } from "./view.ts";

export interface ConversationFlags {
  readonly sessionId: string;
  readonly readOnly: boolean;
  /** Send what is typed, and ask the person what the agent asks. */
  readonly interactive: boolean;
  readonly showHistory: boolean;
  readonly raw: boolean;
  readonly verbose: boolean;
  /** Sent first. */
  readonly prompt?: string;
  /** Whether the session is gone with this process, so that there is no way back to it. */
  readonly transient?: boolean;
}

/**
 * Attaches to a session and holds a conversation, or watches one, until it ends or is left.
 *
 * @param makeInput where the words come from, in place of stdin
 * @returns the exit code; how it ended has been said on stderr
 * @throws {CliError} when the session cannot be attached to
 */
export async function holdConversation(
  deps: Deps,
  service: Service,
  flags: ConversationFlags,
  makeInput?: (view: View) => Input,
): Promise<ExitCode> {
  const { terminal, clock, network } = deps;
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const stream = new SessionStream({
    sessionId: flags.sessionId,
    readOnly: flags.readOnly,
    aiUrl: service.aiUrl,
    token: service.token,
    userSessions: service.userSessions,
    orgSessions: service.orgSessions,
    network,
    clock,
    signal,
  });
  const view = chooseView(deps, flags);
  const transcript = chooseTranscript(deps, flags, view);
  const input = makeInput?.(view) ?? chooseInput(deps, flags, view);
  const styles = makeStyles(usesColor(deps));
  let reading: Promise<void> = Promise.resolve();
  const conversation = new Conversation({
    sessionId: flags.sessionId,
    stream,
    transcript,
    clock,
    outputReady: () => terminal.stdout.ready(),
    ...(flags.prompt === undefined ? {} : { prompt: flags.prompt }),
    ...(input === undefined
      ? {}
      : { asker: new Person({ view, styles, desk: input.desk, clock, size: terminal.size }) }),
    onAttached(canSend) {
      if (canSend && input !== undefined) reading = input.run(conversation, stop.signal);
    },
  });
  using _interrupts = deps.onInterrupt(() =>
    input === undefined ? conversation.detach() : input.interrupted(conversation)
  );
  // A reader that goes away (`| head`) ends the program quietly.
  void terminal.stdout.closed.then(() => conversation.detach());
  let end: ConversationEnd;
  try {
    end = await conversation.run();
  } catch (error) {
    transcript.final(failureOf(error, flags.sessionId));
    throw error;
  } finally {
    stop.abort(new Error("The conversation is over"));
    await reading.catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
    if (view instanceof TerminalView) view[Symbol.dispose]();
  }
  const final = finalOf(end, flags.sessionId);
  tell(end, final, flags, stream.skipped, transcript);
  transcript.final(final);
  return final.exit_code;
}

/** Whether an input line can be kept at the bottom of the screen. */
function canDraw({ env, terminal, flags }: Deps, { interactive, raw }: ConversationFlags): boolean {
  return interactive && !raw && flags.output === undefined && terminal.stdin.isTerminal &&
    terminal.stdout.isTerminal && env.get("TERM") !== "dumb" && !env.get("ACCESSIBLE");
}

function chooseView(deps: Deps, flags: ConversationFlags): View {
  return canDraw(deps, flags) ? new TerminalView(deps.terminal) : new PlainView(deps.terminal);
}

function chooseTranscript(deps: Deps, flags: ConversationFlags, view: View): Transcript {
  const { output, quiet } = deps.flags;
  if (flags.raw) return new RawTranscript(view, quiet);
  if (output === "jsonl") return new JsonlTranscript(view);
  if (output !== undefined) {
    throw usageError(
      `A live stream cannot be printed as ${output}`,
      "Use -o jsonl, --raw, or none of them",
    );
  }
  return new RenderedTranscript(view, {
    styles: makeStyles(usesColor(deps)),
    verbose: flags.verbose,
    showHistory: flags.showHistory,
    quiet,
  });
}

function chooseInput(deps: Deps, flags: ConversationFlags, view: View): Input | undefined {
  if (!flags.interactive) return undefined;
  const { terminal, prompter, clock } = deps;
  return view instanceof TerminalView
    ? new EditorInput({ terminal, view, prompter, clock })
    : new LineInput(terminal, view);
}

function finalOf(end: ConversationEnd, sessionId: string): Final {
  switch (end.type) {
    case "session-end": {
      const exitCode = hasFailed(end.end) ? ExitCode.SessionFailed : ExitCode.Done;
      return {
        status: "ended",
        reason: end.end.reason,
        exit_code: exitCode,
        session_id: sessionId,
      };
    }
    case "detached":
      return {
        status: "detached",
        reason: "detached",
        exit_code: ExitCode.Done,
        session_id: sessionId,
      };
    case "lost":
      return {
        status: "lost",
        reason: end.cause,
        exit_code: ExitCode.ConnectionLost,
        session_id: sessionId,
      };
    case "undecided":
      return {
        status: "undecided",
        reason: "the agent waits for an answer that nobody can give",
        exit_code: ExitCode.NobodyToAsk,
        session_id: sessionId,
      };
  }
}

function failureOf(error: unknown, sessionId: string): Final {
  return {
    status: "failed",
    reason: messageOf(error),
    exit_code: error instanceof CliError ? error.exitCode : ExitCode.Failure,
    session_id: sessionId,
  };
}

/** Says on stderr how it ended and how to come back. */
function tell(
  end: ConversationEnd,
  final: Final,
  flags: ConversationFlags,
  skipped: number,
  transcript: Transcript,
): void {
  const id = sanitize(flags.sessionId);
  if (skipped > 0) {
    transcript.notice(safeText`${skipped} frames were not JSON and were skipped.`);
  }
  if (end.type === "session-end") {
    const known = end.shown ? safeText`` : safeText`: ${sanitize(final.reason)}`;
    transcript.notice(safeText`Session ${id} has ended${known}.`);
    return;
  }
  if (flags.transient === true) return;
  const what = end.type === "detached"
    ? safeText`Detached; the session goes on.`
    : end.type === "lost"
    ? safeText`Connection lost: ${sanitize(final.reason)}.`
    : safeText`Left, because ${sanitize(final.reason)}.`;
  const interactive = flags.interactive ? safeText` --interactive` : safeText``;
  transcript.notice(
    safeText`${what} To come back: limacharlie ai session attach --id ${id}${interactive}`,
  );
}
