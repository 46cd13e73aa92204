import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../../scripts/deno_call.ts";
import { listFiles } from "../../../scripts/list_files.ts";
import {
  type AnyCommand,
  type CommandNode,
  COMMANDS,
  resolvePath,
} from "../../../src/app/command_tree.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { GLOBAL_FLAGS } from "../../../src/app/global_flags.ts";
import { firstSteps } from "../../../src/help/first_steps.ts";
import { TOPICS } from "../../../src/help/topics.ts";
import { widthOf } from "../../../src/render/width.ts";
import { fakeDeps } from "../../support/fakes.ts";

const ACME = "8cbe27f4-bfa1-4afb-ba19-138cd51389cd";

const TEXTS: (readonly [name: string, text: string])[] = [
  ...TOPICS.map(({ name, text }) => [name, text] as const),
  ["first steps", firstSteps()],
  ["first steps of who is signed in", firstSteps({ oid: ACME, environment: "staging" })],
  ["first steps of who has no organization", firstSteps({})],
];

async function loadCommands(node: CommandNode): Promise<AnyCommand[]> {
  const own = node.load === undefined ? [] : [(await node.load())(fakeDeps())];
  return [...own, ...(await Promise.all((node.children ?? []).map(loadCommands))).flat()];
}

async function knownFlags(): Promise<Set<string>> {
  const own = (await loadCommands(COMMANDS)).flatMap((command) =>
    command.getBaseOptions(true).flatMap(({ flags }) => flags)
  );
  const global = GLOBAL_FLAGS.flatMap(({ name, short }) => [`--${name}`, `-${short ?? name}`]);
  return new Set([...own, ...global, "--help", "-h"]);
}

for (const [name, text] of TEXTS) {
  Deno.test(`TOPICS fit on 80 columns: ${name}`, () => {
    for (const line of text.split("\n")) {
      assert(widthOf(line) <= 80, line);
      assertEquals(line, line.trimEnd());
    }
    assert(text.endsWith("\n") && !text.endsWith("\n\n"), name);
  });

  Deno.test(`TOPICS name flags that there are: ${name}`, async () => {
    const flags = await knownFlags();
    // Those of other programs stand behind these programs' names.
    const own = text.replaceAll(/^.*\b(?:sha256sum|install -m)\b.*$/gm, "");
    const named = own.match(/(?<![\w-])--?[a-z][a-z\d-]*\b/g) ?? [];
    assertEquals(named.filter((flag) => !flags.has(flag)), []);
  });

  Deno.test(`TOPICS name commands that there are: ${name}`, () => {
    const lines = [
      ...text.matchAll(/\blimacharlie((?: [a-z-]+)+)/g),
      ...text.matchAll(/(?<!limacharlie )\b(ai(?: [a-z-]+)+)/g),
    ].map(([, words = ""]) => words.trim().split(" "));
    for (const words of lines) {
      const path = resolvePath(words);
      const isGroup = path.at(-1)?.children !== undefined;
      assert(path.length > 1 || isFlag(words[0]), words.join(" "));
      assert(
        !isGroup || path.length > words.length || isFlag(words[path.length - 1]),
        words.join(" "),
      );
    }
  });
}

function isFlag(word: string | undefined): boolean {
  return word?.startsWith("-") === true;
}

Deno.test("TOPICS have every exit code", () => {
  const { text = "" } = TOPICS.find(({ name }) => name === "scripting") ?? {};
  const codes = text.slice(text.indexOf("Exit codes:")).match(/(?<= {2})\d+(?= {2})/g)?.map(Number);
  assertEquals(codes?.toSorted((a, b) => a - b), Object.values(ExitCode).toSorted((a, b) => a - b));
});

for (const [name, text] of TEXTS) {
  Deno.test(`TOPICS set what is typed off from what it means: ${name}`, () => {
    for (const line of text.split("\n")) {
      const cells = line.trim().split(/ {2,}/);
      // What it means, or what it means for one and for another.
      assert(cells.length <= 3, line);
      if (!/^ {2}--/.test(line)) continue;
      // Flags with their values.
      for (const flag of cells[0]?.split(", ") ?? []) assert(flag.split(" ").length <= 2, line);
    }
  });
}

Deno.test("TOPICS name every variable that the program reads", async () => {
  const files = (await listFiles(`${ROOT}/src`)).filter((file) => file.endsWith(".ts"));
  const sources = await Promise.all(files.map((file) => Deno.readTextFile(`${ROOT}/src/${file}`)));
  const read = sources.flatMap((source) =>
    [...source.matchAll(/"(LC_[A-Z_]+[A-Z]|NO_COLOR|ACCESSIBLE|[A-Z]+_PROXY)"/g)].map(([, name]) =>
      name
    )
  );
  // The system's own are no news; HTTP_PROXY is for plain http alone, which docs/networks.md tells.
  const named = new Set(["LC_ALL", "LC_CTYPE", "HTTP_PROXY"]);
  for (const { text } of TOPICS) text.match(/\b[A-Z_]{2,}\b/g)?.forEach((name) => named.add(name));
  assertEquals(read.filter((name = "") => !named.has(name)), []);
});

Deno.test("TOPICS are named by one word each", () => {
  const names = TOPICS.map(({ name }) => name);
  assertEquals(names.filter((name) => !/^[a-z-]+$/.test(name)), []);
  assertEquals(new Set(names).size, names.length);
});
