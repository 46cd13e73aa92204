import { assertEquals } from "@std/assert";
import { readJunit } from "../../../scripts/junit.ts";
import { DENO } from "../../../scripts/deno_call.ts";
import { temporaryFolder } from "../../support/home.ts";

const TESTS = `
Deno.test('run() finds <a> & "b"', () => {});
Deno.test.ignore("skip() <c> (skipped: d is not installed)", () => {});
Deno.test("fail() fails", () => {
  throw new Error("</testcase>");
});
Deno.test("steps() has some", async (t) => {
  await t.step("one", () => {});
  await t.step({ name: "two", ignore: true, fn() {} });
});
`;

Deno.test("readJunit() adds up what deno test writes, steps too", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(folder.join("some_test.ts"), TESTS);
  const { code } = await new Deno.Command(DENO, {
    args: ["test", "--no-config", "--no-check", "--junit-path=junit.xml", "some_test.ts"],
    cwd: folder.path,
  }).output();
  assertEquals(code, 1);
  assertEquals(readJunit(await Deno.readTextFile(folder.join("junit.xml"))), {
    passed: 3,
    failed: 1,
    skipped: ["skip() <c> (skipped: d is not installed)", "steps() has some > two"],
  });
});

Deno.test("readJunit() finds nothing in a file that was never written", () => {
  assertEquals(readJunit(""), { passed: 0, failed: 0, skipped: [] });
});
