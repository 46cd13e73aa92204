import { assertEquals } from "@std/assert";
import {
  padEndToWidth,
  padStartToWidth,
  roomFor,
  truncateToWidth,
  widthOf,
  wrapToWidth,
} from "../../../src/render/width.ts";

const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
const FLAG = "\u{1f1e9}\u{1f1ea}";

const WIDTHS: readonly (readonly [string, string, number])[] = [
  ["nothing", "", 0],
  ["ASCII", "status: running", 15],
  ["letters with accents, composed", "\u00e9t\u00e9", 3],
  ["letters with accents, decomposed", "e\u0301te\u0301", 3],
  ["CJK", "日本語", 6],
  ["full-width letters", "ｆｕ", 4],
  ["half-width katakana", "ｱｲ", 2],
  ["Hangul as conjoining letters", "\u1100\u1161\u11a8", 2],
  ["Devanagari", "\u0928\u092e", 2],
  ["Thai with vowel signs", "\u0e19\u0e49\u0e33", 2],
  ["one emoji", "\u{1f600}", 2],
  ["an emoji of people joined", FAMILY, 2],
  ["an emoji with a skin tone", "\u{1f44d}\u{1f3fd}", 2],
  ["a narrow sign with a skin tone", "\u261d\u{1f3fd}", 2],
  ["a skin tone by itself", "\u{1f3fd}", 2],
  ["a heart in emoji style", "\u2764\ufe0f", 2],
  ["a heart in text style", "\u2764", 1],
  ["a heart and a joiner that joins nothing", "\u2764\u200d", 1],
  ["a flag", FLAG, 2],
  ["a keycap", "1\ufe0f\u20e3", 2],
  ["letters with a joiner between them", "a\u200db", 2],
  ["emoji among text", `ok ${FAMILY} 日`, 8],
];

for (const [what, text, width] of WIDTHS) {
  Deno.test(`widthOf() counts the columns of ${what}`, () => {
    assertEquals(widthOf(text), width);
  });
}

/** Columns that some terminal takes for what others draw as less. */
const ROOMS: readonly (readonly [string, string, number])[] = [
  ["ASCII", "status: running", 15],
  ["CJK", "日本語", 6],
  ["people joined, who may stand side by side", FAMILY, 6],
  ["a skin tone, which may stand by itself", "\u{1f44d}\u{1f3fd}", 4],
  ["more skin tones", `\u{1f44d}${"\u{1f3fd}".repeat(9)}`, 20],
  ["a heart in emoji style", "\u2764\ufe0f", 2],
  ["a flag, whose letters may stand by themselves", FLAG, 4],
  ["signs of Arabic that stand under numbers, or beside them", "\u0600\u06dd", 2],
  ["hexagrams", "\u4dc0", 2],
];

for (const [what, text, room] of ROOMS) {
  Deno.test(`roomFor() counts the most columns that a terminal takes for ${what}`, () => {
    assertEquals(roomFor(text), room);
  });
}

Deno.test("truncateToWidth() leaves text that fits as it is", () => {
  assertEquals(truncateToWidth("running", 7), "running");
  assertEquals(truncateToWidth("日本", 4), "日本");
  assertEquals(truncateToWidth("", 0), "");
});

Deno.test("truncateToWidth() cuts between user-perceived characters and ends in dots", () => {
  assertEquals(truncateToWidth("claude-sonnet", 9), "claude...");
  // Two of four columns of room would split a character of two: it is left out.
  assertEquals(truncateToWidth("日本語テキスト", 8), "日本...");
  assertEquals(truncateToWidth(FAMILY.repeat(4), 15), `${FAMILY}${FAMILY}...`);
  assertEquals(truncateToWidth("e\u0301".repeat(9), 5), "e\u0301e\u0301...");
  assertEquals(truncateToWidth(`a${FLAG.repeat(3)}`, 8), `a${FLAG}...`);
});

Deno.test("truncateToWidth() gives as many dots as there is room for", () => {
  assertEquals([3, 2, 1, 0, -1].map((columns) => truncateToWidth("running", columns)), [
    "...",
    "..",
    ".",
    "",
    "",
  ]);
});

Deno.test("padEndToWidth() and padStartToWidth() fill up to columns of the screen", () => {
  assertEquals(padEndToWidth("日本", 6), "日本  ");
  assertEquals(padStartToWidth("日本", 6), "  日本");
  assertEquals(padEndToWidth("running", 3), "running");
});

Deno.test("wrapToWidth() breaks at spaces", () => {
  assertEquals(wrapToWidth("the quick brown fox", 9), ["the quick", "brown fox"]);
  assertEquals(wrapToWidth("one   two", 3), ["one", "two"]);
  assertEquals(wrapToWidth("日本 語", 4), ["日本", "語"]);
});

Deno.test("wrapToWidth() breaks words that are too long between characters", () => {
  assertEquals(wrapToWidth("abcdefgh", 3), ["abc", "def", "gh"]);
  assertEquals(wrapToWidth("ab cdefgh", 4), ["ab", "cdef", "gh"]);
  assertEquals(wrapToWidth(`${FAMILY}${FAMILY}${FAMILY}`, 13), [`${FAMILY}${FAMILY}`, FAMILY]);
  assertEquals(wrapToWidth("日本", 1), ["日", "本"]);
});

Deno.test("wrapToWidth() keeps indentation and gives empty text one line", () => {
  assertEquals(wrapToWidth("  a bc", 4), ["  a", "bc"]);
  assertEquals(wrapToWidth("", 4), [""]);
});
