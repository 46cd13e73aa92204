import { stringOr } from "../protocol/content.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";

/** Calls of tools that are allowed unasked. */
export interface ToolPattern {
  matches(tool: string, input: unknown): boolean;
}

/**
 * Fields that say what a call is about, each with what `*` stands for in them: nothing that begins
 * another command, hides a line, or leaves the string it stands in.
 */
const MAIN_FIELDS: Readonly<Record<string, string>> = {
  command: "[^;&|`$()<>\\p{Cc}]*",
  file_path: "\\P{Cc}*",
  notebook_path: "\\P{Cc}*",
  path: "\\P{Cc}*",
  url: "\\P{Cc}*",
  query: "\\P{Cc}*",
};
const JSON_STAR = '[^"\\\\]*';
/** In the host of a URL. */
const HOST_STAR = "[^/?#@\\\\:\\p{Cc}]*";

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
 * about, and `*` for anything in both.
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
  const tool = globOf(name.trim(), ".*");
  return {
    matches: (name, input) =>
      tool.test(name) && (argument === "*" || isAbout(argument, isObject(input) ? input : {})),
  };
}

function isAbout(pattern: string, input: JsonObject): boolean {
  const fields = Object.keys(MAIN_FIELDS).filter((field) => Object.hasOwn(input, field));
  const [field] = fields;
  if (field === undefined) return globOf(pattern, JSON_STAR).test(jsonOf(input));
  // With two of them nobody knows which one the tool goes by.
  if (fields.length > 1) return false;
  if (field === "command" && !Object.keys(input).every((name) => BESIDE_COMMAND.has(name))) {
    return false;
  }
  const value = stringOr(input[field], "");
  if (field === "url") return !PARENT_FOLDER.test(value) && urlGlob(pattern).test(value);
  const isPath = field !== "command" && field !== "query";
  if (isPath && pattern.includes("*") && PARENT_FOLDER.test(value)) return false;
  return globOf(pattern, MAIN_FIELDS[field] ?? "").test(value);
}

function urlGlob(pattern: string): RegExp {
  const host = /^[^/]*\/\/[^/?#]*/.exec(pattern)?.[0] ?? "";
  const start = globSource(host, HOST_STAR);
  return new RegExp(`^${start}${globSource(pattern.slice(host.length), "\\P{Cc}*")}$`, "su");
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
