import { assertEquals, assertThrows } from "@std/assert";
import { ExactNumber, parseExactJson } from "../../../src/protocol/exact_json.ts";

/** Numbers that a double can't hold. */
const INEXACT = [
  "9007199254740993",
  "-12345678901234567890",
  "0.1234567890123456789",
  "12345678.1234567890123",
  "1e400",
  "-1E+400",
  "1e-400",
];

for (const number of INEXACT) {
  Deno.test(`parseExactJson() keeps ${number}, in objects and lists`, () => {
    const text = `{"a":${number},"b":[0,${number}],"c":"${number}"}`;
    const value = parseExactJson(text) as { a: unknown };
    assertEquals(JSON.stringify(value), text);
    assertEquals([String(value.a), Number(value.a)], [number, Number(number)]);
    assertEquals(parseExactJson(`{ "a" :\n\t ${number} }`), { a: new ExactNumber(number) });
  });
}

/** Numbers that a double holds, however they are written. */
const HELD = [
  ["9007199254740991", 9007199254740991],
  ["9007199254740994", 9007199254740994],
  ["100000000000000000000000", 1e23],
  ["0.10000000000000001", 0.1],
  ["0.1000000000000000000000", 0.1],
  ["0.50000000000000000000", 0.5],
  ["1.0E5", 100000],
  ["5e-324", 5e-324],
  ["-0.0e+0", -0],
] as const;

for (const [text, number] of HELD) {
  Deno.test(`parseExactJson() reads ${text} as a number`, () => {
    assertEquals(parseExactJson(`[${text}]`), [number]);
  });
}

Deno.test("parseExactJson() gives a number that is all of the text as it is rounded", () => {
  assertEquals(parseExactJson("12345678901234567890"), 12345678901234567000);
});

Deno.test("parseExactJson() reads what is nested too deeply for exact numbers", () => {
  const depth = 100_000;
  let value = parseExactJson(`${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}`);
  for (let level = 0; level < depth; level++) [value] = value as unknown[];
  assertEquals(value, 12345678901234567000);
});

Deno.test("parseExactJson() refuses what is no JSON", () => {
  assertThrows(() => parseExactJson('{"a":1e}'), SyntaxError);
});
