import { assertEquals } from "@std/assert";
import { Command } from "@cliffy/command";
import { cliffyArguments } from "../../../src/app/cliffy_arguments.ts";
import type { OwnOption } from "../../../src/app/global_flags.ts";

const OWN: OwnOption = (flag) =>
  ({ "--list": "value", "--item": "value", "-l": "value", "--on": "switch" } as const)[flag];

/** What a command gets from these arguments. */
async function parse(...args: string[]): Promise<unknown> {
  let got: unknown;
  const command = new Command()
    .noExit().throwErrors()
    .arguments("[words...:string]")
    .option("-l, --list <names:string>", "")
    .option("--item <name:string>", "", { collect: true })
    .option("--on", "")
    .action((options, ...words) => got = { ...options, words });
  await command.parse(cliffyArguments(command, args, OWN));
  return got;
}

Deno.test("cliffyArguments() has empty values reach the command", async () => {
  assertEquals(await parse("--list="), { list: "", words: [] });
  assertEquals(await parse("-l=", "--on"), { list: "", on: true, words: [] });
  assertEquals(await parse("--item=", "--item=b", "--item="), { item: ["", "b", ""], words: [] });
});

Deno.test("cliffyArguments() leaves everything else alone", async () => {
  assertEquals(await parse(), { words: [] });
  assertEquals(await parse("--list=--item=", "word="), { list: "--item=", words: ["word="] });
  assertEquals(await parse("--on", "word"), { on: true, words: ["word"] });
});

Deno.test("cliffyArguments() has what stands behind -- reach the command as it is", async () => {
  assertEquals(await parse("--", "-x", "--list=", "--", "word"), {
    words: ["-x", "--list=", "--", "word"],
  });
  assertEquals(await parse("--on", "first", "--", "--on"), { on: true, words: ["first", "--on"] });
  assertEquals(await parse("--list=", "--"), { list: "", words: [] });
});
