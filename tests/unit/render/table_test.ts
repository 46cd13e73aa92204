import { assertEquals } from "@std/assert";
import { makeStyles } from "../../../src/render/styles.ts";
import { renderRecord, renderTable, type TableOptions } from "../../../src/render/table.ts";
import { widthOf } from "../../../src/render/width.ts";

const PLAIN: TableOptions = { styles: makeStyles(false), kinds: {} };
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";

/** A table as its lines, without the last line feed. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

Deno.test("renderTable() has a header, a rule, and a line for each row", () => {
  const rows = [{ id: "s-1", status: "running", turns: 3 }, { id: "s-2", turns: 12 }];
  assertEquals(linesOf(renderTable(rows, ["id", "status", "turns"], PLAIN).text), [
    "id   status   turns",
    "---  -------  -----",
    "s-1  running      3",
    "s-2              12",
  ]);
});

Deno.test("renderTable() takes nothing for a field that every object has", () => {
  const rows = [JSON.parse('{"constructor": "a b", "__proto__": 2}'), {}];
  assertEquals(linesOf(renderTable(rows, ["constructor", "__proto__"], PLAIN).text), [
    "constructor  __proto__",
    "-----------  ---------",
    "a b                  2",
    "",
  ]);
});

Deno.test("renderTable() aligns columns of the screen, not code units", () => {
  const rows = [{ name: "日本", id: 1 }, { name: FAMILY, id: 2 }, { name: "e\u0301", id: 3 }];
  const lines = linesOf(renderTable(rows, ["name", "id"], PLAIN).text);
  assertEquals(lines.map(widthOf), [10, 10, 10, 10, 10]);
});

Deno.test("renderTable() shows kinds as people read them where it knows the time", () => {
  const rows = [{ at: "2026-01-02T03:00:00Z", cost: 0.5 }];
  const options = { ...PLAIN, kinds: { at: "time", cost: "money" } } as const;
  const now = Date.parse("2026-01-02T03:04:00Z");
  assertEquals(
    linesOf(renderTable(rows, ["at", "cost"], { ...options, now }).text)[2],
    "4 min ago  $0.5000",
  );
  assertEquals(
    linesOf(renderTable(rows, ["at", "cost"], options).text)[2],
    "2026-01-02T03:00:00Z   0.5",
  );
});

Deno.test("renderTable() cuts words, never ids, numbers or times, to fit", () => {
  const id = "0c0b5f0e-8f0e-4c43-9a0e-5d0a0c000000";
  const rows = [{ id, prompt: "Investigate the alert on the host", turns: 1_234_567 }];
  const { text, dropped } = renderTable(rows, ["id", "prompt", "turns"], {
    ...PLAIN,
    available: 70,
  });
  assertEquals(linesOf(text)[2], `${id}  Investigate the aler...  1234567`);
  assertEquals(dropped, []);
});

Deno.test("renderTable() drops the emptiest columns and tells which", () => {
  const rows = [{ id: "session-1", note: "x", region: "europe", why: null }, {
    id: "session-2",
    region: "us",
  }];
  const { text, ...left } = renderTable(rows, ["why", "id", "note", "region"], {
    ...PLAIN,
    available: 17,
  });
  assertEquals(linesOf(text), [
    "id         region",
    "---------  ------",
    "session-1  europe",
    "session-2  us",
  ]);
  assertEquals(left, { dropped: ["note"], droppedEmpty: 1 });
});

Deno.test("renderTable() cuts and drops nothing without a width", () => {
  const rows = [{
    id: "x".repeat(300),
    text: "word ".repeat(100).trim(),
    by: { a: "y".repeat(99) },
  }];
  const { text, dropped } = renderTable(rows, ["id", "text", "by"], PLAIN);
  assertEquals(
    linesOf(text)[2],
    ["x".repeat(300), "word ".repeat(100).trim(), `{"a":"${"y".repeat(99)}"}`].join("  "),
  );
  assertEquals(dropped, []);
});

Deno.test("renderTable() fits every width", () => {
  const rows = [
    { id: "0c0b5f0e-8f0e-4c43-9a0e-5d0a0c000000", name: `日本語 ${FAMILY} investigation`, n: 5 },
    { id: "0c0b5f0e-8f0e-4c43-9a0e-5d0a0c000001", name: "short", n: 1e9, more: "words and words" },
  ];
  for (let available = 4; available < 90; available++) {
    const { text } = renderTable(rows, ["id", "name", "n", "more"], { ...PLAIN, available });
    const widest = Math.max(...linesOf(text).map(widthOf));
    assertEquals(widest <= available, true, `${widest} in ${available}`);
  }
});

Deno.test("renderTable() styles the header and the rule only, around whole lines", () => {
  const options = { styles: makeStyles(true), kinds: {} };
  const lines = linesOf(renderTable([{ id: "s-1", status: "" }], ["id", "status"], options).text);
  assertEquals(lines.map((line) => line.includes("\x1b[")), [true, true, false]);
  assertEquals(lines[2], "s-1");
});

Deno.test("renderTable() makes what a server names and says safe", () => {
  const name = "na\x1b]0;title\x07me\n";
  const { text } = renderTable([{ [name]: "a\x1b[2J\nb" }], [name], PLAIN);
  assertEquals(linesOf(text), ["na\ufffdme", "-----", "a\ufffd b"]);
});

Deno.test("renderRecord() lists fields and values", () => {
  const record = { id: "s-1", cost: 0.5, end_reason: null, tags: ["a", "b"] };
  assertEquals(linesOf(renderRecord(record, { ...PLAIN, kinds: { cost: "money" }, now: 0 })), [
    "Field       Value",
    "----------  -------",
    "id          s-1",
    "cost        $0.5000",
    "end_reason",
    "tags        a, b",
  ]);
});

Deno.test("renderRecord() wraps values and keeps the lines of a text", () => {
  const record = { prompt: "Look at the host\n\n\tand tell me what happened there", id: "s-1" };
  assertEquals(linesOf(renderRecord(record, { ...PLAIN, available: 30 })), [
    "Field   Value",
    "------  --------------------",
    "prompt  Look at the host",
    "",
    "            and tell me what",
    "        happened there",
    "id      s-1",
  ]);
});
