import { assert, assertEquals } from "@std/assert";
import { decode } from "@toon-format/toon";
import { isUnsafe } from "../../../src/render/safe_text.ts";
import { toToon } from "../../../src/render/toon.ts";
import { ACTIVE, ATTACKS, unspell } from "../../support/attacks.ts";

Deno.test("toToon() writes rows of the same fields as a table", () => {
  assertEquals(
    toToon([{ id: "s-1", turns: 3 }, { id: "s-2", turns: null }]),
    "[2]{id,turns}:\n  s-1,3\n  s-2,null\n",
  );
});

Deno.test("toToon() writes values that read back as they were", () => {
  const values = [
    [],
    {},
    null,
    "",
    1.5,
    { a: { b: ["x", { c: [] }] } },
    [{ a: 1 }, { b: "1" }],
    { text: 'yes, "quoted"\n\ttabs: and \\ more' },
    { control: "\x00\x1b[31mred\x7f \x85 \x9b" },
    [{ bidi: "\u202eabc\u2066" }, { bidi: "\u2028\u200b\ufeff" }],
    { "a key\n": "日本語 \u{1f468}\u200d\u{1f469}" },
  ];
  for (const value of values) {
    const text = toToon(value);
    assertEquals(decode(text), value, text);
    assert(!isUnsafe(text), text);
  }
});

Deno.test("toToon() spells out what TOON has no escape for", () => {
  const value = { tag: "a\u{e0041}b", surrogate: "\ud800", "na\u202eme": 1 };
  assertEquals(decode(toToon(value)), {
    tag: "a\\u{e0041}b",
    surrogate: "\\ud800",
    "na\\u202eme": 1,
  });
});

Deno.test("toToon() writes nothing that a terminal acts upon, and loses none of it", () => {
  for (const [name, attack] of ATTACKS) {
    const text = toToon({ attack, [attack]: [attack] });
    assert(!ACTIVE.test(text), name);
    const read = Object(decode(text));
    assertEquals(unspell(read.attack), attack, name);
    assertEquals(unspell(Object.keys(read)[1] ?? ""), attack, name);
  }
});
