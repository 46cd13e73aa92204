import { assertEquals } from "@std/assert";
import { makeStyles } from "../../../src/render/styles.ts";
import { renderTables, type TablesOptions } from "../../../src/render/tables.ts";

const PLAIN: TablesOptions = { styles: makeStyles(false), kinds: {}, first: [] };

/** What is drawn, as lines without the last line feed. */
function linesOf(data: unknown, options: Partial<TablesOptions> = {}): string[] {
  return renderTables(data, { ...PLAIN, ...options }).text.replace(/\n$/, "").split("\n");
}

Deno.test("renderTables() puts the preferred columns of a list first", () => {
  const rows = [{ a: 1, b: 2 }, { c: 3, id: "x" }];
  assertEquals(linesOf(rows, { first: ["id", "zzz", "c"] })[0], "id  c  a  b");
});

Deno.test("renderTables() shows only the columns that were asked for, even empty ones", () => {
  assertEquals(linesOf([{ a: 1, b: 2 }], { first: ["a"], only: ["b", "why"] }), [
    "b  why",
    "-  ---",
    "2",
  ]);
});

Deno.test("renderTables() shows an object as its fields, and one within one as itself", () => {
  const lines = ["Field  Value", "-----  -----", "id     s-1"];
  assertEquals(linesOf({ id: "s-1" }), lines);
  assertEquals(linesOf({ session: { id: "s-1" } }), lines);
});

Deno.test("renderTables() shows lists of objects below the other fields", () => {
  assertEquals(linesOf({ sessions: [{ id: "s-1" }], next_cursor: "c" }), [
    "Field        Value",
    "-----------  -----",
    "next_cursor  c",
    "",
    "sessions:",
    "id",
    "---",
    "s-1",
  ]);
  assertEquals(linesOf({ messages: [{ type: "user" }] }), ["type", "----", "user"]);
  assertEquals(linesOf({ sessions: [], next_cursor: "" })[3], "next_cursor");
});

Deno.test("renderTables() shows an object of objects as a list with their names", () => {
  assertEquals(linesOf({ prod: { oid: "1" }, test: { oid: "2", name: "own" } }), [
    "name  oid",
    "----  ---",
    "prod  1",
    "own   2",
  ]);
});

Deno.test("renderTables() shows other values one a line", () => {
  assertEquals(linesOf(["a", 1, null, { b: 2 }]), ["a", "1", "", '{"b":2}']);
  assertEquals(linesOf(3), ["3"]);
  assertEquals(linesOf("two\nlines \x1b[31m"), ["two", "lines \ufffd"]);
});

Deno.test("renderTables() tells what was dropped from any of its tables", () => {
  const { dropped } = renderTables({ n: 1, rows: [{ id: "long-enough", b: "x" }] }, {
    ...PLAIN,
    available: 12,
  });
  assertEquals(dropped, ["b"]);
});
