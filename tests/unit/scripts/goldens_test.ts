import { assertEquals } from "@std/assert";
import { checkGoldens, mayUseGoldens } from "../../../scripts/goldens.ts";
import { listFiles } from "../../../scripts/list_files.ts";
import { temporaryFolder } from "../../support/home.ts";

function goldens() {
  const folder = temporaryFolder();
  Deno.mkdirSync(folder.join("help"));
  Deno.writeTextFileSync(folder.join("help", "chat.txt"), "used");
  Deno.writeTextFileSync(folder.join("help", "old.txt"), "orphaned");
  return folder;
}

Deno.test("checkGoldens() finds files that no test uses", async () => {
  using folder = goldens();
  const options = { update: false, complete: true };
  const outcome = await checkGoldens(folder.path, ["help/chat.txt"], options);
  assertEquals(outcome, { kind: "failed", output: "help/old.txt is used by no test" });
  const all = ["help/chat.txt", "help/old.txt", "help/new.txt"];
  assertEquals(await checkGoldens(folder.path, all, options), { kind: "passed" });
});

Deno.test("checkGoldens() removes them when asked", async () => {
  using folder = goldens();
  const options = { update: true, complete: true };
  const outcome = await checkGoldens(folder.path, ["help/chat.txt"], options);
  assertEquals(outcome, { kind: "passed" });
  assertEquals(await listFiles(folder.path), ["help/chat.txt"]);
});

Deno.test("checkGoldens() knows nothing when tests did not run", async () => {
  using folder = goldens();
  const outcome = await checkGoldens(folder.path, [], { update: true, complete: false });
  assertEquals(outcome.kind, "skipped");
  assertEquals((await listFiles(folder.path)).length, 2);
});

Deno.test("mayUseGoldens() knows by its module whether a skipped test may use one", async () => {
  const skipped = (module: string) => mayUseGoldens(`x (skipped: no tmux) [tests/${module}:12]`);
  assertEquals(await skipped("unit/support/golden_test.ts"), true);
  assertEquals(await skipped("unit/completion/script_syntax_test.ts"), false);
  assertEquals(await mayUseGoldens("a test whose place is not known"), true);
});
