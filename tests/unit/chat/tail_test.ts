import { assertEquals } from "@std/assert";
import { lastRows } from "../../../src/chat/tail.ts";
import { safeText, sanitize } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";

Deno.test("lastRows() takes as many rows as fit a screen of 40 columns", () => {
  const text = safeText`first\n${sanitize("x".repeat(100))}\nlast\n`;
  assertEquals(lastRows(text, 120, 4).widths, [100, 4]);
  assertEquals(lastRows(text, 120, 5).widths, [5, 100, 4]);
  assertEquals(lastRows(text, 120, 3).rows.map(String), ["last"]);
  assertEquals(lastRows(safeText``, 120, 3), { rows: [], widths: [] });
});

Deno.test("lastRows() cuts code that is too long for a row, and leaves styling as it is", () => {
  const bold = makeStyles(true).bold(sanitize("b".repeat(9)));
  const { rows, widths } = lastRows(safeText`${bold}\n${sanitize("日本語日本語")}\n`, 9, 5);
  assertEquals(rows.map(String), [String(bold), "日本語..."]);
  assertEquals(widths, [9, 9]);
});
