import { assertEquals } from "@std/assert";
import { type ByteSource, readLines } from "../../../src/recording/lines.ts";

/** Gives bytes in pieces of a size. */
function sourceOf(text: string, piece: number): ByteSource {
  let rest = new TextEncoder().encode(text);
  return {
    read(buffer) {
      if (rest.length === 0) return Promise.resolve(null);
      const part = rest.subarray(0, Math.min(piece, buffer.length));
      rest = rest.subarray(part.length);
      buffer.set(part);
      return Promise.resolve(part.length);
    },
  };
}

async function linesOf(text: string, piece: number, options = {}): Promise<string[]> {
  const lines = await Array.fromAsync(readLines(sourceOf(text, piece), options));
  assertEquals(lines.map(({ number }) => number), lines.map((_, index) => index + 1));
  return lines.map(({ bytes, isEnded }) =>
    `${new TextDecoder().decode(bytes)}${isEnded ? "|" : ""}`
  );
}

Deno.test("readLines() finds the same lines however they arrive", async () => {
  const text = "first\n\nthe third, é日\nlast";
  for (let piece = 1; piece <= text.length + 5; piece++) {
    assertEquals(await linesOf(text, piece), ["first|", "|", "the third, é日|", "last"]);
    assertEquals(await linesOf(text, 100, { chunk: piece }), [
      "first|",
      "|",
      "the third, é日|",
      "last",
    ]);
  }
});

Deno.test("readLines() finds no line in nothing, and none behind the last line end", async () => {
  assertEquals(await linesOf("", 10), []);
  assertEquals(await linesOf("one\n", 10), ["one|"]);
});

Deno.test("readLines() keeps no more of a line than the longest may have", async () => {
  const text = `${"x".repeat(1_000)}\nshort\n${"y".repeat(50)}`;
  for (const piece of [1, 7, 64, 2_000]) {
    assertEquals(await linesOf(text, piece, { longest: 10 }), [
      `${"x".repeat(10)}|`,
      "short|",
      "y".repeat(10),
    ]);
  }
});
