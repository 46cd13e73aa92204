import { assertEquals, assertThrows } from "@std/assert";
import { pathSegment } from "../../../src/api/path_segment.ts";
import { encodeSessionId, requireSessionId } from "../../../src/api/session_id.ts";
import { CliError } from "../../../src/app/errors.ts";

for (
  const [id, encoded] of [
    ["7c1f0a52-0b57-4d4c-8b7e-1f4c0f4b8b0f", "7c1f0a52-0b57-4d4c-8b7e-1f4c0f4b8b0f"],
    ["abc123", "abc123"],
    ["a?b#c&d%2f", "a%3Fb%23c%26d%252f"],
    ["...", "..."],
    ["ü", "%C3%BC"],
  ] as const
) {
  Deno.test(`encodeSessionId() encodes ${JSON.stringify(id)}`, () => {
    assertEquals(encodeSessionId(id), encoded);
    assertEquals(requireSessionId(id), id);
    const url = new URL(`https://host/v1/sessions/${encoded}/history`);
    assertEquals(decodeURIComponent(url.pathname), `/v1/sessions/${id}/history`);
  });
}

for (
  const id of [
    "",
    ".",
    "..",
    "a/b",
    "../x",
    "a\\b",
    "a b",
    " a",
    "a\n",
    "\x1b[31m",
    "a\x7f",
    "\x85",
  ]
    .concat("\ud800")
) {
  Deno.test(`requireSessionId() refuses ${JSON.stringify(id)}`, () => {
    for (const check of [requireSessionId, encodeSessionId]) {
      assertEquals(assertThrows(() => check(id), CliError).exitCode, 4);
    }
  });
}

Deno.test("pathSegment() encodes slashes and white space", () => {
  assertEquals(pathSegment("a/b c", "name"), "a%2Fb%20c");
});

for (const name of ["", ".", "..", "a\0b", "\n", "\udc00"]) {
  Deno.test(`pathSegment() refuses ${JSON.stringify(name)}`, () => {
    assertEquals(assertThrows(() => pathSegment(name, "name"), CliError).exitCode, 4);
  });
}
