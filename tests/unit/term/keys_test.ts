import { assertEquals } from "@std/assert";
import { type Key, KeyDecoder } from "../../../src/term/keys.ts";

const encoder = new TextEncoder();

function decodeAll(...chunks: string[]): Key[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) => decoder.decode(encoder.encode(chunk)));
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

Deno.test("KeyDecoder.decode() waits for the rest of a sequence that is split over reads", () => {
  assertEquals(decodeAll("\x1b", "[", "1;5", "C", "x"), [
    { name: "word-right" },
    { name: "text", text: "x" },
  ]);
});

Deno.test("KeyDecoder.decode() waits for the rest of a character that is split over reads", () => {
  const decoder = new KeyDecoder();
  const bytes = encoder.encode("日");
  assertEquals(decoder.decode(bytes.subarray(0, 2)), []);
  assertEquals(decoder.decode(bytes.subarray(2)), [{ name: "text", text: "日" }]);
});

Deno.test("KeyDecoder.decode() takes a paste as one, control characters and all", () => {
  const text = "one\n\ttwo\x1b[31m\nthree";
  const sent = `\x1b[200~${text.replaceAll("\n", "\r")}\x1b[201~`;
  assertEquals(decodeAll(sent.slice(0, 9), sent.slice(9)), [{ name: "paste", text }]);
});

Deno.test("KeyDecoder.decode() swallows sequences that it does not know", () => {
  assertEquals(decodeAll("\x1b[99;9Xy"), [{ name: "unknown" }, { name: "text", text: "y" }]);
});
