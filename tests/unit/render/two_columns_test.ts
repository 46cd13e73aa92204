import { assert, assertEquals } from "@std/assert";
import { twoColumns } from "../../../src/render/two_columns.ts";

const ROWS = [["/one", "first of all"], ["/twenty", "the twentieth of them"]] as const;

Deno.test("twoColumns() sets one beside the other, and fills the screen", () => {
  assertEquals(twoColumns(ROWS, 32), [
    "  /one     first of all",
    "  /twenty  the twentieth of them",
  ]);
  assertEquals(twoColumns(ROWS, 31), [
    "  /one     first of all",
    "  /twenty  the twentieth of",
    "           them",
  ]);
});

Deno.test("twoColumns() sets one below the other where there is no room beside it", () => {
  assertEquals(twoColumns(ROWS, 20), [
    "  /one",
    "    first of all",
    "  /twenty",
    "    the twentieth of",
    "    them",
  ]);
});

Deno.test("twoColumns() keeps rows within the columns, and every word", () => {
  const words = ROWS.flat().join(" ");
  for (let columns = 15; columns < 40; columns++) {
    const rows = twoColumns(ROWS, columns);
    assert(rows.every(({ length }) => length <= columns), `${columns} columns`);
    assertEquals(rows.join(" ").trim().replaceAll(/ +/g, " "), words);
  }
});
