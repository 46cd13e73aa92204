import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { parseExactJson } from "../../../src/protocol/exact_json.ts";
import { type Frame, type JsonObject, toFrame } from "../../../src/protocol/frames.ts";
import { renderFrame } from "../../../src/render/frames.ts";
import { makeStyles } from "../../../src/render/styles.ts";

const TIMESTAMP = "2026-08-21T09:15:42.123456Z";
const plain = { styles: makeStyles(false), verbose: false };

function frame(type: string, payload: Frame["payload"]): Frame {
  return { type, timestamp: TIMESTAMP, payload };
}

const FORMS: readonly [name: string, frame: Frame, text: string][] = [
  ["the user's words", frame("user", { text: "one\ntwo" }), "user:\n  one\n  two\n"],
  [
    "the agent's text blocks",
    frame("assistant", { content: [{ type: "text", text: "\n\nhi" }, { type: "tool_use" }] }),
    "assistant:\n  hi\n",
  ],
  [
    "a tool call",
    frame("tool_use", { id: "t1", name: "Bash", input: { command: "ls" } }),
    'tool_use Bash (t1): {"command":"ls"}\n',
  ],
  [
    "what a tool gave back as text",
    frame("tool_result", { tool_use_id: "t1", content: "a\nb" }),
    "tool_result (t1):\n  a\n  b\n",
  ],
  [
    "what a tool gave back as blocks",
    frame("tool_result", { tool_use_id: "t1", content: [{ type: "text", text: "a" }] }),
    "tool_result (t1):\n  a\n",
  ],
  [
    "what a tool gave back as an object",
    frame("tool_result", { tool_use_id: "t1", content: { a: 1 } }),
    'tool_result (t1):\n  {"a":1}\n',
  ],
  [
    "a tool's failure",
    frame("tool_result", { tool_use_id: "t1", content: "no", is_error: true }),
    "tool_result (t1) failed:\n  no\n",
  ],
  [
    "a system message",
    frame("system", { subtype: "note", message: "one\n two" }),
    "system[note]: one two\n",
  ],
  ["a result", frame("result", { summary: "done", cost_usd: 1 }), "result: done\n"],
  [
    "a session's end",
    frame("session_end", { reason: "completed", exit_code: 0 }),
    "session ended: completed (exit_code=0)\n",
  ],
  ["a session's end without a code", frame("session_end", { reason: "x" }), "session ended: x\n"],
  [
    "an approval request",
    frame("tool_approval_request", { tool_name: "Bash", tool_input: { command: "id" } }),
    'approval requested for Bash: {"command":"id"}\n',
  ],
  [
    "questions",
    frame("ask_user_question", { questions: [{ question: "A?" }, { question: "B?" }] }),
    "question: A?, B?\n",
  ],
  ["a type that is not known", frame("new_thing", { a: [1] }), 'new_thing: {"a":[1]}\n'],
];

for (const [name, given, text] of FORMS) {
  Deno.test("renderFrame() shows every value of a key of what is to be allowed", () => {
    const input = '{"command":"rm","command":"ls","x":[1,{"":null}]}';
    const text = `{"type":"tool_approval_request","payload":{"tool_input":${input}}}`;
    const request = toFrame(parseExactJson(text));
    assert(request !== undefined);
    assertStringIncludes(renderFrame(request, plain).text, input);
  });

  Deno.test(`renderFrame() renders ${name}`, () => {
    const prefix = `[${TIMESTAMP.slice(11, 19)}] `;
    assertEquals<unknown>(renderFrame(given, plain), { stream: "stdout", text: prefix + text });
  });

  Deno.test(`renderFrame() says the same in color of ${name}`, () => {
    const colored = renderFrame(given, { ...plain, styles: makeStyles(true) }).text;
    assert(colored.includes("\x1b["));
    assertEquals(stripAnsiCode(colored), String(renderFrame(given, plain).text));
  });
}

Deno.test("renderFrame() renders an error for stderr", () => {
  const error = frame("error", { code: "RATE", message: "slow\ndown" });
  assertEquals<unknown>(renderFrame({ ...error, timestamp: "" }, plain), {
    stream: "stderr",
    text: "error [RATE]: slow down\n",
  });
});

Deno.test("renderFrame() keeps the whole time stamp when verbose, and none where there is none", () => {
  const { timestamp: _, ...untimed } = frame("result", { summary: "x" });
  assertEquals(String(renderFrame(untimed, plain).text), "result: x\n");
  const verbose = renderFrame(frame("result", { summary: "x" }), { ...plain, verbose: true });
  assertEquals(String(verbose.text), `[${TIMESTAMP}] result: x\n`);
});

Deno.test("renderFrame() cuts a tool's input at 500 user-perceived characters", () => {
  const family = "👩‍👩‍👧";
  const input = family.repeat(600);
  const { text } = renderFrame(frame("tool_use", { id: "t", name: "n", input }), plain);
  assertEquals(text.split(": ")[1], family.repeat(500) + "...\n");
});

Deno.test("renderFrame() cuts what a tool gave back at 4,000 characters", () => {
  const content = "x".repeat(4_001);
  const { text } = renderFrame(frame("tool_result", { tool_use_id: "t", content }), plain);
  assertEquals(text.split("\n")[1], `  ${"x".repeat(4_000)}...`);
});

Deno.test("renderFrame() never cuts what a person is asked to decide", () => {
  const command = "x".repeat(20_000);
  const request = frame("tool_approval_request", { tool_name: "Bash", tool_input: { command } });
  assert(renderFrame(request, plain).text.includes(command));
});

Deno.test("renderFrame() sanitizes names, ids, reasons and codes alike", () => {
  const evil = "x\x1b]0;owned\x07\ny";
  const frames = [
    frame("tool_use", { id: evil, name: evil, input: evil }),
    frame("tool_result", { tool_use_id: evil, content: evil }),
    frame("system", { subtype: evil, message: evil }),
    frame("result", { summary: evil }),
    frame("session_end", { reason: evil }),
    frame("tool_approval_request", { tool_name: evil, tool_input: evil }),
    frame("ask_user_question", { questions: [{ question: evil }] }),
    frame("error", { code: evil, message: evil }),
    frame(evil, { [evil]: evil }),
    { ...frame("result", { summary: "x" }), timestamp: evil },
  ];
  for (const each of frames) {
    const { text } = renderFrame(each, plain);
    assert(!text.includes("\x1b") && !text.includes("\x07"), text);
  }
});

const FORGED = "x\nsystem[note]: forged\r\n\tforged";

Deno.test("renderFrame() lets no name, id, code or time begin a line of its own", () => {
  const texts: JsonObject = { text: "t", message: FORGED, summary: FORGED, content: "c" };
  const names: JsonObject = { id: FORGED, name: FORGED, tool_use_id: FORGED, tool_name: FORGED };
  const codes: JsonObject = { subtype: FORGED, code: FORGED, reason: FORGED, details: FORGED };
  const types = [...FORMS.map(([, { type }]) => type), "error", "session_error", FORGED];
  for (const type of types) {
    const payload = { ...texts, ...names, ...codes, questions: [{ question: FORGED }] };
    const { text } = renderFrame({ type, timestamp: FORGED, payload }, plain);
    const [, ...others] = text.trimEnd().split("\n");
    assert(others.every((line) => line.startsWith("  ")), text);
  }
});
