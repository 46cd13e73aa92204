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

/** What `deno test` writes of those tests. */
async function junitOf(...options: string[]) {
  using folder = temporaryFolder();
  await Deno.writeTextFile(folder.join("some_test.ts"), TESTS);
  await new Deno.Command(DENO, {
    args: ["test", "--no-config", "--no-check", "--junit-path=junit.xml", ...options],
    cwd: folder.path,
  }).output();
  return await Deno.readTextFile(folder.join("junit.xml"));
}

Deno.test("readJunit() adds up what deno test writes, steps too", async () => {
  assertEquals(readJunit(await junitOf()), {
    passed: 3,
    failed: 1,
    skipped: ["skip() <c> (skipped: d is not installed)", "steps() has some > two"],
  });
});

Deno.test("readJunit() leaves out what a filter has left out", async () => {
  assertEquals(readJunit(await junitOf("--filter=run")), { passed: 1, failed: 0, skipped: [] });
});

Deno.test("readJunit() finds nothing in a file that was never written", () => {
  assertEquals(readJunit(""), { passed: 0, failed: 0, skipped: [] });
});
