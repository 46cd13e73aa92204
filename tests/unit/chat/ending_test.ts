import { assertEquals, assertStringIncludes } from "@std/assert";
import { describeEnd, finalOf } from "../../../src/chat/ending.ts";

Deno.test("describeEnd() gives a command that is one line, and no other than it says", () => {
  const id = "s'; rm -rf ~ #";
  const text = describeEnd({ type: "detached" }, finalOf({ type: "detached" }, id), true);
  assertStringIncludes(text, `attach --id 's'\\''; rm -rf ~ #' --interactive`);
});

Deno.test("describeEnd() keeps a server's reason on its line", () => {
  const end = { type: "lost", cause: "gone\r\nDetached; the session goes on.\x1b[A" } as const;
  const text = describeEnd(end, finalOf(end, "s-1"), false);
  assertEquals(text.split("\n").length, 1);
  assertStringIncludes(text, "Connection lost: gone Detached; the session goes on.\ufffd. ");
});
