import { assertEquals, assertRejects } from "@std/assert";
import { assertGolden, visible } from "../../support/golden.ts";

Deno.test("visible() shows control characters as pictures, but line ends", () => {
  assertEquals(visible("\x1b[1mbold\x1b[0m\ta\r\n\x7f"), "␛[1mbold␛[0m␉a␍\n␡");
});

Deno.test("assertGolden() fails for a text that has no file", async () => {
  if (Deno.env.get("LC_TEST_GOLDEN") === "update") return;
  await assertRejects(() => assertGolden("no/such/file.txt", "text"), Error, "stale");
});
