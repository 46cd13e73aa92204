import { assert, assertEquals } from "@std/assert";
import {
  escapeJson,
  isUnsafe,
  safeLines,
  safeText,
  sanitize,
  sanitizeDrawn,
  sanitizeLine,
  spellOut,
  spellOutLine,
} from "../../../src/render/safe_text.ts";
import { ACTIVE, ATTACKS, randomAttack, unspell } from "../../support/attacks.ts";
import { makeRandom } from "../../support/random.ts";

for (const [name, attack] of ATTACKS) {
  Deno.test(`sanitize() takes out ${name}, and leaves a mark`, () => {
    const safe = sanitize(`before ${attack} after`);
    assert(!ACTIVE.test(safe), JSON.stringify(safe));
    assert(safe.includes("\ufffd") && safe.startsWith("before "));
  });

  Deno.test(`spellOut() shows ${name} as what it is`, () => {
    const shown = spellOut(attack);
    assert(!ACTIVE.test(shown), JSON.stringify(shown));
    assertEquals(unspell(shown), attack);
  });

  Deno.test(`escapeJson() keeps ${name} without loss`, () => {
    const value = { text: attack, nested: [attack], [attack]: 1 };
    const json = escapeJson(JSON.stringify(value));
    assert(!ACTIVE.test(json), JSON.stringify(json));
    assertEquals(JSON.parse(json), value);
  });

  Deno.test(`sanitize() takes out ${name} in two parts, wherever it was cut`, () => {
    for (let at = 0; at <= attack.length; at++) {
      const [head, tail] = [attack.slice(0, at), attack.slice(at)];
      const shown = [head, tail, `${head}\n${tail}`].map(sanitize).join("\n");
      assert(!ACTIVE.test(shown), `${at}: ${JSON.stringify(shown)}`);
    }
  });
}

const ORDINARY = [
  "plain\ttab\nnext",
  "日本語 한국어 \u1112\u1161\u11ab\u1100\u1173\u11af \uac00\u11a8 葛\u{e0100}城 שלום العربية e\u0301 Việt Nam ﷽",
  "می\u200cخواهم ക്\u200d क्\u200dष ᠠ\u180b ١\u0600",
  "👩\u200d👩\u200d👧 👍🏽 ✔\ufe0f ❤\ufe0f\u200d🔥 1\ufe0f\u20e3 🇨🇭 ☎\ufe0e",
  "🧑🏻\u200d❤\ufe0f\u200d💋\u200d🧑🏼 👨\u200d👩\u200d👧\u200d👦👨\u200d👩\u200d👧\u200d👦",
  "─│┼ → … — “quoted” ½ µ € №",
];

for (const text of ORDINARY) {
  Deno.test(`sanitize() leaves ${JSON.stringify(text)} alone`, () => {
    assertEquals(String(sanitize(text)), text);
    assertEquals(String(spellOut(text)), text);
    assertEquals(String(escapeJson(text)), text);
    assertEquals(isUnsafe(text), false);
  });
}

Deno.test("isUnsafe() is true of each character that may not reach a terminal", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (ACTIVE.test(character)) assert(isUnsafe(character), `U+${code.toString(16)}`);
  }
});

Deno.test("sanitize() reads CR LF as a line end", () => {
  assertEquals(String(sanitize("one\r\ntwo")), "one\ntwo");
});

Deno.test("sanitize() leaves the first accents of a heap, and one mark for the others", () => {
  assertEquals(String(sanitize(`e${"\u0301".repeat(30)}f`)), `e${"\u0301".repeat(5)}\ufffdf`);
});

Deno.test("sanitizeLine() makes one line of text", () => {
  assertEquals(
    String(sanitizeLine("one\n  Error: two\r\n\n\tthree  four\x1b[A")),
    "one Error: two three  four\ufffd",
  );
});

Deno.test("spellOutLine() spells line ends and tabs out", () => {
  assertEquals(String(spellOutLine("one\n\ttwo\r\n")), "one\\n\\ttwo\\x0d\\n");
});

Deno.test("safeLines() breaks text at its line ends", () => {
  assertEquals(safeLines(safeText`one\n\ntwo\n\n`).map(String), ["one", "", "two", ""]);
  assertEquals(safeLines(safeText`one`).map(String), ["one"]);
  assertEquals(safeLines(safeText``), []);
});

Deno.test("sanitize() lets nothing through of random attacks, nor do spellOut() and escapeJson()", () => {
  const random = makeRandom();
  for (let round = 0; round < 5_000; round++) {
    const text = randomAttack(random);
    const context = `seed ${random.seed}: ${JSON.stringify(text)}`;
    assert(!ACTIVE.test(sanitize(text)), context);
    const spelled = spellOut(text);
    assert(!ACTIVE.test(spelled), context);
    // An attack may itself hold what reads like a character that was spelled out.
    if (unspell(text) === text) assertEquals(unspell(spelled), text, context);
    const json = escapeJson(JSON.stringify(text));
    assert(!ACTIVE.test(json), context);
    assertEquals(JSON.parse(json), text, context);
  }
});

// deno-lint-ignore no-control-regex
const DRAWING = /\r|\x1b\[(?:\?25[hl]|[\d;]*[A-Km])/g;

Deno.test("sanitizeDrawn() leaves what draws, and nothing else that a terminal acts upon", () => {
  const drawing = "\x1b[2K\x1b[G\x1b[1m? \x1b[22mname\r\x1b[3A\x1b[0J\x1b[?25l\x1b[4;5H\n";
  assertEquals(String(sanitizeDrawn(drawing)), drawing);
  for (const [name, attack] of ATTACKS) {
    const left = sanitizeDrawn(attack).replaceAll(DRAWING, "");
    assert(!ACTIVE.test(left), name);
  }
});

Deno.test("safeText() joins our words and safe text as they stand", () => {
  const part = sanitize("two");
  assertEquals(String(safeText`one ${part} ${3}\n`), "one two 3\n");
});
