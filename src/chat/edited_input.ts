import { parseExactJson } from "../protocol/exact_json.ts";
import { isObject } from "../protocol/frames.ts";
import { hasRepeatedKeys } from "../protocol/repeated_keys.ts";

/** A tool's input as a person edits it. */
export interface EditableInput {
  /** Whether it is the command alone that is edited, and not the whole input as JSON. */
  readonly isCommand: boolean;
  /** Whether keys stood more than once, of which the text has the last only. */
  readonly hasLost: boolean;
  readonly text: string;
}

/** What is edited of an input; undefined where it is nested too deeply for that. */
export function editableInput(input: unknown): EditableInput | undefined {
  const hasLost = hasRepeatedKeys(input);
  const command = isObject(input) && !hasLost ? input["command"] : undefined;
  if (typeof command === "string") return { isCommand: true, hasLost, text: command };
  const text = jsonOf(input);
  return text === undefined ? undefined : { isCommand: false, hasLost, text };
}

/**
 * The input with what was made of its text.
 *
 * @param text what became of the text of {@linkcode editableInput}
 * @throws {SyntaxError} where it is no JSON object
 */
export function editedInput(input: unknown, { isCommand, text }: EditableInput): unknown {
  if (isCommand) return { ...Object(input), command: text };
  const value = parseExactJson(text);
  if (isObject(value)) return value;
  throw new SyntaxError("Expected a value between { and }");
}

/** Whether two inputs say the same, in the same order, to whoever reads them. */
export function isSameInput(one: unknown, other: unknown): boolean {
  return one === other ||
    (jsonOf(one) === jsonOf(other) && !hasRepeatedKeys(one) && !hasRepeatedKeys(other));
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, null, 2);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
