import { assertEquals } from "@std/assert";
import { type Key, KeyDecoder } from "../../../src/term/keys.ts";

const encoder = new TextEncoder();

function decodeAll(...chunks: string[]): Key[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) => decoder.decode(encoder.encode(chunk)));
}

function names(...chunks: string[]): string[] {
  return decodeAll(...chunks).map(({ name }) => name);
}

Deno.test("KeyDecoder.decode() names control keys and escape sequences", () => {
  assertEquals(decodeAll("ab\x01\x1b[D\x1bf\x1b[3~\r"), [
    { name: "text", text: "ab" },
    { name: "home" },
    { name: "left" },
    { name: "word-right" },
    { name: "delete" },
    { name: "enter" },
  ]);
});

/** What terminals send for one key: xterm, the Linux console, PuTTY, rxvt, and CSI u. */
const ENCODINGS: readonly [name: string, ...sequences: string[]][] = [
  ["home", "\x1b[H", "\x1b[1~", "\x1b[7~", "\x1bOH", "\x01", "\x1b[97;5u", "\x1b[27;5;97~"],
  ["end", "\x1b[F", "\x1b[4~", "\x1b[8~", "\x1bOF", "\x05", "\x1b[101;5u"],
  ["delete", "\x1b[3~"],
  ["left", "\x1b[D", "\x1bOD", "\x1b[1D"],
  ["word-left", "\x1b[1;5D", "\x1b[1;3D", "\x1b[5D", "\x1bOd", "\x1bO5D", "\x1b\x1b[D", "\x1bb"],
  ["word-right", "\x1b[1;5C", "\x1b[1;3C", "\x1bOc", "\x1b\x1bOC", "\x1b[102;3u"],
  ["delete-word-left", "\x1b\x7f", "\x1b\x08", "\x1b[127;3u", "\x1b[127;5u", "\x1b[27;3;127~"],
  ["delete-word-right", "\x1bd", "\x1b[3;5~", "\x1b[3^", "\x1b[3;3~"],
  ["enter", "\r", "\x1bOM", "\x1b[13u"],
  ["newline", "\n", "\x1b\r", "\x1b[13;2u", "\x1b[27;2;13~", "\x1b[13;3u"],
  ["tab", "\t", "\x1b[9u"],
  ["escape", "\x07", "\x1b[27u", "\x1b[103;5u"],
  ["page-up", "\x1b[5~"],
  ["undo", "\x1f", "\x18\x15", "\x1b[95;5u", "\x1b[95;6u"],
  ["yank-pop", "\x1by", "\x1b[121;3u"],
  ["history-end", "\x1b>"],
];

for (const [name, ...sequences] of ENCODINGS) {
  Deno.test(`KeyDecoder.decode() knows ${name} of every terminal`, () => {
    for (const sequence of sequences) assertEquals(names(sequence), [name], escape(sequence));
  });
}

Deno.test("KeyDecoder.decode() knows a key whose sequence comes byte by byte", () => {
  for (const [name, ...sequences] of ENCODINGS) {
    for (const sequence of sequences) assertEquals(names(...sequence), [name], escape(sequence));
  }
});

Deno.test("KeyDecoder.decode() waits for the rest of a character that is split over reads", () => {
  const decoder = new KeyDecoder();
  const bytes = encoder.encode("日");
  assertEquals(decoder.decode(bytes.subarray(0, 2)), []);
  assertEquals(decoder.decode(bytes.subarray(2)), [{ name: "text", text: "日" }]);
});

Deno.test("KeyDecoder.decode() takes a paste as one, control characters and all", () => {
  const text = "one\n\ttwo\x1b[31m\x03\nthree";
  const sent = `\x1b[200~${text.replaceAll("\n", "\r")}\x1b[201~x`;
  for (let at = 1; at < sent.length - 1; at++) {
    assertEquals(decodeAll(sent.slice(0, at), sent.slice(at)), [
      { name: "paste", text },
      { name: "text", text: "x" },
    ]);
  }
});

Deno.test("KeyDecoder.decode() keeps the line ends of a paste that comes as it was copied", () => {
  const text = "dos\r\nunix\n\r\nmac\rend";
  assertEquals(decodeAll(`\x1b[200~${text}\x1b[201~`), [{ name: "paste", text }]);
});

Deno.test("KeyDecoder.decode() swallows sequences that it does not know", () => {
  const unknown = [
    "\x1b[99;9X",
    "\x1b[I",
    "\x1b]11;rgb:00/00/00\x07",
    "\x1bP1$r0m\x1b\\",
    "\x1b[[A",
  ];
  for (const sequence of unknown) {
    assertEquals(decodeAll(`${sequence}y`), [{ name: "unknown" }, { name: "text", text: "y" }]);
  }
});

Deno.test("KeyDecoder.decode() goes on after a sequence that is broken off", () => {
  assertEquals(names("\x1b[", "\r"), ["unknown", "enter"]);
  assertEquals(names("\x1b[1;", "\x01"), ["unknown", "home"]);
});

Deno.test("KeyDecoder.isEscaping tells of an Escape that stands alone so far", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.decode(encoder.encode("\x1b")), []);
  assertEquals(decoder.isEscaping, true);
  assertEquals(decoder.decode(encoder.encode("f")), [{ name: "word-right" }]);
  assertEquals(decoder.isEscaping, false);
});

Deno.test("KeyDecoder.decode() takes the key after Ctrl-Q as text", () => {
  assertEquals(decodeAll("\x11\x1b", "a"), [
    { name: "text", text: "\x1b" },
    { name: "text", text: "a" },
  ]);
});

Deno.test("KeyDecoder.decode() tells digits for the next key from digits in the text", () => {
  assertEquals(decodeAll("\x1b1\x1b-2"), [
    { name: "digit", digit: "1" },
    { name: "digit", digit: "-" },
    { name: "text", text: "2" },
  ]);
});

Deno.test("KeyDecoder.decode() takes a letter that is reported by its number for a letter", () => {
  assertEquals(decodeAll("\x1b[233u\x1b[97;2u"), [
    { name: "text", text: "é" },
    { name: "text", text: "A" },
  ]);
});
