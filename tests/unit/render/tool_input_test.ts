import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { parseExactJson } from "../../../src/protocol/exact_json.ts";
import { spell } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { renderInputChange, renderToolInput } from "../../../src/render/tool_input.ts";
import { widthOf } from "../../../src/render/width.ts";
import { ACTIVE, ATTACKS } from "../../support/attacks.ts";
import { makeRandom, type Random, randomText } from "../../support/random.ts";
import { TAGGED_STYLES } from "../../support/tagged_styles.ts";

const PLAIN = makeStyles(false);

function lines(name: string, input: unknown, columns = 80): string[] {
  return renderToolInput(name, input, { styles: PLAIN, columns }).rows.map(({ text }) => text);
}

/** A change as text: the warning, and the rows. */
function changeOf(...change: Parameters<typeof renderInputChange>): string {
  const { warning, rows } = renderInputChange(...change);
  const above = warning === undefined ? [] : [warning];
  return [...above, ...rows.map(({ text }) => text)].map((row) => `${row}\n`).join("");
}

function warning(input: unknown): string | undefined {
  return renderToolInput("Bash", input, { styles: PLAIN, columns: 80 }).warning;
}

const FORMS: readonly [name: string, tool: string, input: unknown, lines: string[]][] = [
  ["a command", "Bash", { command: "ls -l" }, ["$ ls -l"]],
  ["a command of several lines", "Bash", { command: "cat <<X\n  a\nX\n" }, [
    "$ cat <<X",
    ">   a",
    "> X",
    "> ",
  ]],
  ["what goes along with a command", "Bash", {
    description: "Lists",
    command: "ls",
    timeout: 5,
    env: { A: "b" },
    later: [true, null],
  }, [
    "$ ls",
    '  description: "Lists"',
    "  timeout: 5",
    "  env: {",
    '    "A": "b"',
    "  }",
    "  later: [",
    "    true,",
    "    null",
    "  ]",
  ]],
  ["a command of a tool with another name", "mcp__host__run", { command: "id", cwd: "/" }, [
    "$ id",
    '  cwd: "/"',
  ]],
  ["a command that is a word among others as JSON", "mcp__host__power", {
    command: "off",
    host: "a",
  }, ["  {", '    "command": "off",', '    "host": "a"', "  }"]],
  ["a command that is no text as JSON", "Bash", { command: 1 }, ["  {", '    "command": 1', "  }"]],
  ["an edit", "Edit", {
    old_string: "a\nb\nc",
    new_string: "a\nB\nc",
    file_path: "/x",
    replace_all: true,
  }, [
    '  file_path: "/x"',
    "  replace_all: true",
    "  old_string -> new_string:",
    "| a",
    "- b",
    "+ B",
    "| c",
  ]],
  ["an edit that only adds", "Edit", { file_path: "/x", old_string: "", new_string: "a\n" }, [
    '  file_path: "/x"',
    "  old_string -> new_string:",
    "+ a",
    "+ ",
  ]],
  ["an edit under other names", "editor", {
    command: "str_replace",
    path: "/x",
    old_str: "a",
    new_str: "b",
  }, ['  path: "/x"', '  command: "str_replace"', "  old_str -> new_str:", "- a", "+ b"]],
  ["several edits", "MultiEdit", {
    file_path: "/x",
    edits: [
      { old_string: "a", new_string: "" },
      { old_string: "b", new_string: "c", replace_all: true },
    ],
  }, [
    '  file_path: "/x"',
    "  edits[0]:",
    "  old_string -> new_string:",
    "- a",
    "  edits[1]:",
    "  replace_all: true",
    "  old_string -> new_string:",
    "- b",
    "+ c",
  ]],
  ["edits of another form as JSON", "MultiEdit", { file_path: "/x", edits: [{ line: 1 }] }, [
    "  {",
    '    "file_path": "/x",',
    '    "edits": [',
    "      {",
    '        "line": 1',
    "      }",
    "    ]",
    "  }",
  ]],
  ["a file", "Write", { content: "a\n\nb\n", file_path: "/x", mode: 420 }, [
    '  file_path: "/x"',
    "  mode: 420",
    "  content (3 lines, 5 bytes):",
    "| a",
    "| ",
    "| b",
  ]],
  ["a file without a line end", "Write", { file_path: "/x", content: "é" }, [
    '  file_path: "/x"',
    "  content (1 line, 2 bytes):",
    "| é",
    "  [no line end behind the last line]",
  ]],
  ["an empty file", "Write", { file_path: "/x", content: "" }, [
    '  file_path: "/x"',
    "  content (0 lines, 0 bytes):",
  ]],
  ["anything else as JSON in its order", "x", {
    b: [1, -2.5e30],
    a: { c: [], d: {} },
    '"': "\n\t\\",
  }, [
    "  {",
    '    "b": [',
    "      1,",
    "      -2.5e+30",
    "    ],",
    '    "a": {',
    '      "c": [],',
    '      "d": {}',
    "    },",
    '    "\\"": "\\n\\t\\\\"',
    "  }",
  ]],
  ["text", "x", "a b", ['  "a b"']],
  ["nothing", "x", undefined, ["  null"]],
  ["an empty input", "Bash", {}, ["  {}"]],
  ["names that look like something else", "Bash", { command: "a", "b: 1\n$ c": 2, "": 3 }, [
    "$ a",
    '  "b: 1\\n$ c": 2',
    '  "": 3',
  ]],
];

for (const [name, tool, input, expected] of FORMS) {
  Deno.test(`renderToolInput() shows ${name}`, () => {
    assertEquals(lines(tool, input), expected);
    assertEquals(renderToolInput(tool, input, { styles: PLAIN, columns: 80 }).warning, undefined);
  });
}

Deno.test("renderToolInput() goes on in the next row, under a sign of its own", () => {
  const rows = [`$ ${"x".repeat(18)}`, "$\u21b3xx ", "> 日本語日本語日本語", ">\u21b3日"];
  assertEquals(lines("Bash", { command: `${"x".repeat(20)} \n${"日本語".repeat(3)}日` }, 20), [
    ...rows.with(1, "$\u21b3xx\u2423"),
  ]);
});

Deno.test("renderToolInput() counts the bytes of the input", () => {
  for (const input of [{ command: "é日本👩" }, { a: [1, {}, [], "\n"], '"': null }, [], "x", 1]) {
    const { bytes } = renderToolInput("x", input, { styles: PLAIN, columns: 80 });
    assertEquals(bytes, new TextEncoder().encode(JSON.stringify(input)).length);
  }
});

Deno.test("renderToolInput() shows inputs of any depth", () => {
  let input: unknown = "core";
  for (let depth = 0; depth < 20_000; depth++) input = depth % 2 === 0 ? [input] : { a: input };
  const rendered = renderToolInput("x", input, { styles: PLAIN, columns: 40 });
  assertEquals(rendered.rows.length, 40_001);
  assert(rendered.rows[20_000]?.text.endsWith('"core"'));
  assert(rendered.rows.every(({ text }) => widthOf(text) <= 40));
});

/** What can't be seen where it stands, and how it is shown. */
const HIDDEN: readonly [name: string, text: string, shown: string, named: string][] = [
  ["an escape sequence", "a\x1b[2Kb", "a\\x1b[2Kb", "\\x1b (1)"],
  ["a carriage return", "rm\rls", "rm\\x0dls", "\\x0d (1)"],
  ["bidi controls", "a\u202eb\u202c", "a\\u202eb\\u202c", "\\u202e (1), \\u202c (1)"],
  ["zero-width characters", "a\u200bb\u200b", "a\\u200bb\\u200b", "\\u200b (2)"],
  ["a joiner without emoji", "a\u200db", "a\\u200db", "\\u200d (1)"],
  ["a soft hyphen", "a\u00adb", "a\\xadb", "\\xad (1)"],
  [
    "other blanks",
    "a\u00a0b\u3000c\u2800",
    "a\\xa0b\\u3000c\\u2800",
    "\\xa0 (1), \\u3000 (1), \\u2800 (1)",
  ],
  ["letters without form", "a\u3164b\u115f", "a\\u3164b\\u115f", "\\u3164 (1), \\u115f (1)"],
  [
    "variation selectors",
    "a\ufe01b\u{e0101}",
    "a\\ufe01b\\u{e0101}",
    "\\ufe01 (1), \\u{e0101} (1)",
  ],
  ["tag characters", "a\u{e0041}", "a\\u{e0041}", "\\u{e0041} (1)"],
  ["lone surrogates", "a\ud800b", "a\\ud800b", "\\ud800 (1)"],
  ["an accent on nothing", "\u0301a", "\\u0301a", "\\u0301 (1)"],
  [
    "letters that look like those beside them",
    "g\u043e\u043egle.com",
    "g\\u043e\\u043egle.com",
    "\\u043e (2)",
  ],
  ["a letter that looks like a Latin one, before one", "\u0441url", "\\u0441url", "\\u0441 (1)"],
  ["Greek letters that look like Latin ones", "r\u03bf\u03bft", "r\\u03bf\\u03bft", "\\u03bf (2)"],
  ["a blank of music", "a\u{1d159}b", "a\\u{1d159}b", "\\u{1d159} (1)"],
  ["a vowel of Hangul on nothing", "a\u1161b", "a\\u1161b", "\\u1161 (1)"],
  ["strokes through text", "r\u0336m", "r\\u0336m", "\\u0336 (1)"],
];

for (const [name, text, shown, named] of HIDDEN) {
  Deno.test(`renderToolInput() spells out ${name}, and warns`, () => {
    assertEquals(lines("Bash", { command: text }), [`$ ${shown}`]);
    assertEquals(
      warning({ command: text }),
      `Warning: hidden or deceptive characters are spelled out: ${named}`,
    );
  });

  Deno.test(`renderToolInput() escapes ${name} in JSON, and warns`, () => {
    for (const input of [{ x: text }, { [text]: 1 }, [text]]) {
      assertEquals(JSON.parse(lines("x", input).join("\n")), input);
      assert(warning(input)?.endsWith(named));
      assert(!lines("x", input).join("\n").includes(text));
    }
  });
}

Deno.test("renderToolInput() spells out what is hidden in the text of a file and its path", () => {
  assertEquals(
    lines("Edit", { file_path: "/\u200bx", old_string: "a\u00a0", new_string: "a " }),
    [
      '  file_path: "/\\u200bx"',
      "  old_string -> new_string:",
      "- a\\xa0",
      "+ a\u2423",
    ],
  );
});

Deno.test("renderToolInput() leaves text of any language, and emoji, as they are", () => {
  const command = "é e\u0301 Привет, мир Δt IT-отдел ελ 日本語 हिन्दी ไทย 👩‍👩‍👧 ✔️ 1️⃣ 👍🏽 🇩🇪";
  assertEquals(lines("Bash", { command }), [`$ ${command}`]);
  assertEquals(warning({ command }), undefined);
});

Deno.test("renderToolInput() warns of letters that run from right to left", () => {
  assertEquals(
    warning({ command: "echo שלום" }),
    "Warning: letters that run from right to left may stand in another order",
  );
});

Deno.test("renderToolInput() marks white space where it can't be seen", () => {
  assertEquals(lines("Bash", { command: "a  \n\tb\tc\r\n   \n  d" }), [
    "$ a\u2423\u2423",
    "> \u21e5   b\u21e5  c\\x0d",
    "> \u2423\u2423\u2423",
    ">   d",
  ]);
});

Deno.test("renderToolInput() counts white space that would push the rest out of sight", () => {
  const blanks = " ".repeat(2_000);
  const command = `ls${blanks}; evil${"\n".repeat(200)}more ${blanks}`;
  assertEquals(lines("Bash", { command }), [
    "$ ls[2,000 spaces]; evil",
    "> [199 lines of nothing but white space]",
    "> more[2,001 spaces]",
  ]);
  assertEquals(warning({ command }), "Warning: long white space is counted, not shown (3)");
  assertEquals(lines("x", [`a${"\n".repeat(200)}b${blanks}c`]), [
    "  [",
    '    "a[200 line ends]b[2,000 spaces]c"',
    "  ]",
  ]);
  assertEquals(lines("Write", { path: "x", content: `a\n${" \n".repeat(50)}b\n` }).slice(2), [
    "| a",
    "| [50 lines of nothing but white space, 50 characters]",
    "| b",
  ]);
});

Deno.test("renderToolInput() shows any length of what repeats", () => {
  const times = 3_000_000;
  const row = (text: string) => lines("x", text.repeat(times))[0];
  assertEquals(row(" "), '  "[3,000,000 spaces]"');
  assertEquals(row("\n"), '  "[3,000,000 line ends]"');
  for (const piece of ["\u200b", "\u0301", "\u1100", "👩\u200d"]) {
    assert(lines("x", piece.repeat(times / 10), 400).length > 100);
  }
});

Deno.test("renderToolInput() breaks even a single character that is wider than a row", () => {
  assertEquals(lines("Bash", { command: "\u1100".repeat(10) }, 20), [
    `$ ${"\u1100".repeat(9)}`,
    "$\u21b3\u1100",
  ]);
});

Deno.test("renderToolInput() spells out heaps of accents from the sixth on", () => {
  assertEquals(lines("Bash", { command: `e${"\u0301".repeat(7)}` }), [
    `$ e${"\u0301".repeat(5)}\\u0301\\u0301`,
  ]);
});

Deno.test("renderToolInput() names the first of many kinds of hidden characters", () => {
  const command = Array.from(
    { length: 12 },
    (_, code) => String.fromCharCode(1 + code % 8, 0x2060 + code),
  )
    .join("");
  assert(/\\x04 \(2\), .* and \d+ more$/.test(warning({ command }) ?? ""));
});

/** An input as it is read, with keys that stand in it more than once. */
function read(text: string): unknown {
  return (parseExactJson(`{"tool_input":${text}}`) as { tool_input: unknown }).tool_input;
}

const TWICE = `{"command":"rm -rf /","command":"ls","env":{"\\u001b":1,"\\u001b":2}}`;

Deno.test("renderToolInput() shows every value of a key, and warns", () => {
  const input = read(TWICE);
  assertEquals(lines("Bash", input), [
    "  {",
    '    "command": "rm -rf /",',
    '    "command": "ls",',
    '    "env": {',
    '      "\\u001b": 1,',
    '      "\\u001b": 2',
    "    }",
    "  }",
  ]);
  const { bytes } = renderToolInput("Bash", input, { styles: PLAIN, columns: 80 });
  assertEquals(bytes, TWICE.length);
  assert(/more than once.*: "command", "\\x1b"/.test(warning(input) ?? ""), warning(input));
});

Deno.test("renderInputChange() shows what became of a key that stood twice", () => {
  const options = { styles: PLAIN, columns: 80 };
  const change = changeOf(read(`{"command":"rm","command":"ls"}`), { command: "ls" }, options);
  assertStringIncludes(change, '-   "command": "rm",\n');
  assert(!/^[-+].*ls/m.test(change.replaceAll(",", "")), change);
});

const CASES: readonly [keys: string, tool: string, input: unknown][] = [
  ['"command", "Command"', "Bash", { command: "ls", Command: "rm" }],
  ['"file_path", "FILE_PATH"', "Write", { file_path: "/a", content: "", FILE_PATH: "/b" }],
  ['"new_string", "new_\u017ftring"', "MultiEdit", {
    file_path: "/a",
    edits: [{ old_string: "a", new_string: "b", "new_\u017ftring": "c" }],
  }],
];

for (const [keys, tool, input] of CASES) {
  Deno.test(`renderToolInput() warns of ${keys}, which may be taken for one`, () => {
    const options = { styles: PLAIN, columns: 80 };
    assert(renderToolInput(tool, input, options).warning?.includes(keys));
    assert(renderInputChange({}, input, options).warning?.includes(keys));
  });
}

Deno.test("renderToolInput() warns of no variables that differ in case", () => {
  const env = { http_proxy: "http://a", HTTP_PROXY: "http://a" };
  assertEquals(warning({ command: "ls", env }), undefined);
});

Deno.test("renderToolInput() dresses what it shows", () => {
  const input = { file_path: "/x", old_string: "a\x1b", new_string: "b " };
  assertEquals(
    renderToolInput("Edit", input, { styles: TAGGED_STYLES, columns: 80 }).rows.slice(2)
      .map(({ text }) => text),
    [
      "<deleted>-</deleted> <deleted>a</deleted><error>\\x1b</error>",
      "<inserted>+</inserted> <inserted>b</inserted><dim>\u2423</dim>",
    ],
  );
});

const PIECES: readonly [string, ...string[]] = [
  "a",
  ...["rm -rf / ", " ".repeat(50), "\n", "\n\n\n\n\n", "\t", "\r", "\r\n", '"', "\\", "日本"],
  ...[
    "👩‍👩‍👧",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "\u1100".repeat(60),
    "\u0301".repeat(20),
    "\u00a0",
    "\u3164",
    "\u0336",
    "$ ",
    "- ",
    "\u21b3",
  ],
  ...ATTACKS.map(([, attack]) => attack),
];

function randomInput(random: Random): unknown {
  const text = () => randomText(random, PIECES, 12);
  return random.pick<() => unknown>([
    () => ({ command: text(), [text()]: text(), timeout: random.below(9) }),
    () => ({ file_path: text(), old_string: text(), new_string: text(), [text()]: [text()] }),
    () => ({ file_path: text(), edits: [{ old_string: text(), new_string: text(), x: text() }] }),
    () => ({ path: text(), content: text(), more: { [text()]: text() } }),
    () => [text(), { [text()]: [null, text(), {}] }],
    text,
  ])();
}

// deno-lint-ignore no-control-regex
const STYLING = /\x1b\[(?:0|[1-9]\d?(?:;\d\d?)*)m/g;

Deno.test("renderToolInput() lets nothing act on the terminal but our styling, and nothing run off", () => {
  const random = makeRandom();
  for (let round = 0; round < 2_000; round++) {
    const [input, changed] = [randomInput(random), randomInput(random)];
    const columns = 20 + random.below(80);
    const context = `seed ${random.seed}: ${JSON.stringify([input, changed])}`;
    for (const styles of [PLAIN, makeStyles(true)]) {
      const rendered = renderToolInput("Bash", input, { styles, columns });
      const change = changeOf(input, changed, { styles, columns }).replaceAll(STYLING, "");
      for (const line of rendered.rows.map(({ text }) => text.replaceAll(STYLING, ""))) {
        assert(!ACTIVE.test(line) && !/[\n\t]/.test(line), context);
        assert(widthOf(line) <= columns, `${columns} columns, ${context}`);
      }
      assert(
        !ACTIVE.test(rendered.warning ?? "") && !/[\n\t]/.test(rendered.warning ?? ""),
        context,
      );
      assert(!ACTIVE.test(change) && !change.includes("\t"), context);
    }
  }
});

/** Reads back what a command was shown as. */
function unrender(shown: readonly string[]): string {
  const joined: string[] = [];
  for (const line of shown) {
    if (line[1] === "\u21b3") joined.push((joined.pop() ?? "") + line.slice(2));
    else joined.push(line.slice(2));
  }
  return joined
    .map((line) =>
      line.replace(
        /^\[([\d,]+) lines of .*\]$/,
        (_, count: string) => "\n".repeat(Number(count.replaceAll(",", "")) - 1),
      )
    )
    .join("\n")
    .replaceAll(
      /\[([\d,]+) spaces\]/g,
      (_, count: string) => " ".repeat(Number(count.replaceAll(",", ""))),
    )
    .replaceAll("\u2423", " ")
    .replaceAll(/\u21e5 */g, "\t")
    .replaceAll(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]+)\}/g, (_, ...groups) => {
      const code = parseInt(groups.slice(0, 3).find((group) => group !== undefined), 16);
      return code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(code);
    });
}

Deno.test("renderToolInput() hides nothing of a command", () => {
  const random = makeRandom();
  // Without the signs that would be read as ours, and blanks behind a tab.
  const pieces = PIECES.filter((piece) =>
    !/[\u21b3\u2423\\\t]/.test(piece) && !/^\s+$/.test(piece)
  );
  for (let round = 0; round < 2_000; round++) {
    const command = randomText(random, ["x", "\n", " ".repeat(50) + "x", "\tx", ...pieces], 20);
    const shown = lines("Bash", { command }, 20 + random.below(80));
    assertEquals(unrender(shown), command, `seed ${random.seed}: ${JSON.stringify(command)}`);
  }
});

Deno.test("renderToolInput() hides no field", () => {
  const random = makeRandom();
  const known = [
    ...["command", "description", "timeout", "file_path", "path", "old_string", "new_string"],
    ...["old_str", "new_str", "edits", "content", "file_text", "new_source", "__proto__", "other"],
  ] as const;
  for (let round = 0; round < 2_000; round++) {
    const values = new Map<string, unknown>();
    for (let field = 0; field < 6; field++) {
      const name = random.pick<string>(["extra", ...known]);
      const text = `value-${random.below(1e9)}`;
      values.set(
        name,
        name === "edits" && random.below(2) === 0
          ? [{ old_string: text, new_string: `${text}-new`, [`in-${text}`]: text }]
          : random.pick<unknown>([text, [text], { [text]: text }]),
      );
    }
    const input = Object.fromEntries(values);
    const shown = lines(random.pick(["Bash", "Edit", "x"]), input, 400).join("\n");
    const context = `seed ${random.seed}: ${JSON.stringify(input)}`;
    for (
      const [text] of JSON.stringify([...values.values()]).matchAll(/[\w-]*value-\d+(?:-new)?/g)
    ) {
      assert(shown.includes(text), `${text} in ${context}`);
    }
    for (const name of values.keys()) {
      if (name !== "command" || typeof values.get(name) !== "string") {
        assert(shown.includes(name), `${name} in ${context}`);
      }
    }
  }
});

const CHANGES: readonly [name: string, before: unknown, after: unknown, text: string][] = [
  [
    "a command",
    { command: "rm -rf /", timeout: 5 },
    { command: "ls", timeout: 5 },
    '- command: "rm -rf /"\n+ command: "ls"\n| timeout: 5\n',
  ],
  [
    "a command of several lines",
    { command: "a\nb\nc\nd\ne\nf" },
    { command: "a\nb\nc\nd\ne\nF " },
    "  command:\n  [2 unchanged lines]\n| c\n| d\n| e\n- f\n+ F\u2423\n",
  ],
  ["fields that come and go", { a: 1 }, { b: [2] }, "- a: 1\n+ b: [\n+   2\n+ ]\n"],
  ["another type", { a: 1 }, { a: "1" }, '- a: 1\n+ a: "1"\n'],
  [
    "what changes in an object, and that nothing else does",
    { a: { b: 1, c: 2 }, d: { e: [3, 4] } },
    { a: { b: 1, c: 5 }, d: { e: [3, 4] } },
    '| a: {\n|   "b": 1,\n-   "c": 2\n+   "c": 5\n| }\n  d:\n  [6 unchanged lines]\n',
  ],
  ["what is no object", [1], "x", '- [\n-   1\n- ]\n+ "x"\n'],
  [
    "text that looks like what white space is shown as",
    { a: " ".repeat(50) + "b" },
    { a: "[50 spaces]b" },
    'Warning: long white space is counted, not shown (1)\n- a: "[50 spaces]b"\n+ a: "[50 spaces]b"\n',
  ],
  [
    "hidden characters, with a warning",
    { a: "b" },
    { a: "b\u200b" },
    "Warning: hidden or deceptive characters are spelled out: \\u200b (1)\n" +
    '- a: "b"\n+ a: "b\\u200b"\n',
  ],
];

for (const [name, before, after, text] of CHANGES) {
  Deno.test(`renderInputChange() shows ${name}`, () => {
    assertEquals(changeOf(before, after, { styles: PLAIN, columns: 80 }), text);
    const colored = changeOf(before, after, { styles: makeStyles(true), columns: 80 });
    assertEquals(stripAnsiCode(colored), text);
  });
}

Deno.test("renderToolInput() numbers the lines whatever the width, so that long ones fill several rows", () => {
  const input = { command: `a\n${"b".repeat(100)}\nc`, timeout: 5 };
  for (const columns of [20, 40, 200]) {
    const { rows } = renderToolInput("Bash", input, { styles: PLAIN, columns });
    assertEquals(Array.from(new Set(rows.map(({ line }) => line))), [0, 1, 2, 3]);
    const long = rows.filter(({ line }) => line === 1).length;
    assertEquals(long, Math.ceil(100 / (columns - 2)));
  }
});

Deno.test("renderToolInput() spells out what a command has that looks like a shell's quotes", () => {
  const options = { styles: PLAIN, columns: 80 };
  const lookalikes = ["\u02b9", "\u2018", "\u201d", "\u2032", "\u037e"];
  for (const lookalike of lookalikes) {
    const spelled = spell(lookalike);
    const command = `echo ${lookalike}a; rm b${lookalike}`;
    const { rows, warning } = renderToolInput("Bash", { command }, options);
    assertEquals(rows.map(({ text }) => String(text)), [
      `$ ${command.replaceAll(lookalike, spelled)}`,
    ]);
    assertEquals(warning?.includes(`${spelled} (2)`), true);
    // Prose has its own quotes.
    const file = renderToolInput("Write", { file_path: "a", content: "it\u2019s" }, options);
    assertEquals(file.warning, undefined);
  }
});
