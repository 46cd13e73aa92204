import type { AnyCommand, CommandNode } from "../src/app/command_tree.ts";
import { ExitCode } from "../src/app/exit_codes.ts";
import { GLOBAL_FLAGS } from "../src/app/global_flags.ts";
import { fakeDeps } from "../tests/support/fakes.ts";

/** A command and the words that call it. */
export interface DocumentedCommand {
  readonly name: string;
  readonly summary: string;
  readonly command: AnyCommand;
}

/** An option of a command, as its documentation shows it. */
export type DocumentedOption = ReturnType<AnyCommand["getBaseOptions"]>[number];

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

/** Every command below a node, with its options. */
export async function loadCommands(
  node: CommandNode,
  name: string = node.name,
): Promise<DocumentedCommand[]> {
  if (node.load !== undefined) {
    const factory = await node.load();
    return [{ name, summary: node.summary, command: factory(fakeDeps()) }];
  }
  const children = node.children ?? [];
  const loaded = children.map((child) => loadCommands(child, `${name} ${child.name}`));
  return (await Promise.all(loaded)).flat();
}

/** Each exit code, and what it says. */
export function exitCodes(): string[][] {
  return Object.entries(EXIT_CODES).map(([name, meaning]) => {
    const number = Object.entries(ExitCode).find(([each]) => each === name)?.[1];
    return [String(number), meaning];
  });
}

/** Each option that every command has, as it is written, and what it does. */
export function globalOptions(): string[][] {
  const flags = GLOBAL_FLAGS.map(({ short, name, value, description }) => {
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
    return [value === undefined ? names : `${names} <${value}>`, description];
  });
  return [...flags, ["--version", "Print the version"], [
    "-h, --help",
    "Show the help of a command",
  ]];
}

/** An option of a command, as it is written, and what it does. */
export function describeOption(option: DocumentedOption): [written: string, description: string] {
  const value = (option.typeDefinition ?? "").replaceAll(/:[a-z-]+(\[\])?/g, "");
  const notes = [
    ...(option.required ? ["required"] : []),
    ...(option.default === undefined ? [] : [`default: ${JSON.stringify(option.default)}`]),
  ];
  const written = `${option.flags.join(", ")} ${value}`.trimEnd();
  if (notes.length === 0) return [written, option.description];
  return [written, `${option.description} (${notes.join(", ")})`];
}
