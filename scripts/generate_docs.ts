// Writes docs/cli.md from the program's own commands; with --check says whether it is up to date.
import { type AnyCommand, type CommandNode, COMMANDS } from "../src/app/command_tree.ts";
import { ExitCode } from "../src/app/exit_codes.ts";
import { GLOBAL_FLAGS } from "../src/app/global_flags.ts";
import { usageOf } from "../src/app/help.ts";
import { fakeDeps } from "../tests/support/fakes.ts";
import { ROOT } from "./deno_call.ts";

const PAGE = "docs/cli.md";

const COMMAND_LINE = "scripts/dev deno run --allow-all scripts/generate_docs.ts";

const USAGE = `Usage: ${COMMAND_LINE} [--check]

Writes ${PAGE} from the program's commands. --check only says whether it is up to date.
`;

/** Exit code for a wrong command line, as the program's own. */
const BAD_USAGE = 4;

/** What each exit code says; a code without a line here does not compile. */
const EXIT_CODES: Readonly<Record<keyof typeof ExitCode, string>> = {
  Done: "Done, or detached from a session that goes on",
  Failure: "Any failure that no other code names",
  Auth: "Not signed in, or not permitted",
  NotFound: "Something that was named does not exist",
  Usage: "Wrong usage or input",
  RateLimited: "Too many requests",
  ConnectionLost: "The connection is lost for good",
  SessionFailed: "The session failed",
  NobodyToAsk: "Someone had to decide and nobody could be asked",
  TimedOut: "Timed out",
  Interrupted: "Interrupted",
};

/** A command and the words that call it. */
interface DocumentedCommand {
  readonly name: string;
  readonly summary: string;
  readonly command: AnyCommand;
}

/** The page about all commands, as Markdown. */
export async function renderPage(root: CommandNode = COMMANDS): Promise<string> {
  const commands = await loadCommands(root, root.name);
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
    table(["Option", "Description"], globalOptions()),
    "## Exit codes",
    table(["Code", "Meaning"], exitCodes()),
    ...commands.flatMap(renderCommand),
  ];
  return sections.join("\n\n") + "\n";
}

async function loadCommands(node: CommandNode, name: string): Promise<DocumentedCommand[]> {
  if (node.load !== undefined) {
    const factory = await node.load();
    return [{ name, summary: node.summary, command: factory(fakeDeps()) }];
  }
  const children = node.children ?? [];
  const loaded = children.map((child) => loadCommands(child, `${name} ${child.name}`));
  return (await Promise.all(loaded)).flat();
}

function renderCommand({ name, command }: DocumentedCommand): string[] {
  const options = command.getBaseOptions();
  const examples = command.getExamples();
  return [
    `## ${name}`,
    ...command.getDescription().split("\n\n").map(paragraph),
    block("text", `${name} ${usageOf(command)}`.trimEnd()),
    ...(options.length === 0 ? [] : [table(["Option", "Description"], options.map(optionCells))]),
    ...(examples.length === 0 ? [] : [
      block(
        "sh",
        examples.map((example) => `# ${example.name}\n${example.description}`).join("\n\n"),
      ),
    ]),
  ];
}

function optionCells(option: ReturnType<AnyCommand["getBaseOptions"]>[number]): string[] {
  const value = (option.typeDefinition ?? "").replaceAll(/:[a-z-]+(\[\])?/g, "");
  const notes = [
    ...(option.required ? ["required"] : []),
    ...(option.default === undefined ? [] : [`default: ${JSON.stringify(option.default)}`]),
  ];
  const description = notes.length === 0
    ? option.description
    : `${option.description} (${notes.join(", ")})`;
  return [code(`${option.flags.join(", ")} ${value}`.trimEnd()), prose(description)];
}

function globalOptions(): string[][] {
  const flags = GLOBAL_FLAGS.map(({ short, name, value, description }) => {
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
    return [code(value === undefined ? names : `${names} <${value}>`), prose(description)];
  });
  return [...flags, [code("-h, --help"), "Show the help of a command"]];
}

function exitCodes(): string[][] {
  return Object.entries(EXIT_CODES).map(([name, meaning]) => {
    const number = Object.entries(ExitCode).find(([each]) => each === name)?.[1];
    return [String(number), meaning];
  });
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

/** @returns what is wrong with the page, one line each */
export async function checkPage(root: string): Promise<string[]> {
  const written = await Deno.readTextFile(`${root}/${PAGE}`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (written === await renderPage()) return [];
  const problem = written === undefined ? "is missing" : "is not what the program's commands say";
  return [`${PAGE} ${problem}: run ${COMMAND_LINE}`];
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    const page = await renderPage();
    await Deno.mkdir(`${ROOT}/docs`, { recursive: true });
    await Deno.writeTextFile(`${ROOT}/${PAGE}`, page);
    return 0;
  }
  if (args.length > 1 || args[0] !== "--check") {
    console.error(USAGE);
    return BAD_USAGE;
  }
  const problems = await checkPage(ROOT);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
