import { assertEquals } from "@std/assert";
import { addUsage, NO_USAGE } from "../../../src/chat/usage.ts";
import type { Frame } from "../../../src/protocol/frames.ts";

function sum(...frames: Frame[]) {
  return frames.reduce(addUsage, NO_USAGE);
}

Deno.test("addUsage() adds up what single calls took", () => {
  const delta: Frame = {
    type: "usage_delta",
    payload: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 2, cost_usd: 0.25 },
  };
  assertEquals(sum(delta, delta), { tokens: 34, cost: 0.5 });
});

Deno.test("addUsage() takes totals from a result, in either of their forms", () => {
  const delta: Frame = { type: "usage_delta", payload: { input_tokens: 10, cost_usd: 0.25 } };
  const nested: Frame = {
    type: "result",
    payload: { total_cost_usd: 0.75, usage: { input_tokens: 100, output_tokens: 1 } },
  };
  const flat: Frame = { type: "result", payload: { cost_usd: 0.75, input_tokens: 101 } };
  assertEquals(sum(delta, nested), { tokens: 101, cost: 0.75 });
  assertEquals(sum(delta, flat), { tokens: 101, cost: 0.75 });
});

Deno.test("addUsage() knows no cost where no frame tells one", () => {
  assertEquals(sum({ type: "usage_delta", payload: { input_tokens: 1 } }), { tokens: 1 });
  assertEquals(sum({ type: "assistant", payload: {} }), NO_USAGE);
});
