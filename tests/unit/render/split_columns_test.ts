import { assertEquals } from "@std/assert";
import { splitColumns } from "../../../src/render/split_columns.ts";

const CASES: readonly [text: string, first: number, rest: number, parts: string[]][] = [
  ["", 5, 5, [""]],
  ["abcdefg", 2, 3, ["ab", "cde", "fg"]],
  ["abc", 0, 2, ["", "ab", "c"]],
  ["日本語", 3, 4, ["日", "本語"]],
  ["日本", 1, 2, ["", "日", "本"]],
  ["e\u0301e\u0301", 1, 1, ["e\u0301", "e\u0301"]],
  ["a👩‍👩‍👧b", 2, 6, ["a", "👩‍👩‍👧", "b"]],
  ["\u1100".repeat(3), 2, 4, ["\u1100", "\u1100\u1100"]],
];

for (const [text, first, rest, parts] of CASES) {
  Deno.test(`splitColumns() cuts ${JSON.stringify(text)} into ${first} and ${rest} columns`, () => {
    assertEquals(splitColumns(text, first, rest), parts);
    assertEquals(parts.join(""), text);
  });
}

Deno.test("splitColumns() takes a character of any length", () => {
  const text = `👩${"\u0301".repeat(1.1e7)}\u200d`;
  assertEquals(splitColumns(text, 10, 10), [text]);
});
