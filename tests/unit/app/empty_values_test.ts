import { assertEquals } from "@std/assert";
import { Command } from "@cliffy/command";
import { keepEmptyValues } from "../../../src/app/empty_values.ts";
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
  await command.parse(keepEmptyValues(command, args, OWN));
  return got;
}

Deno.test("keepEmptyValues() has empty values reach the command", async () => {
  assertEquals(await parse("--list="), { list: "", words: [] });
  assertEquals(await parse("-l=", "--on"), { list: "", on: true, words: [] });
  assertEquals(await parse("--item=", "--item=b", "--item="), { item: ["", "b", ""], words: [] });
});

Deno.test("keepEmptyValues() leaves everything else alone", async () => {
  assertEquals(await parse(), { words: [] });
  assertEquals(await parse("--list=--item=", "word="), { list: "--item=", words: ["word="] });
  assertEquals(await parse("--on", "word"), { on: true, words: ["word"] });
});
