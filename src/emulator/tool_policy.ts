import type { JsonObject } from "../protocol/frames.ts";
import type { SessionSettings } from "./session_settings.ts";

/** What becomes of a tool call. */
export type Verdict = "allow" | "deny" | "ask";

const EDIT_TOOLS = ["Write", "Edit", "NotebookEdit", "MultiEdit"];
const READ_TOOLS = ["Read", "Grep", "Glob"];

/** Programs that run another: what counts is that other. */
const WRAPPERS = ["timeout", "time", "nice", "nohup", "stdbuf", "xargs"];

/**
 * Which tool calls run, which are blocked, and for which a person is asked. The rules are those of
 * the vendor's documentation of tool permissions: deny wins, then allow, then the permission mode.
 */
export class ToolPolicy {
  readonly #settings: SessionSettings;
  /** Patterns that the person allowed for the rest of the session. */
  readonly #granted: string[] = [];

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  judge(tool: string, input: JsonObject): Verdict {
    const { deniedTools, allowedTools, permissionMode } = this.#settings;
    const call = new ToolCall(tool, input);
    if (call.isDeniedBy(deniedTools)) return "deny";
    if (call.isAllowedBy([...allowedTools, ...this.#granted])) return "allow";
    if (permissionMode === "bypassPermissions") return "allow";
    const free = permissionMode === "plan" ? READ_TOOLS : EDIT_TOOLS;
    return free.includes(tool) ? "allow" : "ask";
  }

  /** Whether the person allowed calls like this one for the rest of the session. */
  isGranted(tool: string, input: JsonObject): boolean {
    return new ToolCall(tool, input).isAllowedBy(this.#granted);
  }

  /** Allows what a pattern covers from here on; without one, what is like this call. */
  grant(tool: string, input: JsonObject, pattern?: string): void {
    this.#granted.push(pattern ?? new ToolCall(tool, input).pattern());
  }
}

class ToolCall {
  readonly #tool: string;
  readonly #command: string | undefined;

  constructor(tool: string, input: JsonObject) {
    const command = input["command"];
    this.#tool = tool;
    this.#command = tool === "Bash" && typeof command === "string" ? command : undefined;
  }

  isDeniedBy(patterns: readonly string[]): boolean {
    if (patterns.some((pattern) => this.#isNamedBy(pattern))) return true;
    if (this.#hidesCommands()) return false;
    return this.#stages().some((stage) => patterns.some((pattern) => covers(pattern, stage)));
  }

  isAllowedBy(patterns: readonly string[]): boolean {
    if (patterns.some((pattern) => this.#isNamedBy(pattern))) return true;
    const stages = this.#stages();
    return !this.#hidesCommands() && stages.length > 0 &&
      stages.every((stage) => patterns.some((pattern) => covers(pattern, stage)));
  }

  /** The pattern that allows calls like this one. */
  pattern(): string {
    const [program] = this.#stages()[0]?.split(" ") ?? [];
    return program === undefined ? this.#tool : `Bash(${program}:*)`;
  }

  /** A bare name means every call of a tool, or of an MCP server's tools. */
  #isNamedBy(pattern: string): boolean {
    return pattern === this.#tool ||
      (pattern.startsWith("mcp__") && this.#tool.startsWith(`${pattern}__`));
  }

  /** Substitutions and groups can run anything, so no pattern decides on them. */
  #hidesCommands(): boolean {
    return /[`(){}]/.test(this.#command ?? "");
  }

  /** The commands of a pipeline or list, without wrappers and variables in front. */
  #stages(): string[] {
    const stages = (this.#command ?? "").split(/\|\||\|&|&&|(?<![<>])&(?!>)|[|;\n]/);
    return stages.map(unwrap).filter((stage) => stage !== "");
  }
}

function unwrap(stage: string): string {
  const words = stage.trim().split(/\s+/);
  while (true) {
    const [first = ""] = words;
    if (/^\w+=/.test(first)) words.shift();
    else if (WRAPPERS.includes(first)) {
      words.shift();
      while (/^(-|\d+[smhd]?$)/.test(words[0] ?? "")) words.shift();
    } else return words.join(" ");
  }
}

function covers(pattern: string, stage: string): boolean {
  const prefix = /^Bash\((.+):\*\)$/.exec(pattern)?.[1];
  return prefix !== undefined && (stage === prefix || stage.startsWith(`${prefix} `));
}
