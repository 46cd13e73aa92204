import { assert, assertEquals } from "@std/assert";
import {
  escapeJson,
  isUnsafe,
  safeText,
  sanitize,
  spellOut,
} from "../../../src/render/safe_text.ts";

/** What an agent may send to take over a terminal, or to be read as what it is not. */
const ATTACKS: readonly [name: string, text: string][] = [
  ["a color", "\x1b[31mred\x1b[0m"],
  ["a title", "\x1b]0;owned\x07"],
  ["a title that ends in ST", "\x1b]2;owned\x1b\\"],
  ["the clipboard", "\x1b]52;c;cm0gLXJmIC8=\x07"],
  ["a hyperlink", "\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\"],
  ["cursor movement", "allow\x1b[1A\x1b[2Kdeny"],
  ["a query that types its answer", "\x1b[6n\x1b[c\x1bZ"],
  ["a device control string", "\x1bP+q544e\x1b\\"],
  ["an application command", "\x1b_Gf=100;AAAA\x1b\\"],
  ["tmux's own passthrough", "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\"],
  ["iTerm's file download", "\x1b]1337;File=inline=1:AAAA\x07"],
  ["a sequence in C1 form", "\u009b31m\u009d0;x\u009c\u0090q\u009c"],
  ["a sequence that is cut off", "text\x1b["],
  ["a string that never ends", "text\x1b]0;title\nnext line"],
  ["a carriage return", "rm -rf /\recho ok   "],
  ["backspaces", "evil\b\b\b\bgood"],
  ["a bell and shifts", "\x07\x0e\x0f"],
  ["a reset", "\x1bc\x1b#8"],
  ["DEL and NUL", "\x7f\x00"],
  ["bidi overrides", "\u202eevil\u202c\u2066x\u2069\u200f\u061c"],
  ["zero-width characters", "a\u200bb\u2060c\ufeffd"],
  ["line separators", "a\u2028b\u2029c"],
  ["tag characters", "a\u{e0041}\u{e007f}b"],
  ["lone surrogates", "a\ud800b\udc00c"],
];

/** Everything that only the program itself may send to a terminal. */
// deno-lint-ignore no-control-regex
const ACTIVE =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\p{Surrogate}]/u;

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
