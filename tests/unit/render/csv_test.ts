import { assertEquals } from "@std/assert";
import { toCsv } from "../../../src/render/csv.ts";

Deno.test("toCsv() has a header of all fields in the order they first appear", () => {
  assertEquals(toCsv([{ b: 1, a: 2 }, { a: 3, c: 4 }]), "b,a,c\n1,2,\n,3,4\n");
});

Deno.test("toCsv() has just the fields that were asked for, in their order", () => {
  assertEquals(toCsv([{ b: 1, a: 2 }], ["a", "end_reason", "b"]), "a,end_reason,b\n2,,1\n");
});

Deno.test("toCsv() writes values as the Python CLI does", () => {
  assertEquals(
    toCsv({ none: null, yes: true, no: false, cost: 0.5, tags: ["a", 1], by: { u: "x" } }),
    'none,yes,no,cost,tags,by\n,True,False,0.5,"[""a"",1]","{""u"":""x""}"\n',
  );
});

Deno.test("toCsv() quotes what would end a cell", () => {
  assertEquals(
    toCsv([{ text: 'a,b "c"' }, { text: "two\nlines" }, { text: "cr\r\nlf" }]),
    'text\n"a,b ""c"""\n"two\nlines"\n"cr\nlf"\n',
  );
});

Deno.test("toCsv() takes nothing for a field that every object has", () => {
  const rows = [JSON.parse('{"constructor": 1, "__proto__": 2}'), { toString: 3 }];
  assertEquals(toCsv(rows), "constructor,__proto__,toString\n1,2,\n,,3\n");
});

Deno.test("toCsv() spells out what a terminal acts upon", () => {
  assertEquals(toCsv([{ text: "\x1b[31mred\u202e\r" }]), "text\n\\x1b[31mred\\u202e\\x0d\n");
});

Deno.test("toCsv() writes rows that are no objects as a column without a header", () => {
  assertEquals(toCsv(["s-1", "s,2", ["x"]]), 's-1\n"s,2"\n"[""x""]"\n');
  assertEquals(toCsv(3), "3\n");
});

Deno.test("toCsv() has a line even for a row of one empty cell", () => {
  assertEquals(toCsv([{ name: null }, { name: "x" }]), 'name\n""\nx\n');
});

Deno.test("toCsv() writes nothing where there is nothing", () => {
  assertEquals(toCsv([]), "");
  assertEquals(toCsv(null), "");
});
