import { assertEquals } from "@std/assert";
import {
  breakLines,
  hangingRows,
  hangingWords,
  styledRows,
} from "../../../src/render/break_lines.ts";
import { sanitize } from "../../../src/render/safe_text.ts";
import { roomFor } from "../../../src/render/width.ts";

const WORDS = sanitize(`${"word ".repeat(20)}${"\u4f60\u{1f44d}\u{1f3fd}".repeat(20)}end`);

Deno.test("hangingRows() loses nothing, and lets only the first row begin where a line does", () => {
  for (const columns of [10, 19, 40, 80]) {
    const [first = "", ...others] = hangingRows(WORDS, columns);
    assertEquals(first + others.map((row) => row.slice(2)).join(""), WORDS);
    for (const row of others) {
      assertEquals([row.slice(0, 2), roomFor(row) <= columns], ["  ", true]);
    }
  }
});

Deno.test("hangingWords() breaks between words, and lets only the first row begin where a line does", () => {
  const line = sanitize("one two three four");
  assertEquals(hangingWords(line, 18), [line]);
  assertEquals(hangingWords(line, 10).map(String), ["one two", "  three", "  four"]);
});

Deno.test("styledRows() leaves a line whole where it is unknown what fits", () => {
  const dress = (text: string) => sanitize(`<${text}>`);
  assertEquals(String(styledRows(WORDS, dress, undefined)), `<${WORDS}>\n`);
  assertEquals(
    String(styledRows(sanitize("a".repeat(15)), dress, 10)),
    `<${"a".repeat(10)}>\n<  aaaaa>\n`,
  );
});

Deno.test("breakLines() breaks what does not fit, and what tabs could push to the next row", () => {
  assertEquals(String(breakLines(sanitize("a\tb\n\nc"), 30)), "a\tb\n\nc");
  for (const text of [WORDS, sanitize("\t".repeat(9) + "x")]) {
    for (const row of breakLines(text, 20).split("\n")) {
      assertEquals([roomFor(row) <= 20, row.includes("\t")], [true, false]);
    }
  }
});
