import { assert, assertEquals } from "@std/assert";
import { MarkdownStream, renderMarkdown } from "../../../src/render/markdown.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { ATTACKS } from "../../support/attacks.ts";
import { makeRandom, randomText } from "../../support/random.ts";

const VIEW = { styles: makeStyles(true), columns: 40 };
const FENCE = "```";

const TEXT = `# Title of *it*

Some **bold** words, \`code\` and a [link](https://x.y) that go on beyond one row.\r
- item
  - nested 日本語 👩‍👩‍👧
    ${FENCE}sh
    ls -l | wc

    exit
    ${FENCE}
> quoted
> | a | b |
> |---|--:|
> | 1 | 2 |

| c | d |
|---|---|
| \x1b]0;title\x07 | \ud83d\ude00 |
not | a table
---
the end **unclosed
`;

/** Pushes pieces, and checks on the way that what is shown is always what the text so far is. */
function stream(pieces: readonly string[], context: string): string {
  const markdown = new MarkdownStream(VIEW);
  let text = "";
  let stable = "";
  for (const piece of pieces) {
    text += piece;
    const update = markdown.push(piece);
    stable += update.stable;
    assertEquals(stable + update.tail, renderMarkdown(text, VIEW), context);
  }
  return stable + markdown.flush();
}

Deno.test("MarkdownStream.push makes the same of a text wherever it is cut in two", () => {
  const whole: string = renderMarkdown(TEXT, VIEW);
  for (let at = 0; at <= TEXT.length; at++) {
    assertEquals(stream([TEXT.slice(0, at), TEXT.slice(at)], `cut at ${at}`), whole);
  }
});

Deno.test("MarkdownStream.push makes the same of a text that comes unit by unit", () => {
  assertEquals(stream(TEXT.split(""), "unit by unit"), String(renderMarkdown(TEXT, VIEW)));
});

Deno.test("MarkdownStream.push makes the same of random texts in random pieces", () => {
  const random = makeRandom();
  const markup = [
    ...["*", "**", "_", "`", FENCE, "#", "# ", "> ", "- ", "1. ", "  ", "\t", "|", "|-|-|\n"],
    ...[
      "[",
      "](",
      ")",
      "\\",
      "---",
      "\n",
      "\n\n",
      "\r",
      "\r\n",
      " ",
      "a",
      "word ",
      "日本",
      "\ud83d",
    ],
    ...["\ude00", "\u0301", "\u200d", "a|b\n-|-\n", ...ATTACKS.map(([, attack]) => attack)],
  ];
  for (let round = 0; round < 1_000; round++) {
    const text = randomText(random, ["x", ...markup], 30);
    const pieces: string[] = [];
    for (let start = 0; start < text.length;) {
      const end = start + 1 + random.below(8);
      pieces.push(text.slice(start, end));
      start = end;
    }
    const context = `seed ${random.seed}: ${JSON.stringify(pieces)}`;
    assertEquals(stream(pieces, context), String(renderMarkdown(text, VIEW)), context);
  }
});

Deno.test("MarkdownStream.push makes the same of lines beyond any measure", () => {
  const random = makeRandom();
  const texts = [
    `${"x".repeat(70_000)}\r\nb`,
    `- ${"word ".repeat(30_000)}\n  c`,
    `${FENCE}\n${"x".repeat(140_000)}\n${FENCE}`,
    `> ${"😀".repeat(40_000)}`,
    `a|b\n-|-\n${"c".repeat(70_000)}|d\n`,
    `${"y".repeat(65_536)}\r\nb`,
  ];
  for (const text of texts) {
    const whole: string = renderMarkdown(text, VIEW);
    for (let round = 0; round < 5; round++) {
      const markdown = new MarkdownStream(VIEW);
      let streamed = "";
      for (let start = 0; start < text.length;) {
        const end = start + 1 + random.below(20_000);
        streamed += markdown.push(text.slice(start, end)).stable;
        start = end;
      }
      assertEquals(streamed + markdown.flush(), whole, `seed ${random.seed}`);
    }
  }
});

Deno.test("MarkdownStream.push gives a line away as soon as it is whole", () => {
  const markdown = new MarkdownStream(VIEW);
  const shown = (text: string) => {
    const { stable, tail } = markdown.push(text);
    return [String(stable), String(tail)];
  };
  assertEquals(shown("one"), ["", "one\n"]);
  assertEquals(shown(" two\nthree"), ["one two\n", "three\n"]);
  assertEquals(shown("\n\n\n"), ["three\n", ""]);
  assertEquals(shown("- four\n"), ["\n• four\n", ""]);
  assertEquals(shown(`${FENCE}\ncode\n`), ["\x1b[2m```\x1b[0m\ncode\n", ""]);
  assertEquals(shown("\n\nmore"), ["", "\n\nmore\n"]);
});

Deno.test("MarkdownStream.push holds a table back until it is whole", () => {
  const plain = { styles: makeStyles(false), columns: 40 };
  const markdown = new MarkdownStream(plain);
  assertEquals(String(markdown.push("a | b\n").stable), "");
  const open = markdown.push("--|--\nc | dd\n");
  assertEquals([String(open.stable), String(open.tail)], ["", "a | b\n--+---\nc | dd\n"]);
  assertEquals(String(markdown.push("\n").stable), String(open.tail));
});

Deno.test("MarkdownStream.push doesn't hold a table back forever", () => {
  const markdown = new MarkdownStream(VIEW);
  markdown.push("a|b\n-|-\n");
  let rows = 0;
  while (markdown.push("c|d\n").stable === "") assert(++rows < 1_000);
});

Deno.test("MarkdownStream.resize sets the width of rows that follow", () => {
  const markdown = new MarkdownStream({ ...VIEW, columns: 60 });
  const words = "word ".repeat(10).trim();
  assertEquals(markdown.push(`${words}\n`).stable.trimEnd(), words);
  markdown.resize(30);
  const { stable } = markdown.push(`${words}\n`);
  assertEquals(stable.trimEnd().split("\n").map((row) => row.length), [29, 19]);
});

Deno.test("MarkdownStream.flush gives away what is open, and what follows stands in the same block", () => {
  const markdown = new MarkdownStream(VIEW);
  let shown = "";
  for (const piece of [`- a\n  ${FENCE}\n  # o`, "pen *b*\n", `    c`, `\n  ${FENCE}\n\n`, "*d*"]) {
    shown += markdown.push(piece).stable + markdown.flush();
  }
  const rows = shown.split("\n");
  const whole = renderMarkdown(`- a\n  ${FENCE}\n  # o\n  pen *b*\n    c\n  ${FENCE}\n\n*d*`, VIEW);
  assertEquals(rows, whole.split("\n"));
});
