import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { parseScenario } from "../../../src/emulator/scenario_file.ts";
import { DEFAULT_SCENARIO } from "../../../src/emulator/scenarios/investigation.ts";

function parse(content: string) {
  return parseScenario(content, "file.yaml", DEFAULT_SCENARIO);
}

Deno.test("parseScenario() reads every kind of step, in YAML", () => {
  const { scripts, pace_ms } = parse(`
    pace_ms: 20
    scripts:
      - prompt: "^help"
        owner: user
        once: true
        steps:
          - say: [one, two]
            usage: { cost_usd: 0.5 }
          - tool: Bash
            input: { command: ls }
            result: [{ type: text, text: a }]
            is_error: true
            approval: always
            denied: [{ say: never mind }]
          - ask:
              - { header: H, question: Q, multiSelect: true, options: [a, { label: b }] }
          - system: { subtype: s, message: m }
          - wait_ms: 5
          - result: { summary: s, success: false }
          - error: { code: c, message: m }
          - fail: { error: e, details: d }
          - frame: { type: t, payload: {} }
          - end: { reason: failed, exit_code: 1 }
  `);
  assertEquals(pace_ms, 20);
  assertEquals(scripts.map(({ steps }) => steps.length), [10]);
  assertEquals(scripts[0]?.steps[4], { wait_ms: 5 });
});

Deno.test("parseScenario() reads JSON, and keeps of the base what is left out", () => {
  const usage = { ...DEFAULT_SCENARIO.usage, cost_usd: 2 };
  assertEquals(parse('{"usage": {"cost_usd": 2}}'), { ...DEFAULT_SCENARIO, usage });
  assertEquals(parse(""), DEFAULT_SCENARIO);
});

Deno.test("parseScenario() accepts the built-in scenario", () => {
  assertEquals(parse(JSON.stringify(DEFAULT_SCENARIO)), DEFAULT_SCENARIO);
});

Deno.test("parseScenario() names the line and column of what is not YAML", () => {
  const error = assertThrows(() => parse("pace_ms: 1\nscripts: [ {"), CliError);
  assertEquals(error.exitCode, ExitCode.Usage);
  assertStringIncludes(error.message, 'Invalid scenario "file.yaml", line 2, column');
});

Deno.test("parseScenario() names the field that is wrong", () => {
  const step = (content: string) => `scripts: [{ steps: [{ say: a }, ${content}] }]`;
  const wrong: Readonly<Record<string, string>> = {
    "[]": "the whole must be an object",
    "pace: 1": "pace is no known field",
    "pace_ms: fast": "pace_ms must be a whole number",
    "start_delay_ms: -1": "start_delay_ms must be",
    "usage: { cost_usd: .nan }": "usage.cost_usd must be a number",
    "usage: { cost: 1 }": "usage.cost is no known field",
    "scripts: {}": "scripts must be a list",
    "scripts: [{}]": "scripts[0].steps is missing",
    "scripts: [{ steps: [], prompt: '(' }]": "scripts[0].prompt must be a regular expression",
    "scripts: [{ steps: [], owner: me }]": "scripts[0].owner must be user or org",
    [step("x")]: "scripts[0].steps[1] must be an object",
    [step("{ tol: Bash }")]: "scripts[0].steps[1] must have one of say, tool, ask",
    [step("{ say: 1 }")]: "scripts[0].steps[1].say must be text or a list of texts",
    [step("{ say: a, tool: b }")]: "scripts[0].steps[1].tool is no known field",
    [step("{ tool: Bash, input: {} }")]: "scripts[0].steps[1].result is missing",
    [step("{ tool: Bash, input: {}, result: a, is_error: 1 }")]: "is_error must be true or false",
    [step("{ tool: Bash, input: {}, result: a, denied: [{ wait_ms: x }] }")]:
      "scripts[0].steps[1].denied[0].wait_ms must be",
    [step("{ ask: [{ question: q, options: [{}] }] }")]:
      "scripts[0].steps[1].ask[0].options[0] must be text, or an object",
    [step("{ end: { reason: r, exit_code: x } }")]:
      "scripts[0].steps[1].end.exit_code must be a whole number",
    [step("{ frame: { payload: {} } }")]: "scripts[0].steps[1].frame.type is missing",
  };
  for (const [content, message] of Object.entries(wrong)) {
    const error = assertThrows(() => parse(content), CliError);
    assertStringIncludes(error.message, message);
  }
});
