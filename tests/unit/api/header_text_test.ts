import { assertEquals, assertThrows } from "@std/assert";
import { checkHeaderText } from "../../../src/api/header_text.ts";
import { CliError } from "../../../src/app/errors.ts";

Deno.test("checkHeaderText() refuses what no header can carry, without repeating it", () => {
  checkHeaderText("abc-123_~!", "key");
  for (const value of ["", "a b", "a\nb", "ü", "key\u200b", "“key”"]) {
    const { exitCode, message } = assertThrows(() => checkHeaderText(value, "key"), CliError);
    assertEquals([exitCode, message], [4, "The key holds characters that none has"]);
  }
});
