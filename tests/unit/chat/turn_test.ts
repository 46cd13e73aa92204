import { assertEquals } from "@std/assert";
import { TurnState } from "../../../src/chat/turn.ts";
import type { Frame } from "../../../src/protocol/frames.ts";

const answer: Frame = { type: "assistant", payload: { content: "x" } };
const result: Frame = { type: "result", payload: {} };
const approval: Frame = {
  type: "tool_approval_request",
  payload: { tool_use_id: "t1", tool_name: "Bash" },
};

Deno.test("TurnState.isWorking is true from the prompt to its result", () => {
  const turn = new TurnState();
  assertEquals(turn.isWorking, false);
  turn.prompted();
  assertEquals(turn.isWorking, true);
  turn.apply(answer);
  turn.apply(result);
  assertEquals(turn.isWorking, false);
});

Deno.test("TurnState.isWorking counts a result for each prompt", () => {
  const turn = new TurnState();
  turn.prompted();
  turn.prompted();
  turn.apply(result);
  assertEquals([turn.isWorking, turn.mayBeSettled], [true, true]);
  turn.apply(answer);
  assertEquals(turn.mayBeSettled, false);
  turn.apply(result);
  assertEquals(turn.isWorking, false);
});

Deno.test("TurnState.isWorking learns from the history what went on before", () => {
  const turn = new TurnState();
  turn.apply({ type: "history", payload: { messages: [answer] } });
  assertEquals(turn.isWorking, true);
  turn.apply({ type: "history", payload: { messages: [answer, result] } });
  assertEquals(turn.isWorking, false);
});

Deno.test("TurnState.pending holds a request until the request is answered, here or elsewhere", () => {
  const turn = new TurnState();
  turn.apply(approval);
  assertEquals(turn.pending, [approval]);
  turn.apply({ type: "tool_result", payload: { tool_use_id: "t1", content: "ok" } });
  assertEquals(turn.pending, []);
  turn.apply(approval);
  turn.answered("t1");
  assertEquals(turn.pending, []);
});

Deno.test("TurnState.pending keeps a request that is sent again, and takes another one under its id", () => {
  const turn = new TurnState();
  turn.apply(approval);
  const before = turn.pending;
  turn.apply(structuredClone(approval));
  assertEquals(turn.pending === before, true);
  const other = { ...approval, payload: { ...approval.payload, tool_input: { command: "id" } } };
  turn.apply(other);
  assertEquals(turn.pending, [other]);
});

Deno.test("TurnState.pending has no request again that was answered, unless it asks something else", () => {
  const turn = new TurnState();
  turn.apply(approval);
  turn.answered("t1");
  turn.apply({ type: "history", payload: { messages: [structuredClone(approval)] } });
  assertEquals(turn.pending, []);
  const other = { ...approval, payload: { ...approval.payload, tool_name: "Write" } };
  turn.apply(other);
  assertEquals(turn.pending, [other]);
});
