import { assert, assertEquals } from "@std/assert";
import { renderMarkdown } from "../../../src/render/markdown.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { widthOf } from "../../../src/render/width.ts";
import { ACTIVE, ATTACKS } from "../../support/attacks.ts";
import { makeRandom, randomText } from "../../support/random.ts";
import { TAGGED_STYLES } from "../../support/tagged_styles.ts";

const PLAIN = makeStyles(false);
const COLOR = makeStyles(true);
const FENCE = "```";

function render(text: string, columns: number, styles = TAGGED_STYLES): string {
  return renderMarkdown(text, { styles, columns });
}

/** What a line becomes within its row. */
const INLINE: readonly [name: string, text: string, row: string][] = [
  ["bold", "a **b c** d", "a <bold>b c</bold> d"],
  ["italic", "a *b* _c_", "a <italic>b</italic> <italic>c</italic>"],
  ["bold italic", "***a***", "<bold><italic>a</italic></bold>"],
  ["italic in bold", "**a *b***", "<bold>a </bold><bold><italic>b</italic></bold>"],
  ["bold in italic", "*a **b***", "<italic>a </italic><bold><italic>b</italic></bold>"],
  [
    "two stretches that begin at once",
    "***a** b*",
    "<bold><italic>a</italic></bold><italic> b</italic>",
  ],
  ["bold beside punctuation", '("**a**"), **b:**', '("<bold>a</bold>"), <bold>b:</bold>'],
  ["bold without spaces around it in Chinese", "这是**重点**内容", "这是<bold>重点</bold>内容"],
  ["code", "a `b*c*` d", "a <code>b*c*</code> d"],
  ["code with backticks in it", "`` a`b ``", "<code>a`b</code>"],
  ["code in bold", "**a `b`**", "<bold>a </bold><bold><code>b</code></bold>"],
  ["a link", "[a b](https://x.y/z_1)", "a b (<link>https://x.y/z_1</link>)"],
  ["a link whose text is its address", "[http://x.y](http://x.y)", "<link>http://x.y</link>"],
  ["a link whose text is another address", "[a.b](c.d)", "a.b (<link>c.d</link>)"],
  ["a link with a title", '[a](b "c d")', 'a (<link>b "c d"</link>)'],
  ["a link with bold text", "[**a**](b)", "<bold>a</bold> (<link>b</link>)"],
  ["an address with parentheses", "[a](b(c))", "a (<link>b(c)</link>)"],
  ["an image", "![a](b.png)", "image: a (<link>b.png</link>)"],
  ["an address in angle brackets", "<https://x.y>", "<link>https://x.y</link>"],
  [
    "a sign with a combining mark as no marker",
    "*\ufe0f\u20e3 a*\ufe0f\u20e3 `\u0301b`",
    "*\ufe0f\u20e3 a*\ufe0f\u20e3 `\u0301b`",
  ],
  ["escapes", "\\*a\\* \\`b\\` snake\\_case", "*a* `b` snake_case"],
];

for (const [name, text, row] of INLINE) {
  Deno.test(`renderMarkdown() renders ${name}`, () => {
    assertEquals(render(text, 80), `${row}\n`);
  });

  Deno.test(`renderMarkdown() leaves ${name} as it was written where there is no color`, () => {
    assertEquals(render(text, 80, PLAIN), `${text}\n`);
  });
}

Deno.test("renderMarkdown() takes no marker away that may be none", () => {
  const lines = [
    "/tmp/*/foo/* src/**/*.ts a/**/b/**/c",
    "del *.log *.tmp* and 5*3*2 = 30, 2**3**4",
    "__init__ snake_case_name _x f(*args, **kwargs)",
    "C:\\Windows\\*.exe \\\\server\\share C:\\*.x",
    "a * b * c ** d ** **** ******",
    "array[0](x) [a](b c) [a] (b) [a]() ![",
    "**unclosed *markers `everywhere [here](",
    "<b>html</b> <http a> &amp; #hashtag ~~x~~",
    "**/etc/passwd** **a **",
  ];
  for (const line of lines) assertEquals(render(line, 80), `${line}\n`);
});

const BLOCKS: readonly [name: string, text: string, rows: string, columns: number][] = [
  [
    "headings",
    "# A *b* #\n## C\n### D",
    "<heading>A </heading><heading><italic>b</italic></heading>\n<bold>C</bold>\n<bold><italic>D</italic></bold>\n",
    80,
  ],
  ["what only looks like a heading", "#a\n####### b", "#a\n####### b\n", 80],
  ["line ends as line ends", "a\nb  \n\n\n\nc\r\nd\n\n", "a\nb\n\nc\nd\n", 80],
  ["empty lines before a text as none", "\n \n\na", "a\n", 80],
  ["no text as nothing", "\n \n", "", 80],
  [
    "words that don't fit in the next row",
    "one two three four  five",
    "one two three four\nfive\n",
    20,
  ],
  ["a long word over several rows", `a ${"b".repeat(25)} c`, `a\n${"b".repeat(20)}\nbbbbb c\n`, 20],
  [
    "wide characters by their columns",
    "日本語のとても長い文章。",
    "日本語のとても長い文\n章。\n",
    20,
  ],
  [
    "no row that begins with a full stop",
    "日本語のとても長い文。",
    "日本語のとても長い\n文。\n",
    20,
  ],
  [
    "no row that ends with an opening bracket",
    "日本語のとても長い「文」",
    "日本語のとても長い\n「文」\n",
    20,
  ],
  ["emoji of several code points as one", "👩‍👩‍👧 ".repeat(8), `${"👩‍👩‍👧 ".repeat(7).trim()}\n👩‍👩‍👧\n`, 48],
  [
    "style over the end of a row",
    "aaaa **bbbbbbbbbb cccccccccc**",
    "aaaa <bold>bbbbbbbbbb</bold>\n<bold>cccccccccc</bold>\n",
    20,
  ],
  ["bullets", "* a\n+ b\n- [x] c", "• a\n• b\n• [x] c\n", 80],
  ["numbers as they were written", "2. a\n10) b", "2. a\n10) b\n", 80],
  ["what follows a number of more digits", "12345. a", "12345. a\n", 80],
  ["nested lists", "- a\n  1. b\n     - c\n- d", "• a\n  1. b\n     • c\n• d\n", 80],
  [
    "nested lists of sloppy depth",
    "1. a\n  - b\n      - c\n - d\n2. e",
    "1. a\n   • b\n     • c\n• d\n2. e\n",
    80,
  ],
  [
    "an item's further rows under its words",
    "- aaaa bbbb cccc dddd eeee\n  ffff",
    "• aaaa bbbb cccc\n  dddd eeee\n  ffff\n",
    20,
  ],
  ["an item's second paragraph", "1. a\n\n   b\n\nc", "1. a\n\n   b\n\nc\n", 80],
  ["items without words", "-\n- \n1. a", "•\n•\n1. a\n", 80],
  ["lists that begin on one line", "- 1. a\n  2. b", "• 1. a\n  2. b\n", 80],
  ["rules", "***\n- - -\n___", "<dim>RULE</dim>\n".replace("RULE", "─".repeat(30)).repeat(3), 30],
  [
    "quotes",
    "> a\n>\n>b\n> > c\nd",
    "<dim>│</dim> a\n<dim>│</dim>\n<dim>│</dim> b\n<dim>│</dim> <dim>│</dim> c\nd\n",
    80,
  ],
  [
    "a list in a quote in a list",
    "- > - a\n  > - b\n- c",
    "• <dim>│</dim> • a\n  <dim>│</dim> • b\n• c\n",
    80,
  ],
  ["indented text as code", "a\n\n    b **c**", "a\n\n    b **c**\n", 80],
  [
    "code with its language",
    `${FENCE}sh\n\n  ls *a* **b**\n\n\n# c\n${FENCE}\nd`,
    `<dim>${FENCE}sh</dim>\n\n  ls *a* **b**\n\n\n# c\n<dim>${FENCE}</dim>\nd\n`,
    80,
  ],
  [
    "code in a list",
    `1. a\n   ${FENCE}\n   b\n\n     c\n   ${FENCE}\n   d`,
    `1. a\n   <dim>${FENCE}</dim>\n   b\n\n     c\n   <dim>${FENCE}</dim>\n   d\n`,
    80,
  ],
  [
    "code that begins on the line of its item",
    `9. ${FENCE}\n   b\n   ${FENCE}\n10. ${FENCE}\n    c\n      d\n    ${FENCE}\n- - ${FENCE}\n    e\n    ${FENCE}\n*f*`,
    `9. <dim>${FENCE}</dim>\n   b\n   <dim>${FENCE}</dim>\n10. <dim>${FENCE}</dim>\n    c\n      d\n    ` +
    `<dim>${FENCE}</dim>\n• • <dim>${FENCE}</dim>\n    e\n    <dim>${FENCE}</dim>\n<italic>f</italic>\n`,
    80,
  ],
  [
    "fences within longer fences",
    `~~~~\n~~~\n${FENCE}\n~~~~~\n*a*`,
    `<dim>~~~~</dim>\n~~~\n${FENCE}\n<dim>~~~~~</dim>\n<italic>a</italic>\n`,
    80,
  ],
  ["code that nothing ends", `${FENCE}\na\n\n`, `<dim>${FENCE}</dim>\na\n`, 80],
  [
    "long lines of code as they are",
    `${FENCE}\n${"a ".repeat(30)}b\n${FENCE}`,
    `<dim>${FENCE}</dim>\n${"a ".repeat(30)}b\n<dim>${FENCE}</dim>\n`,
    20,
  ],
  [
    "tabs of code from where it begins",
    `- a\n  ${FENCE}\n  b\tc\n  ${FENCE}`,
    `• a\n  <dim>${FENCE}</dim>\n  b   c\n  <dim>${FENCE}</dim>\n`,
    80,
  ],
];

for (const [name, text, rows, columns] of BLOCKS) {
  Deno.test(`renderMarkdown() renders ${name}`, () => assertEquals(render(text, columns), rows));
}

const TABLE = "| Name | Size |\n|:--|--:|\n| **日本** | 1 |\n| a\\|b | `22` | c |\n| d";

Deno.test("renderMarkdown() renders a table by the columns that its cells fill", () => {
  assertEquals(
    render(TABLE, 80),
    "<bold>Name</bold><dim> │ </dim>  <bold>Size</bold>\n" +
      "<dim>─────┼───────</dim>\n" +
      "<bold>日本</bold><dim> │ </dim>     1\n" +
      "a|b <dim> │ </dim><code>22</code> | c\n" +
      "d   <dim> │ </dim>      \n",
  );
});

Deno.test("renderMarkdown() renders a table without color", () => {
  assertEquals(
    render("a | b\n:-: | ---\nccc | dddd\n\ne", 80, PLAIN),
    " a  | b\n----+-----\nccc | dddd\n\ne\n",
  );
});

Deno.test("renderMarkdown() wraps the cells of a table that is too wide", () => {
  const text = "|Key|Words|\n|-|-|\n|a|one two three four|\n|日本語日本語|five|";
  assertEquals(
    render(text, 20, PLAIN),
    [
      "Key       | Words",
      "----------+---------",
      "a         | one two",
      "          | three",
      "          | four",
      "日本語日  | five",
      "本語      | ",
      "",
    ].join("\n"),
  );
});

Deno.test("renderMarkdown() renders a table as records where it has too many columns", () => {
  const cells = (text: string) => Array.from({ length: 8 }, (_, index) => `${text}${index}`);
  const text = `${cells("header").join("|")}\n${"-|".repeat(8)}\n${cells("value").join("|")}\n`;
  const record = cells("").map((index) => `header${index}: value${index}\n`).join("");
  assertEquals(render(text + cells("value").join("|"), 40, PLAIN), `${record}\n${record}`);
});

Deno.test("renderMarkdown() goes on with a long table in the widths of its first rows", () => {
  const rows = Array.from({ length: 500 }, (_, index) => `| ${index} | x |`);
  const text = render(`|n|m|\n|-|-|\n${rows.join("\n")}\n| ${"w".repeat(5)} | y |`, 80, PLAIN);
  const lines = text.trimEnd().split("\n");
  assertEquals(lines.length, 2 + 500 + 2);
  assertEquals(lines[501], "499 | x");
  assertEquals(lines.slice(-2), ["www | y", "ww  |"]);
});

Deno.test("renderMarkdown() leaves bars that make no table", () => {
  for (const text of ["a | b\n", "a | b\nc | d\n", "a | b\n-|-|-\n", "a | b\n# c\n"]) {
    assertEquals(render(text, 80, PLAIN), text);
  }
});

Deno.test("renderMarkdown() reads a line beyond any measure in parts, of which nothing is lost", () => {
  const words = Array.from({ length: 40_000 }, (_, index) => `w${index}`).join(" ");
  assertEquals(render(words, 80).replaceAll("\n", " ").trim(), words);
  const code = "x".repeat(200_000);
  assertEquals(render(`${FENCE}\n${code}`, 80, PLAIN).replaceAll("\n", ""), FENCE + code);
  const emoji = "😀".repeat(100_000);
  assertEquals(render(emoji, 80).replaceAll("\n", ""), emoji);
});

const MARKUP = [
  ...[
    "*",
    "**",
    "_",
    "`",
    FENCE,
    "~~~",
    "#",
    "# ",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "|",
    "|-|-|\n",
  ],
  ...[
    "[",
    "](",
    ")",
    "<http://",
    ">",
    "!",
    "\\",
    "---",
    "\n",
    "\n\n",
    "\r",
    " ",
    "a",
    "word ",
    "é",
  ],
  ...[
    "日本",
    "。",
    "「",
    "👩‍👩‍👧",
    "\u0301",
    "\ud83d",
    "\ude00",
    ...ATTACKS.map(([, attack]) => attack),
  ],
] as const;

// deno-lint-ignore no-control-regex
const STYLING = /\x1b\[(?:0|[1-9]\d?(?:;\d\d?)*)m/g;

Deno.test("renderMarkdown() lets nothing act on the terminal but our styling", () => {
  const random = makeRandom();
  for (let round = 0; round < 3_000; round++) {
    const text = randomText(random, [...MARKUP], 40);
    const context = `seed ${random.seed}: ${JSON.stringify(text)}`;
    const plain = render(text, 20 + random.below(60), PLAIN);
    assert(!ACTIVE.test(plain) && !plain.includes("\t"), context);
    const color = render(text, 20 + random.below(60), COLOR).replaceAll(STYLING, "");
    assert(!ACTIVE.test(color) && !color.includes("\t"), context);
  }
});

Deno.test("renderMarkdown() heaps no accents that markers kept apart", () => {
  const accents = "\u0301".repeat(5);
  const wraps = [
    "**A**",
    "*A*",
    "`A`",
    "``A``",
    "[A](A)",
    "[A](b)A",
    "[ ](A)",
    "<http://b>A",
    "**a**A",
    "`a`A",
  ];
  for (const one of wraps) {
    for (const other of wraps) {
      const text = `a${accents}${one}${other}${one}`.replaceAll("A", accents);
      const shown = render(text, 80, COLOR).replaceAll(STYLING, "");
      assert(!ACTIVE.test(shown), JSON.stringify({ text, shown }));
    }
  }
});

Deno.test("renderMarkdown() keeps rows within the columns, unless they are code", () => {
  const random = makeRandom();
  for (let round = 0; round < 3_000; round++) {
    const pieces = MARKUP.filter((piece) => !/^[`~ \t]/.test(piece));
    const text = randomText(random, ["x", ...pieces], 40);
    const columns = 10 + random.below(70);
    for (const styles of [PLAIN, COLOR]) {
      for (const row of render(text, columns, styles).replaceAll(STYLING, "").split("\n")) {
        if (row.startsWith("    ")) continue;
        assert(
          widthOf(row) <= columns,
          `seed ${random.seed}, ${columns} columns: ${JSON.stringify({ text, row })}`,
        );
      }
    }
  }
});

Deno.test("renderMarkdown() loses no word in color that it shows without", () => {
  const random = makeRandom();
  // Not in their order: cells of a table may break in other places where markers vanish.
  const letters = (text: string) =>
    (text.replaceAll(STYLING, "").match(/[a-zé日本]/g) ?? []).sort().join("");
  const pieces = MARKUP.filter((piece) => !ACTIVE.test(piece) && !piece.includes("!"));
  for (let round = 0; round < 3_000; round++) {
    const text = randomText(random, ["x", ...pieces], 40);
    assertEquals(
      letters(render(text, 60, COLOR)),
      letters(render(text, 60, PLAIN)),
      `seed ${random.seed}: ${JSON.stringify(text)}`,
    );
  }
});

/** Texts that make careless parsers slow; each is repeated up to a megabyte. */
const PATHOLOGICAL: readonly string[] = [
  ...["*", "* ", "*a ", "*a", "**a *b ", "a* ", "_a ", "`", "`a``b```c ", "[", "[a](", "[a](b c "],
  ...["[a]( [b]( ", "<http://", ">", "> > > a\n", "- ", "#", "|", "|a|b\n", "\\", "\\*", "\x1b]0;"],
  ...[
    "``\u0301",
    "\t",
    "\n",
    " ",
    "日本語",
    "👩‍👩‍👧",
    "\u0301",
    "***\n",
    "![",
    "x",
    "\r",
    "~~~\n",
    "é ",
  ],
];

for (const piece of PATHOLOGICAL) {
  Deno.test(`renderMarkdown() comes to an end with ${JSON.stringify(piece)} a hundred thousand times`, () => {
    render(piece.repeat(100_000), 40, COLOR);
  });
}

Deno.test("renderMarkdown() comes to an end with brackets that are a hundred thousand deep", () => {
  const text = `${"[".repeat(1e5)}a${"]".repeat(1e5)}${"(".repeat(1e5)}b${")".repeat(1e5)}`;
  assertEquals(render(text, 80).replaceAll("\n", ""), text);
});
