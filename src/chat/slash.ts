/** What a typed line asks for. */
export type LineCommand =
  | { readonly type: "prompt"; readonly text: string }
  | { readonly type: "command"; readonly name: SlashName }
  | { readonly type: "unknown"; readonly word: string }
  | { readonly type: "nothing" };

/** The slash commands, and what they do. */
export const SLASH_COMMANDS = {
  interrupt: "Stop the agent's turn",
  quit: "Leave; the session goes on",
  help: "Show the commands",
} as const;

export type SlashName = keyof typeof SLASH_COMMANDS;

/**
 * Reads a typed line: a command where it begins with a slash, with two of them a prompt that begins
 * with one, else a prompt.
 */
export function readLineCommand(line: string): LineCommand {
  const text = line.trim();
  if (text === "") return { type: "nothing" };
  if (text.startsWith("//")) return { type: "prompt", text: text.slice(1) };
  if (!text.startsWith("/")) return { type: "prompt", text };
  const word = text.split(/\s/, 1)[0] ?? "";
  const name = word.slice(1);
  return isSlashName(name) ? { type: "command", name } : { type: "unknown", word };
}

function isSlashName(name: string): name is SlashName {
  return Object.hasOwn(SLASH_COMMANDS, name);
}
