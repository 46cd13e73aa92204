/** A slash command, as help, completion and parsing see it. */
export interface SlashCommand {
  readonly name: string;
  /** Its arguments, as help shows them. */
  readonly usage?: string;
  readonly what: string;
  /** Words that can stand as its argument. */
  readonly complete?: readonly string[];
}

/** The commands of the input line, in the order in which help lists them. */
export const SLASH_COMMANDS = [
  { name: "help", what: "Show these commands" },
  { name: "status", what: "Show what the agent does, tokens, cost and connection" },
  { name: "interrupt", what: "Stop the agent's turn" },
  { name: "resend", what: "Send again what may be lost with the connection" },
  { name: "approve", usage: "[session]", what: "Answer the open approval", complete: ["session"] },
  { name: "deny", usage: "[reason]", what: "Deny the open approval" },
  { name: "history", usage: "[n]", what: "Show the last messages, 20 unless told" },
  { name: "expand", usage: "[n]", what: "Show a folded result in full, the last unless told" },
  {
    name: "raw",
    usage: "[on|off]",
    what: "Show frames as JSON, or no longer",
    complete: ["on", "off"],
  },
  { name: "save", usage: "<file>", what: "Write the conversation to a new file" },
  { name: "clear", what: "Clear the screen" },
  { name: "terminate", what: "End the session for good" },
  { name: "quit", what: "Leave; the session goes on" },
] as const satisfies readonly SlashCommand[];

export type SlashName = typeof SLASH_COMMANDS[number]["name"];

/** What a typed line asks for. */
export type LineCommand =
  | { readonly type: "prompt"; readonly text: string }
  | { readonly type: "command"; readonly name: SlashName; readonly argument: string }
  | { readonly type: "unknown"; readonly word: string }
  | { readonly type: "nothing" };

/**
 * Reads a typed line: a command where it begins with a slash, with two of them a prompt that begins
 * with one, else a prompt.
 */
export function readLineCommand(line: string): LineCommand {
  const text = line.trim();
  if (text === "") return { type: "nothing" };
  if (text.startsWith("//")) return { type: "prompt", text: text.slice(1) };
  if (!text.startsWith("/")) return { type: "prompt", text };
  const [word = "", argument = ""] = splitOnce(text);
  const command = SLASH_COMMANDS.find(({ name }) => `/${name}` === word);
  if (command === undefined) return { type: "unknown", word };
  return { type: "command", name: command.name, argument };
}

function splitOnce(text: string): [string, string] {
  const end = text.search(/\s/);
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end).trim()];
}

/**
 * What can stand where the cursor is, when a command is being typed.
 *
 * @param text the line up to the cursor
 * @returns the whole words that fit, without what is before them
 */
export function completeSlash(text: string): string[] {
  if (!text.startsWith("/") || text.startsWith("//")) return [];
  const space = text.indexOf(" ");
  if (space === -1) {
    return SLASH_COMMANDS.map(({ name }) => `/${name}`).filter((word) => word.startsWith(text));
  }
  const command: SlashCommand | undefined = SLASH_COMMANDS
    .find(({ name }) => `/${name}` === text.slice(0, space));
  const typed = text.slice(space + 1);
  return (command?.complete ?? []).filter((word) => word.startsWith(typed));
}

/** The help of the commands, a line each. */
export function slashHelp(): string {
  const rows = SLASH_COMMANDS.map((command: SlashCommand) =>
    [
      [`/${command.name}`, command.usage].filter(Boolean).join(" "),
      command.what,
    ] as const
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [...rows, ["//text", "Send a message that begins with a slash"] as const]
    .map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
