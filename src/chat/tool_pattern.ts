import { stringOr } from "../protocol/content.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { hasRepeatedKeys } from "../protocol/repeated_keys.ts";

/** Calls of tools that are allowed unasked. */
export interface ToolPattern {
  matches(tool: string, input: unknown): boolean;
}

/** Fields that say what a call is about, in lower case. */
const MAIN_FIELDS = new Set(["command", "file_path", "notebook_path", "path", "url", "query"]);

/** What `*` stands for in a command: nothing that begins another one. */
const COMMAND_STAR = "[^;&|`$()<>\\p{Cc}]*";
/** In a path, a query, and a URL behind its host: nothing that hides a line. */
const LINE_STAR = "\\P{Cc}*";
/** In the host of a URL. */
const HOST_STAR = "[^/?#@\\\\:\\p{Cc}]*";
/** In JSON: nothing that leaves the string it stands in. */
const JSON_STAR = '[^"\\\\]*';

/** Fields that do not change what a command does. */
const BESIDE_COMMAND = new Set([
  "command",
  "description",
  "run_in_background",
  "timeout",
  "timeout_ms",
]);

/** A way up, out of the folder that a pattern names. */
const PARENT_FOLDER = /(?:^|[\\/])(?:\.|%2e){2}(?:[\\/?#]|$)/i;

/**
 * Reads patterns, separated by commas: the name of a tool, in parentheses what its call must be
 * about, and `*` for anything in both. What Claude's own settings have is read as well:
 * `Bash(git log:*)`, `WebFetch(domain:HOST)`, and `mcp__SERVER` for all tools of a server.
 *
 * @returns undefined where they are none
 */
export function readToolPatterns(text: string): readonly ToolPattern[] | undefined {
  const parts = splitAtCommas(text)?.map((part) => part.trim()).filter((part) => part !== "");
  if (parts === undefined || parts.length === 0) return undefined;
  const patterns = parts.flatMap((part) => readPattern(part) ?? []);
  return patterns.length === parts.length ? patterns : undefined;
}

/** Splits at commas outside of parentheses; undefined where those do not match. */
function splitAtCommas(text: string): string[] | undefined {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")" && --depth < 0) return undefined;
    if (character === "," && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + character);
  }
  return depth === 0 ? parts : undefined;
}

function readPattern(text: string): ToolPattern | undefined {
  const [, name = "", argument = "*"] = /^([^()]+)(?:\((.*)\))?$/s.exec(text) ?? [];
  if (name.trim() === "") return undefined;
  const tool = toolGlob(name.trim());
  return {
    matches: (name, input) =>
      tool.test(name) && (argument === "*" || isAbout(argument, isObject(input) ? input : {})),
  };
}

function isAbout(pattern: string, input: JsonObject): boolean {
  // Nobody knows which of two values the tool goes by.
  if (hasRepeatedKeys(input)) return false;
  // Some tools read the names of fields in any case.
  const fields = Object.keys(input).filter((field) => MAIN_FIELDS.has(field.toLowerCase()));
  const [field] = fields;
  if (field === undefined) return globOf(pattern, JSON_STAR).test(jsonOf(input));
  // With two of them, or one in capitals, nobody knows which one the tool goes by.
  if (fields.length > 1 || !MAIN_FIELDS.has(field)) return false;
  const value = stringOr(input[field], "");
  switch (field) {
    case "command":
      return Object.keys(input).every((name) => BESIDE_COMMAND.has(name)) &&
        commandGlob(pattern).test(value);
    case "url":
      return !PARENT_FOLDER.test(value) && urlGlob(pattern).test(value);
    case "query":
      return globOf(pattern, LINE_STAR).test(value);
    default:
      return !(pattern.includes("*") && PARENT_FOLDER.test(value)) &&
        globOf(pattern, LINE_STAR).test(value);
  }
}

function toolGlob(name: string): RegExp {
  const isServer = /^mcp__(?:(?!__).)+$/s.test(name);
  return new RegExp(`^${globSource(name, ".*")}${isServer ? "(?:__.*)?" : ""}$`, "su");
}

function commandGlob(pattern: string): RegExp {
  const start = /^(.+):\*$/s.exec(pattern)?.[1];
  if (start === undefined) return globOf(pattern, COMMAND_STAR);
  return new RegExp(`^${globSource(start, COMMAND_STAR)}(?:[ :]${COMMAND_STAR})?$`, "su");
}

function urlGlob(pattern: string): RegExp {
  const domain = /^domain:([^/?#@\\:]+)$/.exec(pattern)?.[1];
  if (domain !== undefined) {
    return new RegExp(`^https?://${globSource(domain, HOST_STAR)}(?:[/?#]${LINE_STAR})?$`, "su");
  }
  const host = /^[^/]*\/\/[^/?#]*/.exec(pattern)?.[0] ?? "";
  const start = globSource(host, HOST_STAR);
  return new RegExp(`^${start}${globSource(pattern.slice(host.length), LINE_STAR)}$`, "su");
}

function globOf(text: string, star: string): RegExp {
  return new RegExp(`^${globSource(text, star)}$`, "su");
}

function globSource(text: string, star: string): string {
  return text.split("*").map((part) => RegExp.escape(part)).join(star);
}

/** The input as compact JSON; what is nested too deeply for that is like nothing. */
function jsonOf(input: JsonObject): string {
  try {
    return JSON.stringify(input);
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}
