import { assert, assertEquals } from "@std/assert";
import { type DiffLine, diffLines, foldContext } from "../../../src/render/diff.ts";
import { makeRandom } from "../../support/random.ts";

const SIGNS = { same: " ", deleted: "-", inserted: "+" };

function short(diff: readonly DiffLine[]): string {
  return diff.map(({ kind, line }) => SIGNS[kind] + line).join(" ");
}

const CASES: readonly [name: string, before: string, after: string, diff: string][] = [
  ["nothing", "", "", ""],
  ["what stays", "abc", "abc", " a  b  c"],
  ["what comes", "", "ab", "+a +b"],
  ["what goes", "ab", "", "-a -b"],
  ["what comes in between", "ac", "abc", " a +b  c"],
  ["what goes from in between", "abc", "ac", " a -b  c"],
  ["what is replaced", "abc", "axc", " a -b +x  c"],
  ["all of it", "abc", "xyz", "-a -b -c +x +y +z"],
  ["what moves", "abcd", "bcda", "-a  b  c  d +a"],
  ["what comes twice", "ab", "abab", " a  b +a +b"],
];

for (const [name, before, after, diff] of CASES) {
  Deno.test(`diffLines() shows ${name}`, () => {
    assertEquals(short(diffLines(before.split(""), after.split(""))), diff);
  });
}

/** How many lines two texts have in common at best, in the plainest way there is. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  const table = [Array.from({ length: after.length + 1 }, () => 0)];
  before.forEach((line, row) => {
    const above = table[row] ?? [];
    const current = [0];
    after.forEach((other, column) => {
      current.push(
        line === other
          ? (above[column] ?? 0) + 1
          : Math.max(above[column + 1] ?? 0, current[column] ?? 0),
      );
    });
    table.push(current);
  });
  return table.at(-1)?.at(-1) ?? 0;
}

Deno.test("diffLines() keeps all of both texts, and finds the most that they have in common", () => {
  const random = makeRandom();
  for (let round = 0; round < 2_000; round++) {
    const lines = () =>
      Array.from({ length: random.below(12) }, () => random.pick(["a", "b", "c"]));
    const [before, after] = [lines(), lines()];
    const diff = diffLines(before, after);
    const context = `seed ${random.seed}: ${before.join("")} ${after.join("")}`;
    const without = (kind: DiffLine["kind"]) =>
      diff.filter((line) => line.kind !== kind).map(({ line }) => line);
    assertEquals(without("inserted"), before, context);
    assertEquals(without("deleted"), after, context);
    const same = diff.filter(({ kind }) => kind === "same").length;
    assertEquals(same, longestCommon(before, after), context);
  }
});

Deno.test("diffLines() replaces the middle of texts that have too little in common", () => {
  const lines = (word: string) =>
    Array.from({ length: 50_000 }, (_, index) => `${word} ${index % 7}`);
  const middle = [lines("a"), lines("b")] as const;
  const diff = diffLines(["first", ...middle[0], "last"], ["first", ...middle[1], "last"]);
  assertEquals(diff.length, 100_002);
  assertEquals(short([...diff.slice(0, 2), ...diff.slice(-2)]), " first -a 0 +b 5  last");
});

Deno.test("diffLines() finds few changes in long texts", () => {
  const before = Array.from({ length: 100_000 }, (_, index) => String(index % 100));
  const after = before.with(10, "x").toSpliced(50_000, 3).toSpliced(90_000, 0, "y", "z");
  const changes = diffLines(before, after).filter(({ kind }) => kind !== "same");
  assertEquals(short(changes), "-10 +x -0 -1 -2 +y +z");
});

Deno.test("foldContext() leaves some lines around each change", () => {
  const before = "abcdefghijklmnop".split("");
  const folded = foldContext(diffLines(before, before.with(1, "X").with(9, "Y")), 2);
  const shown = folded.map((line) => line.kind === "folded" ? `[${line.count}]` : short([line]));
  assertEquals(shown, [
    ...[" a", "-b", "+X", " c", " d", "[3]", " h", " i", "-j", "+Y", " k", " l", "[4]"],
  ]);
});

Deno.test("foldContext() folds no single line, and all of what doesn't change", () => {
  const same = (count: number) => diffLines(Array(count).fill("a"), Array(count).fill("a"));
  assertEquals(foldContext([], 3), []);
  assertEquals(foldContext(same(1), 0), same(1));
  assertEquals(foldContext(same(2), 3), [{ kind: "folded", count: 2 }]);
});

Deno.test("foldContext() takes texts of any length", () => {
  const many = diffLines([], Array(300_000).fill("a"));
  assert(foldContext(many, 3).length === many.length);
});
