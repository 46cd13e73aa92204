import { assert, assertEquals, assertMatch } from "@std/assert";
import { FoldedResults } from "../../../src/chat/folded_results.ts";
import {
  type Completer,
  completeSlash,
  keysHelp,
  type LineCommand,
  readLineCommand,
  SLASH_COMMANDS,
  slashHelp,
} from "../../../src/chat/slash.ts";
import { makeCompleter } from "../../../src/chat/slash_completer.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";

const LINES: readonly [line: string, command: LineCommand][] = [
  ["  ", { type: "nothing" }],
  [" hello\n  there ", { type: "prompt", text: " hello\n  there " }],
  ["//etc/passwd", { type: "prompt", text: "/etc/passwd" }],
  [" /help", { type: "command", name: "help", argument: "" }],
  ["/quit", { type: "command", name: "quit", argument: "" }],
  ["/deny  too  risky ", { type: "command", name: "deny", argument: "too  risky" }],
];

for (const [line, command] of LINES) {
  Deno.test(`readLineCommand() reads ${JSON.stringify(line)} as ${command.type}`, () => {
    assertEquals(readLineCommand(line), command);
  });
}

const MISTAKES: readonly [line: string, told: RegExp][] = [
  ["/quitx", /unknown command \/quitx; did you mean \/quit\?/],
  ["/stauts", /did you mean \/status\?/],
  ["/etc/passwd is what?", /unknown command \/etc\/passwd; \/help lists them/],
  ["/", /unknown command \/;/],
  ["/quit now", /\/quit takes nothing after it/],
  ["/help me", /\/help takes keys, not "me"/],
  ["/raw maybe", /\/raw takes on or off, not "maybe"/],
];

for (const [line, told] of MISTAKES) {
  Deno.test(`readLineCommand() sends no ${line}, and says why`, () => {
    const command = readLineCommand(line);
    assert(command.type === "mistake");
    assertMatch(command.words, told);
  });
}

const COMPLETER: Completer = {
  results: () => ["1", "2", "12"],
  files: (begun) => Promise.resolve([`${begun}.txt`]),
};

const COMPLETIONS: readonly [typed: string, words: string[]][] = [
  ["/st", ["/status"]],
  ["/", SLASH_COMMANDS.map(({ name }) => `/${name}`)],
  ["/raw o", ["on", "off"]],
  ["/raw  of", ["off"]],
  ["/expand 1", ["1", "12"]],
  ["/save my notes", ["my notes.txt"]],
  ["hello", []],
  ["//st", []],
  ["/quit x", []],
  ["/nothing ", []],
];

for (const [typed, words] of COMPLETIONS) {
  Deno.test(`completeSlash() completes ${JSON.stringify(typed)}`, async () => {
    assertEquals((await completeSlash(typed, COMPLETER)).words, words);
  });
}

for (const columns of [40, 80]) {
  Deno.test(`slashHelp() names every command, within ${columns} columns`, () => {
    const lines = slashHelp(columns, true).split("\n");
    for (const { name } of SLASH_COMMANDS) {
      assert(lines.some((line) => line.startsWith(`  /${name} `)), name);
    }
    assertEquals(lines.filter((line) => line.length > columns), []);
  });
}

Deno.test("keysHelp() tells of every key within 40 columns", () => {
  const lines = keysHelp(40).split("\n");
  assertEquals(lines.filter((line) => line.length > 40), []);
  assert(lines.some((line) => line.startsWith("  Ctrl-Y ")));
});

Deno.test("makeCompleter() finds files, of the home folder too, with spaces in their names", async () => {
  using home = temporaryFolder("limacharlie-complete-");
  await Deno.mkdir(home.join("my notes"));
  for (const name of ["my notes/one.txt", "my file", ".hidden"]) {
    await Deno.writeTextFile(home.join(name), "");
  }
  const results = new FoldedResults(makeStyles(false), () => 80);
  const { files } = makeCompleter(results, fakeEnvironment({ HOME: home.join("") }));
  assertEquals(await files("~/m"), ["~/my file", "~/my notes/"]);
  assertEquals(await files("~/my notes/o"), ["~/my notes/one.txt"]);
  assertEquals(await files("~/."), ["~/.hidden"]);
  assertEquals([await files("~/none/"), await files("~")], [[], ["~/"]]);
});
