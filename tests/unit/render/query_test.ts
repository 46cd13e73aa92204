import { assertEquals, assertThrows } from "@std/assert";
import {
  checkNames,
  compareText,
  fieldNames,
  parseFields,
  selectFields,
  sortRows,
} from "../../../src/render/query.ts";
import { QueryError } from "../../../src/render/query_error.ts";

Deno.test("parseFields() reads names with the positions that they begin at", () => {
  assertEquals(parseFields("id, status,,end_reason"), [
    { name: "id", position: 1 },
    { name: "status", position: 5 },
    { name: "end_reason", position: 13 },
  ]);
});

Deno.test("parseFields() takes a name once and blanks for none", () => {
  assertEquals(parseFields("id,id"), [{ name: "id", position: 1 }]);
  assertEquals(parseFields(" , "), []);
});

Deno.test("selectFields() keeps the fields that are there, in the order of the names", () => {
  const session = { id: "s-1", status: "running", model: null };
  assertEquals(
    Object.entries(selectFields(session, parseFields("model,end_reason,id"))),
    [["model", null], ["id", "s-1"]],
  );
  assertEquals(selectFields(session, parseFields("toString")), {});
});

Deno.test("fieldNames() lists fields in the order they first appear", () => {
  assertEquals([...fieldNames([{ b: 1 }, "text", { a: 1, b: 2 }])], ["b", "a"]);
});

Deno.test("sortRows() puts rows without the field first and keeps the order of equal ones", () => {
  const rows = [{ id: 1, at: "b" }, { id: 2 }, { id: 3, at: "a" }, { id: 4, at: "b" }, {
    id: 5,
    at: null,
  }];
  const ids = (sorted: readonly unknown[]) => sorted.map((row) => rows.find((r) => r === row)?.id);
  assertEquals(ids(sortRows(rows, "at", false)), [2, 5, 3, 1, 4]);
  assertEquals(ids(sortRows(rows, "at", true)), [1, 4, 3, 2, 5]);
});

Deno.test("sortRows() puts values of different kinds in one order", () => {
  const values = [["z"], "b", 10, true, "a", 9, false, null];
  const sorted = sortRows(values.map((v) => ({ v })), "v", false);
  assertEquals(sorted, [null, false, true, 9, 10, "a", "b", ["z"]].map((v) => ({ v })));
});

Deno.test("sortRows() sorts rows that are no objects by themselves", () => {
  assertEquals(sortRows([3, 1, 2], "anything", false), [1, 2, 3]);
});

Deno.test("compareText() orders by code points where UTF-16 units have another order", () => {
  const [emoji, fullWidth] = ["\u{1f600}", "\uff21"];
  assertEquals(emoji < fullWidth, true);
  assertEquals([emoji, fullWidth, "a", "ab", ""].sort(compareText), [
    "",
    "a",
    "ab",
    fullWidth,
    emoji,
  ]);
});

Deno.test("checkNames() names an unknown field, where it stands, and what it may have been", () => {
  const known = new Set(["id", "status"]);
  checkNames("--fields", "id,status", parseFields("id,status"), known);
  const error = assertThrows(
    () => checkNames("--fields", "id,stauts", parseFields("id,stauts"), known),
    QueryError,
  );
  assertEquals(error.message, 'Unknown field "stauts" at position 4 of --fields "id,stauts"');
  assertEquals(error.hint, 'Did you mean "status"? Fields: id, status');
});
