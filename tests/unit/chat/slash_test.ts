import { assert, assertEquals } from "@std/assert";
import {
  completeSlash,
  type LineCommand,
  readLineCommand,
  SLASH_COMMANDS,
  slashHelp,
} from "../../../src/chat/slash.ts";

const LINES: readonly [line: string, command: LineCommand][] = [
  ["  ", { type: "nothing" }],
  [" hello ", { type: "prompt", text: "hello" }],
  ["//etc/passwd", { type: "prompt", text: "/etc/passwd" }],
  ["/quit", { type: "command", name: "quit", argument: "" }],
  ["/deny  too  risky ", { type: "command", name: "deny", argument: "too  risky" }],
  ["/quitx", { type: "unknown", word: "/quitx" }],
  ["/etc/passwd is what?", { type: "unknown", word: "/etc/passwd" }],
  ["/", { type: "unknown", word: "/" }],
];

for (const [line, command] of LINES) {
  Deno.test(`readLineCommand() reads ${JSON.stringify(line)} as ${command.type}`, () => {
    assertEquals(readLineCommand(line), command);
  });
}

Deno.test("completeSlash() completes commands, and the words that may follow them", () => {
  assertEquals(completeSlash("/st"), ["/status"]);
  assertEquals(completeSlash("/raw o"), ["on", "off"]);
  assertEquals(completeSlash("/"), SLASH_COMMANDS.map(({ name }) => `/${name}`));
  assertEquals([completeSlash("hello"), completeSlash("//st"), completeSlash("/quit x")], [
    [],
    [],
    [],
  ]);
});

Deno.test("slashHelp() names every command, within 80 columns", () => {
  const help = slashHelp();
  for (const { name, what } of SLASH_COMMANDS) {
    assert(help.includes(`/${name}`) && help.includes(what));
  }
  for (const line of help.split("\n")) assert(line.length <= 80, line);
});
