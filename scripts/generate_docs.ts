// Writes docs/cli.md and the manual page from the program's own commands and topics; with --check
// says whether they are up to date.
import { type CommandNode, COMMANDS } from "../src/app/command_tree.ts";
import { ExitCode } from "../src/app/exit_codes.ts";
import { usageOf } from "../src/app/help.ts";
import { ROOT } from "./deno_call.ts";
import {
  describeOption,
  type DocumentedCommand,
  exitCodes,
  globalOptions,
  loadCommands,
} from "./documented_commands.ts";
import { renderManual } from "./manual_page.ts";

const COMMAND_LINE = "scripts/dev deno run --allow-all scripts/generate_docs.ts";

const USAGE = `Usage: ${COMMAND_LINE} [--check]

Writes docs/cli.md and docs/limacharlie.1 from the program. --check only says whether they are up to
date.
`;

/** What makes each page. */
const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  "docs/cli.md": () => renderPage(),
  "docs/limacharlie.1": () => renderManual(),
};

/** The page about all commands, as Markdown. */
export async function renderPage(root: CommandNode = COMMANDS): Promise<string> {
  const commands = await loadCommands(root);
  const sections = [
    `# ${root.name} on the command line`,
    `<!-- Made by scripts/generate_docs.ts from the program's commands: change those instead. -->`,
    `${root.summary}.`,
    table(
      ["Command", "What it does"],
      commands.map(({ name, summary }) => [
        `[\`${name}\`](#${name.replaceAll(" ", "-")})`,
        prose(summary),
      ]),
    ),
    "## Global options",
    "Every command has them, and they may stand anywhere on the line. A command's own option of " +
    "the same name wins.",
    table(["Option", "Description"], globalOptions().map(cells)),
    "## Exit codes",
    table(["Code", "Meaning"], exitCodes()),
    ...commands.flatMap(renderCommand),
  ];
  return sections.join("\n\n") + "\n";
}

function renderCommand({ name, command }: DocumentedCommand): string[] {
  const options = command.getBaseOptions();
  const examples = command.getExamples();
  return [
    `## ${name}`,
    ...command.getDescription().split("\n\n").map(paragraph),
    block("text", `${name} ${usageOf(command)}`.trimEnd()),
    ...(options.length === 0
      ? []
      : [table(["Option", "Description"], options.map((option) => cells(describeOption(option))))]),
    ...(examples.length === 0 ? [] : [
      block(
        "sh",
        examples.map((example) => `# ${example.name}\n${example.description}`).join("\n\n"),
      ),
    ]),
  ];
}

function cells([written = "", description = ""]: readonly string[]): string[] {
  return [code(written), prose(description)];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** A paragraph as Markdown, its lines kept. */
function paragraph(text: string): string {
  return text.split("\n").map(prose).join("\\\n");
}

/** A line of text as Markdown that shows it as it is. */
function prose(text: string): string {
  return text.replaceAll(/[\\`*|<]/g, "\\$&");
}

/** @returns what is wrong with the pages, one line each */
export async function checkPages(root: string): Promise<string[]> {
  const problems = Object.entries(PAGES).map(async ([page, render]) => {
    const written = await Deno.readTextFile(`${root}/${page}`).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    if (written === await render()) return [];
    const problem = written === undefined ? "is missing" : "is not what the program's commands say";
    return [`${page} ${problem}: run ${COMMAND_LINE}`];
  });
  return (await Promise.all(problems)).flat();
}

/** Writes every page. */
export async function writePages(root: string): Promise<void> {
  await Deno.mkdir(`${root}/docs`, { recursive: true });
  for (const [page, render] of Object.entries(PAGES)) {
    await Deno.writeTextFile(`${root}/${page}`, await render());
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    await writePages(ROOT);
    return 0;
  }
  if (args.length > 1 || args[0] !== "--check") {
    console.error(USAGE);
    return ExitCode.Usage;
  }
  const problems = await checkPages(ROOT);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
