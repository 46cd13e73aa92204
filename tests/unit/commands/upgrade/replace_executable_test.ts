import { assertEquals, assertRejects } from "@std/assert";
import {
  replaceExecutable,
  type Replacement,
} from "../../../../src/commands/upgrade/replace_executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../support/home.ts";
import { type Need, testWith } from "../../../support/skip.ts";

const MODES: Need = {
  missing: Deno.build.os === "windows" ? "Windows knows no modes" : undefined,
};

const encode = (text: string) => new TextEncoder().encode(text);

/** Every file of a folder with its text, and every folder in it as null. */
async function contentsOf({ path, join }: TemporaryFolder) {
  const contents: Record<string, string | null> = {};
  for await (const { name, isFile } of Deno.readDir(path)) {
    contents[name] = isFile ? await Deno.readTextFile(join(name)) : null;
  }
  return contents;
}

/** The replacement of one text by another, which keeps the first under a name that begins as it does. */
function replacement(path: string, before: string, after: string): Replacement {
  const previous = `${path}.${before.slice(0, 5)}.previous`;
  return { path, previous, before: encode(before), bytes: encode(after) };
}

for (const canReplace of [true, false]) {
  const where = canReplace ? "in one step" : "where it has to be moved aside";

  Deno.test(`replaceExecutable() keeps each one before, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await Deno.writeTextFile(path, "one");
    await replaceExecutable(replacement(path, "one", "two"), canReplace);
    assertEquals(await contentsOf(folder), { program: "two", "program.one.previous": "one" });
    await replaceExecutable(replacement(path, "two", "three"), canReplace);
    const kept = { "program.one.previous": "one", "program.two.previous": "two" };
    assertEquals(await contentsOf(folder), { program: "three", ...kept });
  });

  Deno.test(`replaceExecutable() keeps what is kept already once, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await Deno.writeTextFile(path, "one");
    await Deno.copyFile(path, `${path}.one.previous`);
    await replaceExecutable(replacement(path, "one", "two"), canReplace);
    assertEquals(await contentsOf(folder), { program: "two", "program.one.previous": "one" });
  });

  Deno.test(`replaceExecutable() goes back when it fails at the end, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await Deno.writeTextFile(path, "one");
    await Deno.mkdir(folder.join("program.one.previous"));
    await assertRejects(() => replaceExecutable(replacement(path, "one", "two"), canReplace));
    assertEquals(await contentsOf(folder), { program: "one", "program.one.previous": null });
  });

  Deno.test(`replaceExecutable() goes back when it fails half-way, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await assertRejects(() => replaceExecutable(replacement(path, "one", "two"), canReplace));
    assertEquals(await contentsOf(folder), {});
  });
}

Deno.test("replaceExecutable() removes what one that was killed has left, nothing else", async () => {
  using folder = temporaryFolder();
  const path = folder.join("program");
  const names = [
    "program",
    `program.${crypto.randomUUID()}.next`,
    `program.${crypto.randomUUID()}.kept`,
    `other.${crypto.randomUUID()}.next`,
    "program.notes.next",
  ];
  for (const name of names) await Deno.writeTextFile(folder.join(name), "one");
  await replaceExecutable(replacement(path, "one", "two"), true);
  assertEquals(Object.keys(await contentsOf(folder)).sort(), [
    names[3],
    "program",
    "program.notes.next",
    "program.one.previous",
  ]);
});

testWith([MODES], "replaceExecutable() gives the new one the mode of the old one", async () => {
  using folder = temporaryFolder();
  const path = folder.join("program");
  for (const [before, after, mode] of [["one", "two", 0o750], ["two", "three", 0o755]] as const) {
    await Deno.writeTextFile(path, before);
    await Deno.chmod(path, mode);
    await replaceExecutable(replacement(path, before, after), true);
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o7777, mode);
  }
});

Deno.test("replaceExecutable() leaves a program at the path at every moment", async () => {
  using folder = temporaryFolder();
  const path = folder.join("program");
  await Deno.writeTextFile(path, "x".repeat(1000));
  let isDone = false;
  const looking = (async () => {
    const lengths = new Set<number>();
    while (!isDone) lengths.add((await Deno.readFile(path)).length);
    return lengths;
  })();
  const texts = ["x".repeat(1000), "y".repeat(2000)] as const;
  for (let round = 0; round < 25; round++) {
    await replaceExecutable(replacement(path, ...texts), true);
    await replaceExecutable(replacement(path, texts[1], texts[0]), true);
  }
  isDone = true;
  assertEquals([...await looking].filter((length) => length !== 1000 && length !== 2000), []);
});

Deno.test("replaceExecutable() writes to a new file, not through a link to the old one", async () => {
  using folder = temporaryFolder();
  const path = folder.join("program");
  await Deno.writeTextFile(path, "one");
  await Deno.link(path, folder.join("other"));
  await Deno.symlink(folder.join("other"), `${path}.one.previous`);
  await replaceExecutable(replacement(path, "one", "two"), true);
  assertEquals(await Deno.readTextFile(folder.join("other")), "one");
  assertEquals((await Deno.lstat(`${path}.one.previous`)).isSymlink, false);
});
