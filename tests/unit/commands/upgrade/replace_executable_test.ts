import { assertEquals, assertRejects } from "@std/assert";
import { replaceExecutable } from "../../../../src/commands/upgrade/replace_executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../support/home.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Every file of a folder with its text, and every folder in it as null. */
async function contentsOf({ path, join }: TemporaryFolder) {
  const contents: Record<string, string | null> = {};
  for await (const { name, isFile } of Deno.readDir(path)) {
    contents[name] = isFile ? await Deno.readTextFile(join(name)) : null;
  }
  return contents;
}

for (const canReplace of [true, false]) {
  const where = canReplace ? "in one step" : "where it has to be moved aside";

  Deno.test(`replaceExecutable() keeps the one before, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await Deno.writeTextFile(path, "one");
    assertEquals(await replaceExecutable(path, encode("two"), canReplace), `${path}.previous`);
    assertEquals(await contentsOf(folder), { program: "two", "program.previous": "one" });
    await replaceExecutable(path, encode("three"), canReplace);
    assertEquals(await contentsOf(folder), { program: "three", "program.previous": "two" });
    if (Deno.build.os !== "windows") {
      assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o7777, 0o755);
    }
  });

  Deno.test(`replaceExecutable() goes back when it fails at the end, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await Deno.writeTextFile(path, "one");
    await Deno.mkdir(folder.join("program.previous"));
    await assertRejects(() => replaceExecutable(path, encode("two"), canReplace));
    assertEquals(await contentsOf(folder), { program: "one", "program.previous": null });
  });

  Deno.test(`replaceExecutable() goes back when it fails half-way, ${where}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("program");
    await assertRejects(() => replaceExecutable(path, encode("two"), canReplace));
    assertEquals(await contentsOf(folder), {});
  });
}

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
  for (let round = 0; round < 50; round++) {
    await replaceExecutable(path, encode("y".repeat(round % 2 === 0 ? 2000 : 1000)), true);
  }
  isDone = true;
  assertEquals([...await looking].filter((length) => length !== 1000 && length !== 2000), []);
});

Deno.test("replaceExecutable() writes to a new file, not through a link to the old one", async () => {
  using folder = temporaryFolder();
  const path = folder.join("program");
  await Deno.writeTextFile(path, "one");
  await Deno.link(path, folder.join("other"));
  await Deno.symlink(folder.join("other"), `${path}.previous`);
  await replaceExecutable(path, encode("two"), true);
  assertEquals(await Deno.readTextFile(folder.join("other")), "one");
  assertEquals((await Deno.lstat(`${path}.previous`)).isSymlink, false);
});
