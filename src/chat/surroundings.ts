import type { Deps } from "../app/deps.ts";
import { InputHistoryFile } from "../config/input_history.ts";
import { locateConfig } from "../config/paths.ts";
import { INDENT, indentRows } from "../render/frames.ts";
import { MarkdownStream, renderMarkdown } from "../render/markdown.ts";
import { PlainLines } from "../render/plain_lines.ts";
import { makeStyles, type Styles } from "../render/styles.ts";
import { columnsOf } from "../term/columns_of.ts";
import { isPlain } from "../term/is_plain.ts";
import { usesColor } from "../term/uses_color.ts";
import { EditorInput } from "./editor_input.ts";
import type { FoldedResults } from "./folded_results.ts";
import type { ConversationFlags } from "./hold_conversation.ts";
import type { Input } from "./input.ts";
import { LineInput } from "./line_input.ts";
import { LinkProgress } from "./link_progress.ts";
import { OnceInput } from "./once_input.ts";
import type { ProseStream } from "./open_message.ts";
import { PlainView } from "./plain_view.ts";
import { makeCompleter } from "./slash_completer.ts";
import {
  AnswerTranscript,
  JsonlTranscript,
  RawTranscript,
  RenderedTranscript,
  type Transcript,
} from "./transcript.ts";
import { TerminalView } from "./terminal_view.ts";
import type { View } from "./view.ts";

/** Whether output is for a person who wants it drawn: styled, wrapped and with an input line. */
function isDrawn({ env, terminal, flags }: Deps, { raw, plain }: ConversationFlags): boolean {
  return plain !== true && raw !== true && flags.output === undefined &&
    terminal.stdout.isTerminal && !isPlain(env);
}

/** Chooses where the conversation is shown: with an input line at the bottom, or line by line. */
export function chooseView(deps: Deps, flags: ConversationFlags): View {
  const { terminal, clock } = deps;
  const keepsLine = isDrawn(deps, flags) && flags.interactive === true && flags.once !== true &&
    terminal.stdin.isTerminal;
  return keepsLine
    ? new TerminalView(terminal, makeStyles(usesColor(deps)), clock)
    : new PlainView(terminal);
}

/** Chooses whether what is waited for is shown on a line that updates. */
export function chooseProgress(
  deps: Deps,
  flags: ConversationFlags,
  view: View,
): LinkProgress | undefined {
  const { terminal, clock } = deps;
  if (!isDrawn(deps, flags) || !terminal.stderr.isTerminal || deps.flags.quiet) return undefined;
  return new LinkProgress({ clock, show: (line) => view.progress?.(line) });
}

/** Chooses what the conversation leaves on stdout. */
export function chooseTranscript(
  deps: Deps,
  flags: ConversationFlags,
  view: View,
  results: FoldedResults,
  progress: LinkProgress | undefined,
): Transcript {
  const { output, quiet } = deps.flags;
  if (flags.raw === true) return new RawTranscript(view, quiet);
  if (output === "jsonl") return new JsonlTranscript(view, deps.terminal.stdout);
  if (flags.once === true && quiet) return new AnswerTranscript(view);
  const styles = makeStyles(usesColor(deps));
  const drawn = isDrawn(deps, flags);
  const proseColumns = () => deps.terminal.size().columns - INDENT;
  return new RenderedTranscript(view, {
    style: {
      styles,
      verbose: flags.verbose === true,
      columns: columnsOf(deps.terminal, "stdout", deps.clock),
      ...(drawn
        ? {
          prose: (text) => indentRows(renderMarkdown(text, { styles, columns: proseColumns() })),
          toolResult: results.show,
        }
        : {}),
    },
    openProse: {
      clock: deps.clock,
      make: () =>
        drawn
          ? openMarkdown(styles, proseColumns)
          : new PlainLines(columnsOf(deps.terminal, "stdout", deps.clock)),
    },
    progress,
    showHistory: flags.showHistory !== false,
    quiet,
    columns: columnsOf(deps.terminal, "stderr", deps.clock),
  });
}

/** Renders Markdown as wide as the screen is whenever a piece of it arrives. */
function openMarkdown(styles: Styles, columns: () => number): ProseStream {
  const stream = new MarkdownStream({ styles, columns: columns() });
  return {
    push(text) {
      stream.resize(columns());
      return stream.push(text);
    },
    flush: () => stream.flush(),
  };
}

/** Chooses where the person's words come from; from nowhere where the session is only watched. */
export async function chooseInput(
  deps: Deps,
  flags: ConversationFlags,
  view: View,
  results: FoldedResults,
): Promise<Input | undefined> {
  if (flags.interactive !== true) return undefined;
  const { terminal, prompter, clock, env } = deps;
  if (view instanceof TerminalView) {
    const store = new InputHistoryFile(await locateConfig(env), env);
    const completer = makeCompleter(results, env);
    return new EditorInput({ terminal, view, prompter, clock, store, completer });
  }
  // Where stdin or stdout is no terminal, nothing waits for a person.
  const canAsk = prompter.available && terminal.stdout.isTerminal;
  return flags.once === true
    ? new OnceInput(view, prompter, canAsk, () => terminal.size())
    : new LineInput(terminal, view, clock);
}
