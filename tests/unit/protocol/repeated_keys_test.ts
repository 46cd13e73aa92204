import { assert, assertEquals } from "@std/assert";
import { asExact, ExactNumber, parseExactJson } from "../../../src/protocol/exact_json.ts";
import { hasRepeatedKeys, membersOf } from "../../../src/protocol/repeated_keys.ts";

/** Reads an object as it is read where it is to be allowed. */
function read(input: string): object {
  const value = parseExactJson(`{"tool_input":${input}}`) as { tool_input: object };
  return value.tool_input;
}

Deno.test("parseExactJson() keeps every value of a key that stands more than once", () => {
  const input = read(
    `{ "command" : "rm", "x":1, "command":"ls", "comm\\u0061nd":[9007199254740993]}`,
  );
  assertEquals(input, { command: [new ExactNumber("9007199254740993")], x: 1 });
  assertEquals(membersOf(input), [
    ["command", "rm"],
    ["x", 1],
    ["command", "ls"],
    ["command", [new ExactNumber("9007199254740993")]],
  ]);
});

for (
  const text of [
    `{"a":{"b":1,"b":2}}`,
    `{"a":[0,[{"__proto__":1,"__proto__":2}]]}`,
    `{"a":{"b":1,"b":1},"a":0}`,
    `{"":"","":""}`,
  ]
) {
  Deno.test(`hasRepeatedKeys() finds them in ${text}`, () => assert(hasRepeatedKeys(read(text))));
}

for (
  const text of [
    `{"a":{"a":[{"a":"\\"a\\":1,\\"a\\":2\\\\"}]},"A":0}`,
    ` { "__proto__" : {} , "constructor":[ ] , "2":-1.5e+3,"1":[true,false,null,"\\ud800",""] } `,
    `[{},{}]`,
  ]
) {
  Deno.test(`parseExactJson() reads ${text} as JSON.parse() does`, () => {
    const value = read(text);
    assertEquals(JSON.stringify(value), JSON.stringify(JSON.parse(text)));
    assert(!hasRepeatedKeys(value));
  });
}

Deno.test("hasRepeatedKeys() finds them at any depth, behind any length", () => {
  const depth = 100_000;
  const long = "\\\\".repeat(1_000_000);
  const text = `{"x":"${long}","a":${'{"a":'.repeat(depth)}{"b":1,"b":2}${"}".repeat(depth)}}`;
  assert(hasRepeatedKeys(read(text)));
});

Deno.test("asExact() looks for repeated keys only in what is to be allowed", () => {
  const text = `{"command":"rm","command":"ls"}`;
  const value = JSON.parse(text);
  assert(asExact(value, text) === value);
});
