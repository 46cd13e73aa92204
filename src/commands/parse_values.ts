import { usageError } from "../app/errors.ts";
import { parseExactJson } from "../protocol/exact_json.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";

/** A comma-separated list; empty for an empty string, undefined where none was given. */
export function splitList(text: string | undefined): string[] | undefined {
  return text?.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/**
 * Reads the values of a flag that takes `KEY=VALUE` and may be repeated. The key is trimmed, the
 * value begins after the first `=`, and of two with one key the last counts.
 *
 * @throws {CliError} (exit 4) that doesn't repeat what was given: values may be secrets
 */
export function parsePairs(flag: string, items: readonly string[]): Record<string, string> {
  return Object.fromEntries(items.map((item) => {
    const equals = item.indexOf("=");
    const key = item.slice(0, equals).trim();
    if (equals !== -1 && key !== "") return [key, item.slice(equals + 1)];
    const what = equals === -1 ? 'has no "="' : "has an empty key";
    throw usageError(
      items.length === 1
        ? `The value of ${flag} ${what}`
        : `Value ${items.indexOf(item) + 1} of ${flag} ${what}`,
      `Write ${flag} KEY=VALUE`,
    );
  }));
}

/**
 * Reads a flag that takes a JSON object. Nothing of what was given is rounded.
 *
 * @throws {CliError} (exit 4) that names what is wrong, and where the JSON breaks off
 */
export function parseObject(flag: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw usageError(`The value of ${flag} is not JSON: ${reason}`);
  }
  if (isObject(value)) return value;
  throw usageError(
    `The value of ${flag} is not a JSON object`,
    `Write, for example, ${flag} '{"host": "web-1"}'`,
  );
}
