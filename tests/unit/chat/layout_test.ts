import { assert, assertEquals } from "@std/assert";
import { lineOf } from "../../../src/chat/line.ts";
import { layOut, PROMPT } from "../../../src/chat/layout.ts";
import { rowsToCursor } from "../../../src/render/screen_rows.ts";

Deno.test("layOut() breaks rows before the last column, wide characters whole", () => {
  // Nine columns may be used: two for the prompt, three characters of two columns, one left over.
  const layout = layOut(lineOf("日本語文字"), {
    prompt: PROMPT,
    columns: 10,
    maxRows: 10,
    maxNarrowRows: 23,
  });
  assertEquals(layout.rows.map(String), ["> 日本語", "  文字"]);
  assertEquals([layout.cursorRow, layout.cursorColumn], [1, 6]);
});

Deno.test("layOut() puts the cursor where the next character will stand", () => {
  const layout = layOut({ ...lineOf("ab"), cursor: 1 }, {
    prompt: PROMPT,
    columns: 80,
    maxRows: 10,
    maxNarrowRows: 23,
  });
  assertEquals([layout.cursorRow, layout.cursorColumn], [0, 3]);
});

Deno.test("layOut() spells out what could act on the terminal", () => {
  const layout = layOut(lineOf("a\x1b[2Jb"), {
    prompt: PROMPT,
    columns: 80,
    maxRows: 10,
    maxNarrowRows: 23,
  });
  assertEquals(layout.rows.map(String), ["> a\\x1b[2Jb"]);
});

Deno.test("layOut() shows the rows around the cursor when there are too many", () => {
  const text = Array.from({ length: 50 }, (_, row) => `row ${row}`).join("\n");
  const layout = layOut(lineOf(text), {
    prompt: PROMPT,
    columns: 80,
    maxRows: 5,
    maxNarrowRows: 23,
  });
  assertEquals(layout.rows.length, 5);
  assert(layout.rows[layout.cursorRow]?.includes("row 49"));
});

Deno.test("rowsToCursor() counts the rows that a narrower screen makes", () => {
  const layout = layOut(lineOf("x".repeat(60) + "\ny"), {
    prompt: PROMPT,
    columns: 80,
    maxRows: 10,
    maxNarrowRows: 23,
  });
  assertEquals(rowsToCursor(layout, 80), 1);
  assertEquals(rowsToCursor(layout, 20), 4);
});

Deno.test("layOut() shows no more rows than stay on the screen when it becomes narrow", () => {
  const long = lineOf("x".repeat(195 * 9));
  const shown = (maxNarrowRows: number, cursor: number) => {
    const options = { prompt: PROMPT, columns: 200, maxRows: 9, maxNarrowRows };
    return layOut({ ...long, cursor }, options);
  };
  const end = long.characters.length;
  assertEquals(shown(45, end).rows.length, 9);
  // Each row makes five.
  assertEquals(shown(44, end).rows.length, 8);
  const { rows, widths, cursorRow } = shown(17, end);
  assertEquals([rows.length, widths.length, cursorRow], [3, 3, 2]);
  assertEquals(rows[cursorRow], shown(45, end).rows.at(-1));
  assertEquals(shown(17, 0).cursorRow, 0);
  assertEquals(shown(0, end).rows.length, 1);
});
