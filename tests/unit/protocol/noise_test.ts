import { assertEquals } from "@std/assert";
import type { Frame } from "../../../src/protocol/frames.ts";
import { isNoise } from "../../../src/protocol/noise.ts";

const CASES: readonly [name: string, frame: Frame, noise: boolean][] = [
  ["a status ping", { type: "session_status", payload: { status: "running" } }, true],
  ["a token tally", { type: "usage_delta", payload: { input_tokens: 3 } }, true],
  ["the SDK's session id", { type: "sdk_session_id", payload: {} }, true],
  ["a plumbing system message", { type: "system", payload: { subtype: "model_set" } }, true],
  ["another system message", { type: "system", payload: { subtype: "interrupted" } }, false],
  ["a system message of no subtype", { type: "system", payload: { text: "x" } }, false],
  ["an assistant's words", { type: "assistant", payload: { content: "hi" } }, false],
  [
    "an assistant's tool call alone",
    { type: "assistant", payload: { content: [{ type: "tool_use", id: "1" }] } },
    true,
  ],
  [
    "an assistant's white space",
    { type: "assistant", payload: { content: [{ type: "text", text: "\n\n " }] } },
    true,
  ],
  [
    "an assistant's thought alone",
    { type: "assistant", payload: { content: [{ type: "thinking", text: "hm" }] } },
    true,
  ],
  [
    "a tool's result wrapped as user",
    { type: "user", payload: { content: [{ type: "tool_result", content: "x" }] } },
    true,
  ],
  ["a user's words in the older form", { type: "user", payload: { text: "hi" } }, false],
  ["a result without a summary", { type: "result", payload: { cost_usd: 1 } }, true],
  ["a result with a message", { type: "result", payload: { message: "done" } }, false],
  ["an unknown type", { type: "something_new", payload: {} }, false],
];

for (const [name, frame, noise] of CASES) {
  Deno.test(`isNoise() is ${noise} for ${name}`, () => assertEquals(isNoise(frame), noise));
}
