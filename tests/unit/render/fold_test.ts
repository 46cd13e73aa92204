import { assert, assertEquals } from "@std/assert";
import { foldLines } from "../../../src/render/fold.ts";
import { makeRandom } from "../../support/random.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}\n`);

Deno.test("foldLines() returns what fits as it is", () => {
  for (const text of ["", "a", "a\n", "\n", "a\n\n\nb", numbered(5).join("")]) {
    assertEquals(foldLines(text, 5, 80), { shown: text, hiddenLines: 0, hiddenBytes: 0 });
  }
});

Deno.test("foldLines() keeps the first and the last lines, and counts what is between", () => {
  const shown = "1\n2\n3\n... 4 more lines, 8 B ...\n8\n9\n";
  const whole = numbered(9).join("");
  assertEquals(foldLines(whole, 6, 80), { shown, hiddenLines: 4, hiddenBytes: 8 });
  const open = whole.slice(0, -1);
  assertEquals(foldLines(open, 6, 80), {
    shown: shown.slice(0, -1),
    hiddenLines: 4,
    hiddenBytes: 8,
  });
});

Deno.test("foldLines() cuts lines that are too long, between user-perceived characters", () => {
  const family = "👩‍👩‍👧";
  const { shown, hiddenLines, hiddenBytes } = foldLines(`a\n${family.repeat(82)}\nb`, 5, 40);
  assertEquals(shown, `a\n${family.repeat(80)}...\nb`);
  assertEquals([hiddenLines, hiddenBytes], [0, 2 * new TextEncoder().encode(family).length]);
});

Deno.test("foldLines() lets few lines be longer than many", () => {
  const line = "x".repeat(1_000);
  const lengthOf = (lines: number) =>
    foldLines(Array(lines).fill(line).join("\n"), 12, 40).shown.split("\n")[0]?.length;
  assertEquals([1, 3, 6, 12, 50].map(lengthOf), [483, 163, 83, 83, 83]);
});

Deno.test("foldLines() shows three lines at least", () => {
  assertEquals(foldLines("a\nb\nc\nd\n", 0, 80).shown, "a\n... 2 more lines, 4 B ...\nd\n");
});

Deno.test("foldLines() loses count of nothing", () => {
  const random = makeRandom();
  const size = (text: string) => new TextEncoder().encode(text).length;
  for (let round = 0; round < 1_000; round++) {
    const line = () => random.pick(["", "é", "日本", "a", "x".repeat(600), "é".repeat(501)]);
    const text = Array.from({ length: random.below(30) }, line).join("\n") +
      random.pick(["", "\n"]);
    const limit = random.below(12);
    const { shown, hiddenLines, hiddenBytes } = foldLines(text, limit, 250);
    const context = `seed ${random.seed}, round ${round}`;
    const ours = (/^\.\.\. .*\n/m.exec(shown)?.[0] ?? "") +
      "...".repeat(shown.split("x...").length - 1) +
      "...".repeat(shown.split("é...").length - 1);
    assertEquals(size(shown) - size(ours) + hiddenBytes, size(text), context);
    assert(shown.replace(/\n$/, "").split("\n").length <= Math.max(limit, 3), context);
    assertEquals(hiddenLines > 0, /^\.\.\. /m.test(shown), context);
  }
});
