import { nearNames } from "../render/near_names.ts";
import { twoColumns } from "../render/two_columns.ts";
import { keyGroups } from "../term/key_help.ts";

/** A slash command, as help, completion and parsing see it. */
export interface SlashCommand {
  readonly name: string;
  /** Its argument, as help shows it; without one, it takes none. */
  readonly usage?: string;
  readonly what: string;
  /** What can stand as its argument: only these words, or what a completer finds out. */
  readonly complete?: readonly string[] | "results" | "files";
}

/** The commands of the input line, in the order in which help lists them. */
export const SLASH_COMMANDS = [
  {
    name: "help",
    usage: "[keys]",
    what: "Show these commands, or every key",
    complete: ["keys"],
  },
  { name: "status", what: "Show what the agent does, tokens, cost and connection" },
  { name: "interrupt", what: "Stop the agent's turn" },
  { name: "resend", what: "Send again what may be lost with the connection" },
  { name: "approve", what: "Be asked again what was put off" },
  { name: "deny", usage: "[reason]", what: "Deny what was put off" },
  { name: "history", usage: "[n]", what: "Show the last messages, 20 unless told" },
  {
    name: "expand",
    usage: "[n]",
    what: "Show a folded result in full, the last unless told",
    complete: "results",
  },
  {
    name: "raw",
    usage: "[on|off]",
    what: "Show frames as JSON, or no longer",
    complete: ["on", "off"],
  },
  {
    name: "save",
    usage: "<file>",
    what: "Write the conversation to a new file",
    complete: "files",
  },
  { name: "clear", what: "Clear the screen" },
  { name: "terminate", what: "End the session for good" },
  { name: "quit", what: "Leave; the session goes on" },
] as const satisfies readonly SlashCommand[];

export type SlashName = typeof SLASH_COMMANDS[number]["name"];

/** What a typed line asks for. */
export type LineCommand =
  | { readonly type: "prompt"; readonly text: string }
  | { readonly type: "command"; readonly name: SlashName; readonly argument: string }
  /** A command that is none, or with an argument that it cannot take; in words. */
  | { readonly type: "mistake"; readonly words: string }
  | { readonly type: "nothing" };

/**
 * Reads a typed line: a command where it begins with a slash, with two of them a prompt that begins
 * with one, else a prompt, exactly as it was typed.
 */
export function readLineCommand(line: string): LineCommand {
  const text = line.trim();
  if (text === "") return { type: "nothing" };
  if (text.startsWith("//")) return { type: "prompt", text: line.trimStart().slice(1) };
  if (!text.startsWith("/")) return { type: "prompt", text: line };
  const [word = "", argument = ""] = splitOnce(text);
  const command = findCommand(word);
  if (command === undefined) return { type: "mistake", words: unknownCommand(word) };
  const { name, usage, complete } = command;
  if (usage === undefined && argument !== "") {
    return { type: "mistake", words: `/${name} takes nothing after it; nothing was done` };
  }
  if (Array.isArray(complete) && argument !== "" && !complete.includes(argument)) {
    return { type: "mistake", words: `/${name} takes ${complete.join(" or ")}, not "${argument}"` };
  }
  return { type: "command", name, argument };
}

type NamedCommand = SlashCommand & { readonly name: SlashName };

function findCommand(word: string): NamedCommand | undefined {
  return SLASH_COMMANDS.find(({ name }) => `/${name}` === word);
}

function unknownCommand(word: string): string {
  const near = nearNames(word.slice(1), SLASH_COMMANDS.map(({ name }) => name));
  const advice = near.length > 0
    ? `did you mean ${near.map((name) => `/${name}`).join(" or ")}?`
    : "/help lists them.";
  return `Not sent: unknown command ${word}; ${advice} A message that begins with a slash is ` +
    "typed with two.";
}

function splitOnce(text: string): [string, string] {
  const end = text.search(/\s/);
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end).trim()];
}

/** Finds out what can stand as an argument, whose beginning it is given. */
export interface Completer {
  results(): readonly string[];
  files(begun: string): Promise<readonly string[]>;
}

/** What can stand where the cursor is. */
export interface Completion {
  /** What is typed of it. */
  readonly begun: string;
  /** The whole words that fit. */
  readonly words: readonly string[];
}

/**
 * Completes a command that is being typed, or its argument.
 *
 * @param text the line up to the cursor
 */
export async function completeSlash(text: string, completer: Completer): Promise<Completion> {
  if (!text.startsWith("/") || text.startsWith("//")) return { begun: text, words: [] };
  const space = text.indexOf(" ");
  if (space === -1) return fitting(text, SLASH_COMMANDS.map(({ name }) => `/${name}`));
  const begun = text.slice(space).trimStart();
  const complete = findCommand(text.slice(0, space))?.complete ?? [];
  if (complete === "results") return fitting(begun, completer.results());
  if (complete === "files") return { begun, words: await completer.files(begun) };
  return fitting(begun, complete);
}

function fitting(begun: string, words: readonly string[]): Completion {
  return { begun, words: words.filter((word) => word.startsWith(begun)) };
}

/**
 * The help of the commands.
 *
 * @param hasKeys whether there is an input line, whose keys are explained too
 */
export function slashHelp(columns: number, hasKeys: boolean): string {
  const commands = SLASH_COMMANDS.map(({ name, usage, what }: SlashCommand) =>
    [[`/${name}`, usage].filter(Boolean).join(" "), what] as const
  );
  const rows = [...commands, ["//text", "Send a message that begins with a slash"] as const];
  const [essential] = hasKeys ? keyGroups() : [];
  const keys = essential === undefined ? [] : ["", ...twoColumns(essential.keys, columns)];
  return [...twoColumns(rows, columns), ...keys].join("\n");
}

/** The help of every key of the input line. */
export function keysHelp(columns: number): string {
  return keyGroups().flatMap(({ heading, keys }) => [heading, ...twoColumns(keys, columns)])
    .join("\n");
}
