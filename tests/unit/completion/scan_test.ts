import { assertEquals } from "@std/assert";
import { nameOf } from "../../../src/completion/grammar.ts";
import { scan } from "../../../src/completion/scan.ts";
import { GRAMMAR } from "./grammar.ts";

async function scanned(...words: string[]) {
  const { path, given, positionals, pending, literal } = await scan(words, GRAMMAR);
  return {
    path: path.slice(1).map(({ name }) => name).join(" "),
    given: [...given].map(([option, values]) => [nameOf(option), ...values]),
    positionals,
    pending: pending && nameOf(pending),
    literal,
  };
}

const NONE = { path: "", given: [], positionals: [], pending: undefined, literal: false };

Deno.test("scan() follows words to a command, past global flags and their values", async () => {
  assertEquals(await scanned("--oid", "ai", "ai", "--quiet", "session", "-ojson", "attach"), {
    ...NONE,
    path: "ai session attach",
    given: [["--oid", "ai"], ["--quiet", ""], ["--output", "json"]],
  });
});

Deno.test("scan() knows the option whose value is to come", async () => {
  assertEquals((await scanned("ai", "session", "attach", "--id")).pending, "--id");
  assertEquals((await scanned("ai", "session", "attach", "--id=x")).pending, undefined);
  assertEquals((await scanned("ai", "session", "attach", "-i")).pending, undefined);
  assertEquals((await scanned("-o")).pending, "--output");
});

Deno.test("scan() takes a command's own option for itself behind its name only", async () => {
  const line = await scan(["--env", "staging", "ai", "start-session", "--env", "K=V"], GRAMMAR);
  const isGlobal = [...line.given.keys()].map((option) => GRAMMAR.globals.includes(option));
  assertEquals([...line.given.values()], [["staging"], ["K=V"]]);
  assertEquals(isGlobal, [true, false]);
});

Deno.test("scan() collects arguments, and all that follows --", async () => {
  assertEquals(await scanned("ai", "chat", "hello", "--", "--oid", "x"), {
    ...NONE,
    path: "ai chat",
    positionals: ["hello", "--oid", "x"],
    literal: true,
  });
});

Deno.test("scan() takes options behind the cursor, and nothing else", async () => {
  const words = ["ai", "session", "attach", "--id"];
  const line = await scan(words, GRAMMAR, ["session", "--oid", "o", "--raw", "--", "--quiet"]);
  assertEquals([...line.given].map(([option, values]) => [nameOf(option), ...values]), [
    ["--oid", "o"],
    ["--raw", ""],
  ]);
  assertEquals(
    [line.pending && nameOf(line.pending), line.positionals, line.literal],
    ["--id", [], false],
  );
});

Deno.test("scan() descends no further behind a word that is no command", async () => {
  assertEquals(await scanned("oops", "ai"), { ...NONE, positionals: ["oops", "ai"] });
});
