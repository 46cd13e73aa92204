import { assertEquals, assertNotEquals } from "@std/assert";
import { type AnyCommand, type CommandNode, COMMANDS } from "../../../src/app/command_tree.ts";
import { GLOBAL_FLAGS } from "../../../src/app/global_flags.ts";
import { valuesOf } from "../../../src/app/option_values.ts";
import { valueKind, VALUES } from "../../../src/completion/values.ts";
import { fakeDeps } from "../../support/fakes.ts";

async function loadCommands(
  node: CommandNode,
  words: readonly string[],
): Promise<[string, AnyCommand][]> {
  const own: [string, AnyCommand][] = node.load === undefined
    ? []
    : [[words.join(" "), (await node.load())(fakeDeps())]];
  const below = (node.children ?? []).map((child) => loadCommands(child, [...words, child.name]));
  return [...own, ...(await Promise.all(below)).flat()];
}

Deno.test("VALUES names flags, arguments and values that there are", async () => {
  const known = new Set(GLOBAL_FLAGS.map(({ name }) => `--${name}`));
  for (const [words, command] of await loadCommands(COMMANDS, [])) {
    for (const { flags, args } of command.getBaseOptions(true)) {
      for (const flag of args.length === 0 ? [] : flags) known.add(flag).add(`${words} ${flag}`);
      for (const { name } of args) known.add(`<${name}>`);
    }
    command.getArguments().forEach((_, index) => known.add(`${words} ${index + 1}`));
  }
  assertEquals(Object.keys(VALUES).filter((name) => !known.has(name)), []);
});

Deno.test("VALUES explains every value that a command takes, and no other", async () => {
  for (const [words, command] of await loadCommands(COMMANDS, [])) {
    for (const [flag, values] of valuesOf(command)) {
      const kind = valueKind(words, flag);
      if (kind.kind === "text") continue;
      const explained = kind.kind === "words" ? kind.words.map(({ value }) => value) : [];
      assertEquals(explained.toSorted(), values.toSorted(), `${words} ${flag}`);
    }
  }
});

Deno.test("VALUES has every value that is an id", async () => {
  for (const [words, command] of await loadCommands(COMMANDS, [])) {
    for (const { flags } of command.getBaseOptions(true)) {
      if (!flags.includes("--id")) continue;
      assertNotEquals(valueKind(words, "--id"), { kind: "text" }, words);
    }
  }
});

Deno.test("valueKind() goes from the command's flag to any command's, then to the value's name", () => {
  assertEquals(valueKind("ai start-session", "--env"), { kind: "text" });
  assertEquals(valueKind("ai chat", "--env"), { kind: "source", source: "environments" });
  assertEquals(valueKind("ai chat", "--record", "file"), { kind: "files" });
  assertEquals(valueKind("ai chat", "--name", "name"), { kind: "text" });
});
