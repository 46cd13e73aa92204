import { parseDocument } from "yaml";
import { usageError } from "../app/errors.ts";
import { isObject } from "../protocol/frames.ts";
import type { Scenario } from "./scenario.ts";
import {
  amount,
  anyObject,
  anything,
  count,
  either,
  type Fields,
  flag,
  integer,
  list,
  object,
  oneOf,
  pattern,
  type Shape,
  text,
} from "./shape.ts";

const usage = object({
  optional: { input_tokens: count, output_tokens: count, cost_usd: amount },
});

const question = object({
  required: { question: text },
  optional: {
    header: text,
    multiSelect: flag,
    options: list(either(
      text,
      object({ required: { label: text }, optional: { description: text } }),
      "must be text, or an object with label and description",
    )),
  },
});

const steps: Shape = (value, path) => list(step)(value, path);

/** The kinds of steps, by the field that makes a step one. */
const STEPS: Readonly<Record<string, Fields>> = {
  say: {
    required: { say: either(text, list(text), "must be text or a list of texts") },
    optional: { grow_ms: count, usage },
  },
  tool: {
    required: { tool: text, input: anyObject, result: anything },
    optional: { is_error: flag, approval: oneOf("always", "never"), denied: steps, usage },
  },
  ask: { required: { ask: list(question) } },
  system: {
    required: { system: object({ required: { message: text }, optional: { subtype: text } }) },
  },
  wait_ms: { required: { wait_ms: count } },
  result: { required: { result: object({ optional: { summary: text, success: flag } }) } },
  error: { required: { error: object({ required: { code: text, message: text } }) } },
  fail: {
    required: { fail: object({ required: { error: text }, optional: { details: text } }) },
  },
  end: {
    required: { end: object({ required: { reason: text }, optional: { exit_code: integer } }) },
  },
  frame: {
    required: { frame: object({ required: { type: text }, optional: { payload: anyObject } }) },
  },
};

const scenario = object({
  optional: {
    start_delay_ms: count,
    pace_ms: count,
    usage,
    scripts: list(object({
      required: { steps },
      optional: { prompt: pattern, owner: oneOf("user", "org"), once: flag },
    })),
  },
});

function step(value: unknown, path: string): ReturnType<Shape> {
  if (!isObject(value)) return { path, problem: "must be an object" };
  // A tool step has a `result` field, which is a step of its own elsewhere: the order decides.
  const kind = Object.keys(STEPS).find((name) => Object.hasOwn(value, name));
  const fields = kind === undefined ? undefined : STEPS[kind];
  if (fields === undefined) {
    return { path, problem: `must have one of ${Object.keys(STEPS).join(", ")}` };
  }
  return object(fields)(value, path);
}

/**
 * Reads a scenario, in YAML or JSON.
 *
 * @param source where it stands, for errors
 * @param base what it leaves out
 * @throws {CliError} (usage) that names the line and column, or the field
 */
export function parseScenario(content: string, source: string, base: Scenario): Scenario {
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const [problem = "not YAML"] = error.message.split(/ at line \d+|\n/);
    throw usageError(`Invalid scenario "${source}", line ${line}, column ${col}: ${problem}`);
  }
  const value: unknown = document.toJS() ?? {};
  const misfit = scenario(value, "");
  if (misfit !== undefined) {
    const where = misfit.path === "" ? "the whole" : misfit.path;
    throw usageError(`Invalid scenario "${source}": ${where} ${misfit.problem}`);
  }
  const given = value as Partial<Scenario>;
  return { ...base, ...given, usage: { ...base.usage, ...given.usage } };
}
