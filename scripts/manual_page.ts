import config from "../deno.json" with { type: "json" };
import { type CommandNode, COMMANDS } from "../src/app/command_tree.ts";
import { usageOf } from "../src/app/help.ts";
import { firstSteps } from "../src/help/first_steps.ts";
import { TOPICS } from "../src/help/topics.ts";
import {
  describeOption,
  type DocumentedCommand,
  exitCodes,
  globalOptions,
  loadCommands,
} from "./documented_commands.ts";

/** The manual page, in the macros of man(7): commands, topics of the help, exit codes. */
export async function renderManual(root: CommandNode = COMMANDS): Promise<string> {
  const commands = await loadCommands(root);
  const lines = [
    '.\\" Made by scripts/generate_docs.ts from the program: change that instead.',
    `.TH ${root.name.toUpperCase()} 1 "" "${root.name} ${config.version}"`,
    ".SH NAME",
    `${roff(root.name)} \\- ${roff(root.summary)}`,
    ".SH SYNOPSIS",
    `.B ${roff(root.name)}`,
    roff("<command> [options]"),
    ".SH FIRST STEPS",
    ...literal(firstSteps()),
    ".SH GLOBAL OPTIONS",
    roff("They may stand anywhere on the line. A command's own option of the same name wins."),
    ...globalOptions().flatMap(([flag = "", text = ""]) => tagged(flag, text)),
    ".SH COMMANDS",
    ...commands.flatMap(renderCommand),
    ...TOPICS.flatMap(({ name, summary, text }) => [
      `.SH ${roff(name.replaceAll("-", " ").toUpperCase())}`,
      `${roff(summary)}.`,
      ...literal(text),
    ]),
    ".SH EXIT STATUS",
    ...exitCodes().flatMap(([code = "", meaning = ""]) => tagged(code, meaning)),
  ];
  return lines.join("\n") + "\n";
}

function renderCommand({ name, command }: DocumentedCommand): string[] {
  const examples = command.getExamples();
  return [
    `.SS ${roff(`${name} ${usageOf(command)}`.trimEnd())}`,
    ...command.getDescription().split("\n\n").flatMap((paragraph, index) => [
      ...(index === 0 ? [] : [".PP"]),
      ...paragraph.split("\n").flatMap((line, row) => [...(row === 0 ? [] : [".br"]), roff(line)]),
    ]),
    ...command.getBaseOptions().flatMap((option) => tagged(...describeOption(option))),
    ...(examples.length === 0
      ? []
      : literal(examples.map((each) => `# ${each.name}\n${each.description}\n`).join("\n"))),
  ];
}

function tagged(tag: string, text: string): string[] {
  return [".TP", `.B ${roff(tag)}`, roff(text)];
}

/** Text whose lines stay as they are. */
function literal(text: string): string[] {
  return [".PP", ".nf", ...text.trimEnd().split("\n").map(roff), ".fi"];
}

/** A line of text as roff that shows it as it is. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga").replaceAll("^", "\\(ha").replaceAll("~", "\\(ti")
    .replace(/^\./, "\\&.").replaceAll("\u2026", "...");
}
