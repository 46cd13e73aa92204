import { assert, assertEquals } from "@std/assert";
import { type CommandNode, COMMANDS } from "../../../src/app/command_tree.ts";
import { renderHelp } from "../../../src/app/help.ts";
import { fakeDeps } from "../../support/fakes.ts";

/** The way to every command and group. */
function pathsOf(node: CommandNode, above: readonly CommandNode[] = []): CommandNode[][] {
  const path = [...above, node];
  return [path, ...(node.children ?? []).flatMap((child) => pathsOf(child, path))];
}

for (const path of pathsOf(COMMANDS)) {
  const name = path.map((node) => node.name).join(" ");

  Deno.test(`renderHelp() keeps the help of ${name} within 80 columns`, async () => {
    const command = (await path.at(-1)?.load?.())?.(fakeDeps());
    const lines = renderHelp(path, command, 200).split("\n");
    assertEquals(lines.filter((line) => line.length > 80), []);
    assert(lines.includes("Global options:"));
    if (command !== undefined) assert(command.getExamples().length > 0, "there is no example");
  });
}

Deno.test("renderHelp() puts what an option does below it where there is no room beside", () => {
  const path = [COMMANDS, ...(COMMANDS.children ?? []).filter(({ name }) => name === "ai")];
  const lines = (columns: number) => renderHelp(path, undefined, columns).split("\n");
  const narrow = lines(40);
  assertEquals(narrow.filter((line) => line.length > 40), []);
  const place = narrow.indexOf("  -o, --output <format>");
  assertEquals(narrow.slice(place + 1, place + 3), [
    "      Output format: json, yaml, toon,",
    "      csv, table, jsonl",
  ]);
  assert(narrow.some((line) => /^ {2}chat {3,}Start a session/.test(line)), narrow.join("\n"));
  assert(lines(80).some((line) => /^ {2}-o, --output <format> {2}Output format/.test(line)));
});
