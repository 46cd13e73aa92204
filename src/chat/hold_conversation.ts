import { SessionStream } from "../api/session_stream.ts";
import type { Deps, Service } from "../app/deps.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { Recording } from "../recording/recording.ts";
import { safeText } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import { columnsOf } from "../term/columns_of.ts";
import { usesColor } from "../term/uses_color.ts";
import type { Asker } from "./asker.ts";
import { Conversation, type ConversationEnd } from "./conversation.ts";
import { asConversationError, describeEnd, failureOf, finalOf } from "./ending.ts";
import { FoldedResults } from "./folded_results.ts";
import type { Input } from "./input.ts";
import { Person } from "./person.ts";
import { type Policy, PolicyAsker } from "./policy.ts";
import { runSlashCommand } from "./slash_actions.ts";
import { chooseInput, chooseProgress, chooseTranscript, chooseView } from "./surroundings.ts";
import { TerminalView } from "./terminal_view.ts";
import { RenderedTranscript } from "./transcript.ts";
import { asideOf, type View } from "./view.ts";

/** What is to be done with a session; all but its id may be left out. */
export interface ConversationFlags {
  readonly sessionId: string;
  readonly readOnly?: boolean | undefined;
  /** Send what is typed, and ask the person what the agent asks. */
  readonly interactive?: boolean | undefined;
  /** Show what was said before; true unless it is given. */
  readonly showHistory?: boolean | undefined;
  readonly raw?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** Append plain lines: no input line, no Markdown, no folding. */
  readonly plain?: boolean | undefined;
  /** Decides what the agent asks, before anybody is asked. */
  readonly policy?: Policy | undefined;
  /** Sent first. */
  readonly prompt?: string | undefined;
  /** End with the agent's first turn. */
  readonly once?: boolean | undefined;
  /** US dollars that the session may cost, where that is known. */
  readonly budget?: number | undefined;
  /** Gets everything that comes, and everything that is sent. */
  readonly recording?: Recording | undefined;
  /** Milliseconds for which a lost connection is dialled again. */
  readonly reconnectTimeout?: number | undefined;
  /** Whether the session is gone with this process, so that there is no way back to it. */
  readonly transient?: boolean | undefined;
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
  const { sessionId, prompt, budget, policy } = flags;
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const stream = new SessionStream({
    sessionId,
    readOnly: flags.readOnly === true,
    aiUrl: service.aiUrl,
    token: service.token,
    userSessions: service.userSessions,
    orgSessions: service.orgSessions,
    network,
    clock,
    signal,
    reconnectTimeout: flags.reconnectTimeout,
  });
  const view = chooseView(deps, flags);
  using _screen = view instanceof TerminalView ? view : undefined;
  using _aside = service.aside.handOver((text) => view.note(text));
  const styles = makeStyles(usesColor(deps));
  const results = new FoldedResults(styles, () => terminal.size().columns);
  const progress = chooseProgress(deps, flags, view);
  const transcript = chooseTranscript(deps, flags, view, results, progress);
  const talk = transcript instanceof RenderedTranscript ? view : asideOf(view);
  const input = makeInput?.(view) ?? await chooseInput(deps, flags, view, results);
  const recorder = flags.recording === undefined
    ? undefined
    : (await import("./recorder.ts")).beginRecording(stream, flags.recording, {
      deps,
      service,
      flags,
      view,
    });
  let reading: Promise<void> = Promise.resolve();
  let decides: PolicyAsker | undefined;
  const conversation = new Conversation({
    sessionId,
    stream: recorder ?? stream,
    transcript,
    clock,
    queues: view instanceof TerminalView,
    once: flags.once === true,
    prompt,
    budget,
    asker: input === undefined ? undefined : makeAsker(input),
    isPerson: input?.desk.isPerson === true,
    outputReady: () => terminal.stdout.ready(),
    signal,
    onAttached(canSend) {
      if (!canSend || input === undefined) return;
      results.canExpand = flags.once !== true;
      reading = input.run(conversation, stop.signal);
    },
    onChange() {
      if (view instanceof TerminalView) view.refresh();
    },
    onCommand(name, argument) {
      if (input === undefined) return;
      void runSlashCommand(name, argument, {
        sessionId,
        conversation,
        sessions: service.userSessions,
        transcript,
        results,
        view: talk,
        desk: input.desk,
        env: deps.env,
        columns: () => terminal.size().columns,
        clock,
        signal,
      });
    },
  });

  function makeAsker({ desk }: Input): Asker {
    // Questions belong on stderr, because stdout is data; but where they are seen.
    const { stdout, stderr } = terminal;
    const isSeen = view instanceof TerminalView || (stdout.isTerminal && !stderr.isTerminal);
    const person = new Person({
      view: isSeen ? view : asideOf(view),
      styles,
      desk,
      clock,
      columns: columnsOf(terminal, isSeen ? "stdout" : "stderr", clock) ?? (() => Infinity),
    });
    return policy === undefined ? person : decides = new PolicyAsker(policy, transcript, person);
  }

  const interrupted = input === undefined
    ? () => conversation.detach()
    : input.interrupted?.bind(input, conversation);
  using _interrupts = interrupted === undefined ? undefined : deps.onInterrupt(interrupted);
  const isInteractive = flags.interactive === true;
  // A reader that goes away (`| head`) ends the program quietly.
  void terminal.stdout.closed.then(() => conversation.detach("nobody reads the output any more"));
  let end: ConversationEnd;
  try {
    end = await conversation.run();
  } catch (error) {
    const failure = failureOf(error, sessionId);
    const failed = { ...failure, reason: deps.secrets.mask(failure.reason) };
    const final = recorder?.end(failed) ?? failed;
    if (recorder !== undefined) transcript.notice(recorder.summary);
    await transcript.final(final);
    throw asConversationError(error, sessionId, isInteractive);
  } finally {
    stop.abort(new Error("The conversation is over"));
    progress?.[Symbol.dispose]();
    // What else it could fail by has been told: as a mistake of this program's.
    await reading.catch(() => {});
    transcript.close();
    if (view instanceof TerminalView) view[Symbol.dispose]();
  }
  const ended = finalOf(end, sessionId);
  const final = recorder?.end(ended) ?? ended;
  if (stream.skipped > 0) {
    transcript.notice(safeText`${stream.skipped} frames were not JSON and were skipped.`);
  }
  decides?.tellUnused();
  if (recorder !== undefined) transcript.notice(recorder.summary);
  const isTold = !deps.flags.quiet || final.exit_code !== ExitCode.Done;
  if (isTold && flags.transient !== true) {
    const words = describeEnd(end, final, isInteractive, policy);
    view.note(safeText`${styles.dim(words)}\n`);
  }
  await transcript.final(final);
  return final.exit_code;
}
