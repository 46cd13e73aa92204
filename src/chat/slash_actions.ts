import type { Sessions } from "../api/sessions.ts";
import type { Clock, Environment } from "../app/deps.ts";
import { describeFileFailure, messageOf } from "../app/errors.ts";
import type { Frame } from "../protocol/frames.ts";
import { withoutEarlierStates } from "../protocol/growing_message.ts";
import { isNoise } from "../protocol/noise.ts";
import { renderFrame } from "../render/frames.ts";
import { counted } from "../render/human.ts";
import { joinSafe, safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import type { AnswerDesk } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import type { FoldedResults } from "./folded_results.ts";
import { keysHelp, slashHelp, type SlashName } from "./slash.ts";
import { expandHome } from "./slash_completer.ts";
import { statusReport } from "./status.ts";
import { TerminalView } from "./terminal_view.ts";
import { RenderedTranscript, type Transcript } from "./transcript.ts";
import type { View } from "./view.ts";

/** Messages that /history shows unless told. */
const HISTORY_MESSAGES = 20;

export interface SlashContext {
  readonly sessionId: string;
  readonly conversation: Conversation;
  /** The family of sessions that this one belongs to. */
  readonly sessions: Sessions;
  readonly transcript: Transcript;
  readonly results: FoldedResults;
  readonly view: View;
  readonly desk: AnswerDesk;
  readonly env: Environment;
  /** Of the screen. */
  readonly columns: () => number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Carries out a slash command that is not the conversation's own; what fails is told, not thrown. */
export async function runSlashCommand(
  name: SlashName,
  argument: string,
  context: SlashContext,
): Promise<void> {
  try {
    await ACTIONS[name]?.(argument, context);
  } catch (error) {
    if (context.signal.aborted) return;
    context.transcript.notice(
      safeText`/${sanitize(name)} failed: ${sanitizeLine(messageOf(error))}`,
    );
  }
}

type Action = (argument: string, context: SlashContext) => void | Promise<void>;

const ACTIONS: { readonly [Name in SlashName]?: Action } = {
  help(argument, { view, columns, transcript }) {
    const isDrawn = view instanceof TerminalView;
    if (argument === "keys" && !isDrawn) {
      return transcript.notice(safeText`There is no input line: the terminal edits what you type`);
    }
    const text = argument === "keys"
      ? keysHelp(columns())
      : slashHelp(isDrawn ? columns() : 80, isDrawn);
    transcript.close();
    view.note(safeText`${sanitize(text)}\n`);
  },

  status(_, { conversation, clock, sessionId, view, transcript, columns }) {
    transcript.close();
    const place = { now: clock.now(), sessionId, columns: columns() };
    view.note(statusReport(conversation.status, place));
  },

  async history(argument, { transcript, ...context }) {
    const wanted = wholeNumber(argument, HISTORY_MESSAGES);
    const frames = (await shownHistory(context)).slice(-wanted);
    transcript.close();
    transcript.notice(safeText`--- Last ${sanitize(counted(frames.length, "message"))} ---`);
    if (transcript instanceof RenderedTranscript) {
      for (const frame of frames) transcript.render(frame);
    }
    transcript.notice(safeText`--- Live stream ---`);
  },

  expand(argument, { results, view, transcript }) {
    const number = argument === "" ? undefined : wholeNumber(argument, 0);
    const text = results.expand(number);
    if (text !== undefined) {
      transcript.close();
      return view.print(text);
    }
    const { numbers: [first], last } = results;
    transcript.notice(
      first === undefined
        ? safeText`Nothing is folded yet`
        : number === undefined || number > last
        ? safeText`There is no folded result ${number ?? last}; the last is ${last}`
        : safeText`Result ${number} is no longer kept; the oldest is ${first}`,
    );
  },

  raw(argument, { transcript }) {
    if (!(transcript instanceof RenderedTranscript)) return;
    transcript.close();
    transcript.raw = argument === "" ? !transcript.raw : argument === "on";
    transcript.notice(
      transcript.raw ? safeText`Showing frames as JSON` : safeText`Showing frames as text`,
    );
  },

  async save(argument, { transcript, env, ...context }) {
    if (argument === "") return transcript.notice(safeText`/save takes a file: /save FILE`);
    const path = expandHome(argument, env);
    await refuseExisting(path);
    const frames = await shownHistory(context);
    const style = { styles: makeStyles(false), verbose: true, uncut: true };
    const text = joinSafe(frames.map((frame) => renderFrame(frame, style).text));
    // A new file only, for the operator alone: the conversation may hold secrets.
    await Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 })
      .catch((error: unknown) => Promise.reject(cannotWrite(path, error)));
    transcript.notice(
      safeText`Wrote ${sanitize(counted(frames.length, "message"))} to ${sanitizeLine(path)}`,
    );
  },

  clear(_, { view, transcript }) {
    if (view instanceof TerminalView) view.clear();
    else transcript.notice(safeText`Nothing is cleared, because lines are only appended`);
  },

  async terminate(_, { desk, sessions, sessionId, signal, transcript }) {
    const answer = await desk.ask({
      message: safeText`End session ${sanitizeLine(sessionId)} for good? [y/n]`,
      default: "n",
      careful: true,
      signal,
    });
    if (!/^y(es)?$/i.test(answer?.trim() ?? "")) {
      return transcript.notice(safeText`The session goes on`);
    }
    await sessions.terminate(sessionId, signal);
    transcript.notice(safeText`The session is being ended`);
  },
};

/** Says at once, before the history is asked for, that a file is there already. */
async function refuseExisting(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch(() => undefined);
  if (found !== undefined) throw cannotWrite(path, new Deno.errors.AlreadyExists());
}

function cannotWrite(path: string, error: unknown): Error {
  const reason = error instanceof Deno.errors.AlreadyExists
    ? "it exists already, and only new files are written"
    : describeFileFailure(error);
  return new Error(`Cannot write "${path}": ${reason}`);
}

async function shownHistory(
  { sessions, sessionId, signal }: Pick<SlashContext, "sessions" | "sessionId" | "signal">,
): Promise<Frame[]> {
  const { frames } = await sessions.history(sessionId, signal);
  return withoutEarlierStates(frames.filter((frame) => !isNoise(frame)), (frame) => frame);
}

function wholeNumber(text: string, fallback: number): number {
  if (text === "") return fallback;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`"${text}" is no number above 0`);
  return Number(text);
}
