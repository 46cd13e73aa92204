import { assert, assertEquals } from "@std/assert";
import {
  escapeJson,
  isUnsafe,
  safeText,
  sanitize,
  spellOut,
} from "../../../src/render/safe_text.ts";
import { ACTIVE, ATTACKS } from "../../support/attacks.ts";

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
    const value = { text: attack, nested: [attack] };
    const json = escapeJson(JSON.stringify(value));
    assert(!ACTIVE.test(json), JSON.stringify(json));
    assertEquals(JSON.parse(json), value);
  });
}

/** Reads spelled-out text back. */
function unspell(text: string): string {
  return text.replaceAll(
    /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]+)\}/g,
    (_, ...groups) => {
      const code = parseInt(groups.slice(0, 3).find((group) => group !== undefined), 16);
      return code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(code);
    },
  );
}

Deno.test("sanitize() leaves ordinary text of any language alone", () => {
  const text = "plain\ttab\nnext 日本語 שלום العربية é 👩‍👩‍👧 ✔ ﷽";
  assertEquals(String(sanitize(text)), text);
  assertEquals(isUnsafe(text), false);
});

Deno.test("sanitize() reads CR LF as a line end", () => {
  assertEquals(String(sanitize("one\r\ntwo")), "one\ntwo");
});

Deno.test("sanitize() never lets through what random bytes make", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
  let state = seed;
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  const pieces = [
    "\x1b",
    "[",
    "]",
    "P",
    "\\",
    "\x07",
    "\x9b",
    "\x9c",
    "m",
    ";",
    "3",
    "\n",
    "a",
    "\u202e",
    "\ud83d",
    "\ude00",
  ];
  for (let round = 0; round < 5_000; round++) {
    const text = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]).join(
      "",
    );
    assert(!ACTIVE.test(sanitize(text)), `seed ${seed}: ${JSON.stringify(text)}`);
    assertEquals(unspell(spellOut(text)), text, `seed ${seed}`);
  }
});

Deno.test("safeText() joins our words and safe text as they stand", () => {
  const part = sanitize("two");
  assertEquals(String(safeText`one ${part} ${3}\n`), "one two 3\n");
});
