import { assert, assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { parseObject, parsePairs, splitList } from "../../../src/commands/parse_values.ts";
import { toYaml } from "../../../src/render/yaml.ts";

Deno.test("splitList() splits at commas, and tells an empty list from none", () => {
  assertEquals(splitList(" Read , Bash(git log:*),, "), ["Read", "Bash(git log:*)"]);
  assertEquals(splitList(""), []);
  assertEquals(splitList(" , "), []);
  assertEquals(splitList(undefined), undefined);
});

Deno.test("parsePairs() splits at the first equals sign", () => {
  assertEquals(parsePairs("--env", ["A=b=c", " B = d ", "C=", "A=last", "__proto__=x"]), {
    A: "last",
    B: " d ",
    C: "",
    ["__proto__"]: "x",
  });
});

for (
  const [values, message] of [
    [["secret"], 'The value of --env has no "="'],
    [["A=1", "secret"], 'Value 2 of --env has no "="'],
    [["=secret"], "The value of --env has an empty key"],
    [[" =secret"], "The value of --env has an empty key"],
    [[""], 'The value of --env has no "="'],
  ] as const
) {
  Deno.test(`parsePairs() says "${message}" of ${JSON.stringify(values)}`, () => {
    const error = assertThrows(() => parsePairs("--env", values), CliError);
    assertEquals([error.message, error.exitCode], [message, 4]);
  });
}

Deno.test("parseObject() keeps whole numbers that a double would round", () => {
  const yaml = toYaml(
    parseObject("--data", '{"id":12345678901234567890,"n":-9007199254740993,"f":1.5}'),
  );
  assertEquals(yaml, 'id: 12345678901234567890\n"n": -9007199254740993\nf: 1.5\n');
});

for (const text of ["[1]", "null", '"text"', "1"]) {
  Deno.test(`parseObject() refuses ${text}, which is no object`, () => {
    const error = assertThrows(
      () => parseObject("--data", text),
      CliError,
      "--data is not a JSON object",
    );
    assertEquals(error.exitCode, 4);
  });
}

Deno.test("parseObject() says that a text is not JSON, and where", () => {
  const error = assertThrows(() => parseObject("--data", "{oops}"), CliError);
  assertEquals(error.exitCode, 4);
  assert(/^The value of --data is not JSON: .*position 1/.test(error.message), error.message);
});
