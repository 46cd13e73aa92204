import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { toYaml } from "../../../src/render/yaml.ts";
import { ACTIVE, ATTACKS } from "../../support/attacks.ts";

/** Texts that some reader takes for something else, or that a terminal acts upon. */
const TEXTS = [
  "running",
  "",
  "yes",
  "No",
  "on",
  "y",
  "true",
  "null",
  "~",
  "1.0",
  "1_000",
  "0o17",
  "0x1f",
  "017",
  "1e3",
  ".5",
  ".inf",
  "12:30:00",
  "2026-01-01",
  "=",
  "<<",
  "- x",
  "a: b",
  "# x",
  "a #b",
  "*x",
  "&x",
  "!x",
  "%x",
  "@x",
  "`x",
  "{x",
  "[x",
  "? x",
  "| x",
  "---",
  "'x",
  '"x',
  "back\\slash",
  " lead",
  "trail ",
  "two\nlines",
  "end\n",
  "\n\n",
  "  indented\n less",
  "trail \nspace",
  "tab\tin text",
  "\ttab first",
  "\ttab\nfirst",
  "cr\r\nlf",
  "\x1b[31mred",
  "\x00\x07\x7f",
  "\x85\x9b",
  "\u202eabc",
  "\u2028\u2029\u200b\ufeff",
  "\u{e0041}\u{e007f}",
  "\ud800 alone",
  "日本語 \u{1f468}\u200d\u{1f469}",
  ...ATTACKS.map(([, attack]) => attack),
];

const NUMBERS = [0, -1, 1.5, 1e21, 5e-7, -1e-9, 1.5e300, 2 ** 53];

for (const version of ["1.1", "1.2"] as const) {
  const read = (text: string) => parse(text, { version, merge: false });

  Deno.test(`toYaml() writes text that YAML ${version} reads back as it was`, () => {
    for (const text of TEXTS) {
      assertEquals(read(toYaml(text)), text, JSON.stringify(text));
      assertEquals(read(toYaml([text])), [text], JSON.stringify(text));
      assertEquals(read(toYaml({ key: text })), { key: text }, JSON.stringify(text));
      assertEquals(read(toYaml({ [text]: [{ key: 1 }] })), { [text]: [{ key: 1 }] });
    }
  });

  Deno.test(`toYaml() writes other values that YAML ${version} reads back as they were`, () => {
    const shared = { a: 1 };
    for (const value of [...NUMBERS, NUMBERS, null, true, [], {}, [[], [{}]], [shared, shared]]) {
      assertEquals(read(toYaml(value)), value, JSON.stringify(value));
    }
  });
}

Deno.test("toYaml() writes nothing that a terminal acts upon", () => {
  for (const text of TEXTS) assert(!ACTIVE.test(toYaml({ [text]: text })), JSON.stringify(text));
});

Deno.test("toYaml() writes numbers with an exponent so that YAML 1.1 sees a number", () => {
  // PyYAML takes 5e-7 for text: its numbers with an exponent have a point and a sign.
  assertEquals(toYaml({ cost: 5e-7, tokens: 1e21 }), "cost: 5.0e-7\ntokens: 1.0e+21\n");
});

Deno.test("toYaml() lays out objects as blocks, lines of text as lines", () => {
  assertEquals(
    toYaml([{ id: "s-1", prompt: "First line\nsecond line\n", tags: ["a"] }]),
    "- id: s-1\n  prompt: |\n    First line\n    second line\n  tags:\n    - a\n",
  );
});
