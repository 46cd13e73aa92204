import { assertEquals } from "@std/assert";
import { fitColumns } from "../../../src/render/fit_columns.ts";

const column = (natural: number, least: number, filled: number) => ({ natural, least, filled });

Deno.test("fitColumns() gives each column what it asks for where there is room", () => {
  assertEquals(fitColumns([column(10, 5, 3), column(20, 5, 3)], 32, 2), [10, 20]);
  assertEquals(fitColumns([column(10, 5, 3), column(2000, 5, 3)], Infinity, 2), [10, 2000]);
  assertEquals(fitColumns([], 80, 2), []);
});

Deno.test("fitColumns() shrinks the widest columns first and uses all of the space", () => {
  assertEquals(fitColumns([column(10, 5, 3), column(40, 5, 3), column(30, 5, 3)], 55, 2), [
    10,
    21,
    20,
  ]);
});

Deno.test("fitColumns() shrinks no column below its least", () => {
  assertEquals(fitColumns([column(36, 36, 3), column(40, 10, 3)], 50, 2), [36, 12]);
});

Deno.test("fitColumns() drops the emptiest columns, of equally full ones the last", () => {
  const columns = [column(20, 20, 9), column(20, 20, 1), column(20, 20, 9), column(20, 20, 9)];
  assertEquals(fitColumns(columns, 64, 2), [20, 0, 20, 20]);
  assertEquals(fitColumns(columns, 63, 2), [20, 0, 20, 0]);
  assertEquals(fitColumns(columns, 20, 2), [20, 0, 0, 0]);
});

Deno.test("fitColumns() keeps an emptier column that fits where a fuller one doesn't", () => {
  const columns = [column(20, 20, 9), column(30, 30, 8), column(5, 5, 2), column(3, 3, 0)];
  assertEquals(fitColumns(columns, 40, 2), [20, 0, 5, 0]);
});

Deno.test("fitColumns() keeps empty columns only where all fit", () => {
  const columns = [column(20, 20, 9), column(5, 5, 0)];
  assertEquals(fitColumns(columns, 27, 2), [20, 5]);
  assertEquals(fitColumns([...columns, column(30, 30, 1)], 30, 2), [20, 0, 0]);
});

Deno.test("fitColumns() cuts the one column that stays", () => {
  assertEquals(fitColumns([column(36, 36, 3), column(5, 5, 1)], 20, 2), [20, 0]);
  assertEquals(fitColumns([column(36, 36, 3)], 0, 2), [1]);
});

Deno.test("fitColumns() never exceeds the space that it has", () => {
  for (let available = 8; available < 120; available++) {
    const columns = [column(36, 36, 5), column(7, 7, 5), column(60, 16, 4), column(25, 8, 2)];
    const widths = fitColumns(columns, available, 2).filter((width) => width > 0);
    const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
    assertEquals(total <= available, true, `${widths} in ${available}`);
  }
});
