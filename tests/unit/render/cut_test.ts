import { assertEquals } from "@std/assert";
import { oneLine } from "../../../src/render/cut.ts";

Deno.test("oneLine() makes every run of white space one space, and none at the ends", () => {
  assertEquals(oneLine(" one\r\n\t two\u00a0\u3000three\n"), "one two three");
});

Deno.test("oneLine() leaves what hides text or looks like white space to the sanitizer", () => {
  const text = "rm\recho\u2028a\u2029b\vc\fd\ufeff";
  assertEquals(oneLine(text), text);
});
