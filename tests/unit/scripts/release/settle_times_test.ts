import { assertEquals, assertThrows } from "@std/assert";
import { settleTimes, sourceDateEpoch } from "../../../../scripts/release/settle_times.ts";
import { temporaryFolder } from "../../../support/home.ts";

Deno.test("settleTimes() gives one time to every file, and those of packages", async () => {
  using folder = temporaryFolder();
  const [source, own, other] = [
    folder.join("main.ts"),
    folder.join("package", "lib", "index.js"),
    folder.join("other.ts"),
  ];
  await Deno.mkdir(folder.join("package", "lib"), { recursive: true });
  for (const path of [source, own, other]) await Deno.writeTextFile(path, "");
  const npm = [{ name: "package", version: "1.0.0", folder: folder.join("package") }];
  await settleTimes({ files: [source], code: {}, jsr: [], npm }, 1_700_000_000);
  const seconds = async (path: string) => ((await Deno.stat(path)).mtime?.getTime() ?? 0) / 1000;
  assertEquals([await seconds(source), await seconds(own)], [1_700_000_000, 1_700_000_000]);
  assertEquals(await seconds(other) === 1_700_000_000, false);
});

Deno.test("sourceDateEpoch() reads seconds, and refuses anything else", () => {
  assertEquals(sourceDateEpoch("1700000000"), 1_700_000_000);
  assertEquals([sourceDateEpoch(undefined), sourceDateEpoch("")], [undefined, undefined]);
  for (const value of ["yesterday", "-1", "1.5", "99999999999"]) {
    assertThrows(() => sourceDateEpoch(value), Error, `Invalid SOURCE_DATE_EPOCH "${value}"`);
  }
});
