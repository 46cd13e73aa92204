import { assertEquals } from "@std/assert";
import type { Frame } from "../../../src/protocol/frames.ts";
import { messageSoFar, withoutEarlierStates } from "../../../src/protocol/growing_message.ts";

function said(text: string, id?: unknown): Frame {
  return { type: "assistant", payload: { content: text, ...(id === undefined ? {} : { id }) } };
}

Deno.test("messageSoFar() is undefined for what has no id, or is not the agent's", () => {
  assertEquals(messageSoFar(said("a", "m1")), { id: "m1", text: "a" });
  for (
    const frame of [said("a"), said("a", 7), said("a", ""), { ...said("a", "m"), type: "user" }]
  ) {
    assertEquals(messageSoFar(frame), undefined);
  }
});

Deno.test("withoutEarlierStates() leaves the last state of a message, and all else in order", () => {
  const tool: Frame = { type: "tool_use", payload: { id: "m1" } };
  const frames = [
    said("He", "m1"),
    said("Hello", "m1"),
    tool,
    said("Hello you", "m1"),
    // Another part of the same turn, and messages that happen to be equal.
    said("Then", "m1"),
    said("Hello"),
    said("Hello"),
  ];
  assertEquals(withoutEarlierStates(frames, (frame) => frame), [tool, ...frames.slice(3)]);
});
