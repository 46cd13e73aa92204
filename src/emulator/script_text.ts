import { isObject, type JsonObject } from "../protocol/frames.ts";
import type { Question } from "./scenario.ts";

/** What the texts of a script can speak of. */
export interface Variables {
  readonly prompt: string;
  /** By the question's header. */
  answers?: Readonly<Record<string, string>>;
  /** What the tool was run with. */
  input?: JsonObject;
  /** Why the last tool call was denied. */
  denial?: string;
}

const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** Fills every `{{name}}` and `{{group.name}}` in the texts of a value; unknown ones stay. */
export function fillTemplates<Value>(value: Value, variables: Variables): Value {
  if (typeof value === "string") {
    return value.replaceAll(REFERENCE, (reference, path: string) => {
      const [group = "", ...name] = path.split(".");
      const found = name.length === 0
        ? field(variables, group)
        : field(field(variables, group), name.join("."));
      return found === undefined ? reference : asText(found);
    }) as Value;
  }
  if (Array.isArray(value)) return value.map((each) => fillTemplates(each, variables)) as Value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, fillTemplates(each, variables)]),
  ) as Value;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A question and its answer in one line. The answer stands under the header, or the question. */
export function describeQuestion(
  { header, question }: Question,
  answers: Readonly<Record<string, string>>,
): string {
  return `${question} ${answers[header ?? question] ?? "(no answer)"}`;
}
