import { type SafeText, sanitize } from "../render/safe_text.ts";
import type { AnyCommand, CommandNode } from "./command_tree.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";

/** What an entry does has at least so many columns beside what is typed, or goes below that. */
const NARROWEST = 20;
const BELOW = 6;

/** One entry of a list in a help text: what to type, and what it does. */
interface Entry {
  readonly left: string;
  readonly right: string;
}

/**
 * The help text of a command or a group, in lines of at most `columns` columns.
 *
 * @param path the nodes from the root to the command
 */
export function renderHelp(
  path: readonly CommandNode[],
  command: AnyCommand | undefined,
  columns: number,
): SafeText {
  const width = Math.min(Math.max(columns, 40), 80);
  const node = path.at(-1);
  const name = path.map((each) => each.name).join(" ");
  const usage = command === undefined ? "<command>" : usageOf(command);
  const sections = [
    wrap(`Usage: ${name} ${usage}`.trimEnd(), width, "         "),
    wrap(command?.getDescription() || `${node?.summary ?? ""}.`, width),
  ];
  if (node?.children !== undefined) {
    const children = node.children.map((child) => ({ left: child.name, right: child.summary }));
    sections.push(list("Commands", children, width));
  }
  if (command !== undefined) {
    const own = command.getBaseOptions().map((option) => ({
      left: [option.flags.join(", "), option.typeDefinition].filter(Boolean).join(" ")
        .replaceAll(/:[a-z-]+(\[\])?/g, ""),
      right: option.description,
    }));
    if (own.length > 0) sections.push(list("Options", own, width));
  }
  sections.push(list("Global options", globalEntries(), width));
  const examples = command?.getExamples() ?? [];
  if (examples.length > 0) {
    const lines = examples.flatMap(({ name, description }) => [
      `  # ${name}`,
      `  ${description.replaceAll("\n", "\n  ")}`,
    ]);
    sections.push(["Examples:", ...lines].join("\n"));
  }
  return sanitize(sections.join("\n\n") + "\n");
}

/** What follows a command's name on its usage line. */
export function usageOf(command: AnyCommand): string {
  const required = command.getBaseOptions().filter((option) => option.required)
    .map((option) => `${option.flags.at(-1)} ${option.typeDefinition ?? ""}`.trim());
  const parts = [...required, "[options]", command.getArgsDefinition() ?? ""];
  return parts.filter(Boolean).join(" ").replaceAll(/:[a-z-]+(\[\])?/g, "");
}

function globalEntries(): Entry[] {
  const flags = GLOBAL_FLAGS.map((flag) => ({
    left: [flag.short && `-${flag.short},`, `--${flag.name}`, flag.value && `<${flag.value}>`]
      .filter(Boolean).join(" "),
    right: flag.description,
  }));
  return [
    ...flags,
    { left: "--version", right: "Print the version" },
    { left: "-h, --help", right: "Show this help" },
  ];
}

function list(title: string, entries: readonly Entry[], width: number): string {
  const beside = Math.min(Math.max(...entries.map(({ left }) => left.length)), 28) + 4;
  const column = width - beside < NARROWEST ? BELOW : beside;
  const lines = entries.map(({ left, right }) => {
    const indent = " ".repeat(column);
    const text = wrap(right, width - column, "").split("\n");
    return left.length + 4 > column
      ? [`  ${left}`, ...text.map((line) => indent + line)].join("\n")
      : [`  ${left}`.padEnd(column) + text[0], ...text.slice(1).map((line) => indent + line)]
        .join("\n");
  });
  return [`${title}:`, ...lines].join("\n");
}

/**
 * Breaks text at spaces; lines after the first of a paragraph begin with `indent`. Our own words are
 * as wide as they are long: what measures others' would be most of what --help has to load.
 */
function wrap(text: string, width: number, indent = ""): string {
  return text.split("\n").map((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      const start = lines.length === 0 ? "" : indent;
      if (line !== "" && start.length + line.length + 1 + word.length > width) {
        lines.push(start + line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push((lines.length === 0 ? "" : indent) + line);
    return lines.join("\n");
  }).join("\n");
}
