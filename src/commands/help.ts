import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";
import { fitColumns } from "../help/fit_columns.ts";
import { TOPICS } from "../help/topics.ts";
import { didYouMean, nearWords, type Place } from "../render/near_names.ts";
import { sanitize } from "../render/safe_text.ts";

/**
 * Makes the command that explains.
 *
 * @param commands all of them, which the program itself explains before this is asked
 */
export function helpCommandOf(commands: () => readonly Place[]) {
  return (deps: Deps, run = help) =>
    new Command()
      .description(
        "Explain a topic, or a command.\n\n" +
          `Topics: ${TOPICS.map(({ name }) => name).join(", ")}. Of a command it shows what its ` +
          "--help does.",
      )
      .arguments("[words...:string]")
      .example("What topics are there?", "limacharlie help")
      .example("A topic", "limacharlie help scripting")
      .example("A command", "limacharlie help ai session attach")
      .action((_options, ...words) => run(words, commands(), deps));
}

/**
 * Prints a topic; without words, which topics there are.
 *
 * @throws {CliError} (exit 4) on words that name none
 */
export function help(
  words: readonly string[],
  commands: readonly Place[],
  { terminal }: Deps,
): void {
  const name = words.join(" ");
  const topic = TOPICS.find((each) => each.name === name);
  const text = words.length === 0 ? listTopics() : topic?.text;
  if (text !== undefined) {
    terminal.stdout.write(sanitize(fitColumns(text, terminal.size().columns)));
  } else {
    const first = [...TOPICS, ...commands.filter(({ name, line }) => name === line)];
    const near = nearWords(words[0] ?? "", first.map(({ name }) => name), commands);
    throw usageError(
      `No topic or command "${name}"`,
      didYouMean(near) ?? "See limacharlie help",
    );
  }
}

function listTopics(): string {
  const width = Math.max(...TOPICS.map(({ name }) => name.length));
  const lines = TOPICS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `Topics:\n${lines.join("")}\n` +
    "Usage: limacharlie help <topic>\n" +
    "       limacharlie help <command>, such as: limacharlie help ai session attach\n\n" +
    "Every command: limacharlie --help\n";
}
