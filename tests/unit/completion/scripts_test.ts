import { assertEquals } from "@std/assert";
import { markOf, scriptOf } from "../../../src/completion/scripts.ts";
import { SHELLS } from "../../../src/completion/shells.ts";
import { assertGolden } from "../../support/golden.ts";

for (const shell of SHELLS) {
  Deno.test(`scriptOf() gives the script for ${shell}`, async () => {
    assertEquals(scriptOf(shell).split("\n", 2).includes(markOf(shell)), true);
    await assertGolden(`completions/${shell}.txt`, scriptOf(shell));
  });
}

for (const shell of SHELLS) {
  Deno.test(`scriptOf() gives the script for ${shell} under another name`, () => {
    const script = scriptOf(shell, "lc-ai");
    assertEquals(script.split("\n", 2).includes(markOf(shell, "lc-ai")), true);
    assertEquals(script.includes("limacharlie"), false);
    const back = script.replaceAll("_lc_ai", "_limacharlie").replaceAll("lc-ai", "limacharlie");
    assertEquals(back, scriptOf(shell));
  });
}

Deno.test("scriptOf() uses nothing in bash that bash 3.2 or its posix mode lacks", () => {
  const script = scriptOf("bash");
  for (
    const feature of [
      /\bmapfile\b/,
      /\breadarray\b/,
      /<<</,
      /<\(/,
      /\[\[/,
      /declare -A/,
      /\|&/,
      /\$\{\w+[,^]/,
    ]
  ) {
    assertEquals(feature.exec(script), null);
  }
});
