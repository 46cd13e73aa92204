import { assertEquals } from "@std/assert";
import { type CellStyle, cellText } from "../../../src/render/cell.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const FOR_PEOPLE: CellStyle = { now: NOW, nestedColumns: 20 };
const AS_IT_IS: CellStyle = { nestedColumns: 20 };

Deno.test("cellText() shows plain values as they are and nothing for null", () => {
  const values = ["running", 1234.5, true, null, undefined];
  assertEquals(values.map((value) => cellText(value, undefined, FOR_PEOPLE)), [
    "running",
    "1234.5",
    "true",
    "",
    "",
  ]);
});

Deno.test("cellText() shows each kind as people read it, where the time is known", () => {
  const created = "2026-01-02T03:01:05Z";
  assertEquals(cellText(created, "time", FOR_PEOPLE), "3 min ago");
  assertEquals(cellText(0.0123, "money", FOR_PEOPLE), "$0.0123");
  assertEquals(cellText(12_345, "count", FOR_PEOPLE), "12,345");
  assertEquals(cellText(123_456, "size", FOR_PEOPLE), "120.6 KiB");
  assertEquals(cellText(created, "time", AS_IT_IS), created);
  assertEquals(cellText(0.0123, "money", AS_IT_IS), "0.0123");
});

Deno.test("cellText() shows values that aren't of their kind as they are", () => {
  assertEquals(cellText("soon", "time", FOR_PEOPLE), "soon");
  assertEquals(cellText("free", "money", FOR_PEOPLE), "free");
  assertEquals(cellText(null, "time", FOR_PEOPLE), "");
});

Deno.test("cellText() shows nested values as JSON, or how much they hold", () => {
  const cells = [
    ["a", 1],
    { a: [1] },
    [],
    {},
    [{ a: 1 }],
    ["x".repeat(30)],
    { a: "x".repeat(30) },
    {
      a: 1,
      b: "x".repeat(30),
    },
    ["a".repeat(9), "b".repeat(9), "c"],
  ];
  assertEquals(cells.map((value) => cellText(value, undefined, FOR_PEOPLE)), [
    "a, 1",
    '{"a":[1]}',
    "",
    "{}",
    '[{"a":1}]',
    "[1 item]",
    "{1 key}",
    "{2 keys}",
    "[3 items]",
  ]);
});

Deno.test("cellText() is one safe line", () => {
  assertEquals(cellText(" two\n\tlines\r\n", undefined, FOR_PEOPLE), "two lines");
  assertEquals(cellText("a\x1b[2Jb\u202e", undefined, FOR_PEOPLE), "a\ufffdb\ufffd");
  assertEquals(cellText(["a\nb"], undefined, FOR_PEOPLE), "a b");
});
