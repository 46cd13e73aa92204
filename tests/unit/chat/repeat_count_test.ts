import { assertEquals } from "@std/assert";
import { RepeatCount } from "../../../src/chat/repeat_count.ts";
import type { Key } from "../../../src/term/keys.ts";

function typed(...keys: Key[]) {
  const count = new RepeatCount();
  const left = keys.map((key) => count.take(key)).filter((key) => key !== undefined);
  return { left, typed: count.typed, times: count.use(), again: count.use() };
}

Deno.test("RepeatCount.use() is what was typed, once", () => {
  const digits: Key[] = [{ name: "digit", digit: "1" }, { name: "text", text: "2" }];
  assertEquals(typed(...digits), { left: [], typed: "12", times: 12, again: 1 });
  assertEquals(typed({ name: "digit", digit: "-" }).times, -1);
});

Deno.test("RepeatCount.take() leaves what is no digit, and digits where no count was begun", () => {
  const text: Key = { name: "text", text: "3x4" };
  assertEquals(typed(text).left, [text]);
  assertEquals(typed({ name: "digit", digit: "2" }, text), {
    left: [{ name: "text", text: "x4" }],
    typed: "23",
    times: 23,
    again: 1,
  });
});

Deno.test("RepeatCount.use() has a limit", () => {
  const digits = Array.from("999999", (digit): Key => ({ name: "digit", digit }));
  assertEquals(typed(...digits).times, 1_000);
});
