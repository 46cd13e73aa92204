/**
 * Wrong uses of text from elsewhere, each of which has to be an error of the type checker: a check of
 * this file fails where one is none. Nothing here is ever run.
 */
import type { Question } from "../../../src/completion/answer.ts";
import { ProgressLine } from "../../../src/commands/progress_line.ts";
import type { Transcript } from "../../../src/chat/transcript.ts";
import type { Footer } from "../../../src/chat/terminal_view.ts";
import type { View } from "../../../src/chat/view.ts";
import type { FrameStyle, RenderedFrame } from "../../../src/render/frames.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "../../../src/render/safe_text.ts";
import type { Styles } from "../../../src/render/styles.ts";
import type { Choice, InputOptions, Prompter } from "../../../src/term/prompter.ts";
import type { Terminal } from "../../../src/term/terminal.ts";
import type { Deps } from "../../../src/app/deps.ts";

interface Sinks {
  readonly terminal: Terminal;
  readonly view: View;
  readonly transcript: Transcript;
  readonly prompter: Prompter;
  readonly styles: Styles;
  readonly deps: Deps;
}

/**
 * @param text as a server sends it
 * @param part of what it sends
 */
export function misuse(text: string, part: unknown, sinks: Sinks): unknown {
  const { terminal, view, transcript, prompter, styles, deps } = sinks;
  const safe = sanitize(text);
  const error = new Error(text);
  // @ts-expect-error: stdout of a terminal
  terminal.stdout.write(text);
  // @ts-expect-error: stderr of a terminal
  terminal.stderr.write(text);
  // @ts-expect-error: the message of an error
  terminal.stderr.write(error.message);
  // @ts-expect-error: a template of our words and a server's
  terminal.stderr.write(`Error: ${text}\n`);
  // @ts-expect-error: what is in a list
  if (Array.isArray(part)) terminal.stderr.write(part[0]);
  if (typeof part === "object" && part !== null) {
    // @ts-expect-error: what is in an object
    Object.values(part).forEach((value) => terminal.stderr.write(value));
    // @ts-expect-error: what is in an object, under its name
    Object.entries(part).forEach(([, value]) => terminal.stderr.write(value));
  }
  // @ts-expect-error: a conversation
  view.print(text);
  // @ts-expect-error: what is said about one
  view.note(text);
  // @ts-expect-error: a notice
  transcript.notice(text);
  // @ts-expect-error: a question
  prompter.input(text);
  // @ts-expect-error: a question for a secret
  prompter.secret(text);
  // @ts-expect-error: a question with yes and no
  prompter.confirm(text);
  // @ts-expect-error: a question with choices
  prompter.select(text, []);
  // @ts-expect-error: one of the choices
  const choice: Choice<number> = { label: text, value: 1 };
  // @ts-expect-error: the line below a question
  const hint: InputOptions = { hint: () => text };
  // @ts-expect-error: a status, above the input line
  const above: Partial<Footer> = { above: [text] };
  // @ts-expect-error: what stands before the input line
  const prompt: Partial<Footer> = { prompt: text };
  // @ts-expect-error: a candidate of completion
  const answer: Partial<Question> = { answer: () => text };
  // @ts-expect-error: a rendered frame
  const frame: RenderedFrame = { stream: "stdout", text };
  // @ts-expect-error: what the agent says, rendered
  const prose: Partial<FrameStyle> = { prose: (words: string) => words };
  // @ts-expect-error: a line that shows progress
  const progress = new ProgressLine(text, deps);
  // @ts-expect-error: a style around it does not make it safe
  styles.bold(text);
  // @ts-expect-error: nor do our words around it
  const words: SafeText = safeText`Session ${text}`;
  // @ts-expect-error: nor others that are safe
  const joined: SafeText = joinSafe([safe, text]);
  // @ts-expect-error: what is safe may not be so any more in parts
  const slice: SafeText = safe.slice(1);
  // @ts-expect-error: nor in another form
  const replaced: SafeText = safe.replace("a", text);
  // @ts-expect-error: nor within a template that is not ours
  const template: SafeText = `${safe}${text}`;
  // @ts-expect-error: nor is one made up
  const made: SafeText = Object.assign(text, {});
  const [values, uses] = [[choice, hint, above, prompt, answer, frame], [prose, progress]];
  return [values, uses, words, joined, slice, replaced, template, made];
}
