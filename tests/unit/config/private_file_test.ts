import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { readPrivateFile, writePrivateFile } from "../../../src/config/private_file.ts";
import { temporaryFolder } from "../../support/home.ts";

const modeOf = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

/** Everything in a folder, by name. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    namesIn(folder).map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test("readPrivateFile() reads what writePrivateFile() wrote", async () => {
  using folder = temporaryFolder();
  const path = folder.join("a", "b", "file");
  await writePrivateFile(path, "grüße\n");
  assertEquals(await readPrivateFile(path), "grüße\n");
});

Deno.test("readPrivateFile() finds nothing where there is no file and no folder", async () => {
  using folder = temporaryFolder();
  assertEquals(await readPrivateFile(folder.join("file")), undefined);
  assertEquals(await readPrivateFile(folder.join("none", "file")), undefined);
});

Deno.test("readPrivateFile() refuses a file that others may access, with the command", async () => {
  using folder = temporaryFolder();
  const path = folder.join("it's mine");
  await Deno.writeTextFile(path, "key");
  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o644]) {
    await Deno.chmod(path, mode);
    const error = await assertRejects(() => readPrivateFile(path), CliError);
    assertStringIncludes(error.message, `Refusing to use "${path}"`);
    assertEquals([error.exitCode, error.hint], [4, `chmod 600 '${folder.path}/it'\\''s mine'`]);
  }
  await Deno.chmod(path, 0o600);
  assertEquals(await readPrivateFile(path), "key");
});

Deno.test("readPrivateFile() refuses a folder where anybody may replace files", async () => {
  using folder = temporaryFolder();
  const path = folder.join("open", "file");
  await writePrivateFile(path, "key");
  await Deno.chmod(folder.join("open"), 0o777);
  const hint = `chmod o-w ${folder.join("open")}`;
  for (const act of [() => readPrivateFile(path), () => writePrivateFile(path, "other")]) {
    const error = await assertRejects(act, CliError);
    assertEquals([error.exitCode, error.hint], [4, hint]);
  }
  await Deno.chmod(folder.join("open"), 0o1777);
  assertEquals(await readPrivateFile(path), "key");
});

Deno.test("readPrivateFile() refuses a symbolic link, and so does writePrivateFile()", async () => {
  using folder = temporaryFolder();
  await writePrivateFile(folder.join("real", "file"), "key");
  await Deno.symlink(folder.join("real", "file"), folder.join("link"));
  await Deno.symlink(folder.join("real"), folder.join("linked"));
  for (const path of [folder.join("link"), folder.join("linked", "file")]) {
    for (const act of [() => readPrivateFile(path), () => writePrivateFile(path, "other")]) {
      const error = await assertRejects(act, CliError);
      assertEquals(error.exitCode, 4);
      assertStringIncludes(error.message, "symbolic link");
    }
  }
  assertEquals(contents(folder.join("real")), { file: "key" });
});

Deno.test("readPrivateFile() refuses what is no text file", async () => {
  using folder = temporaryFolder();
  await Deno.mkdir(folder.join("folder"));
  await Deno.writeFile(folder.join("latin1"), new Uint8Array([0xe9]), { mode: 0o600 });
  await Deno.writeFile(folder.join("huge"), new Uint8Array(5 << 20), { mode: 0o600 });
  const reasons: Record<string, string> = {
    folder: "it is not a file",
    latin1: "it is not UTF-8 text",
    huge: "it is too large",
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const path = folder.join(name);
    const error = await assertRejects(() => readPrivateFile(path), CliError);
    assertEquals([error.exitCode, error.message], [4, `Cannot read "${path}": ${reason}`]);
  }
});

Deno.test("writePrivateFile() makes a folder of mode 0700 and a file of mode 0600", async () => {
  using folder = temporaryFolder();
  await writePrivateFile(folder.join("a", "b", "file"), "one");
  assertEquals(modeOf(folder.join("a")), 0o700);
  assertEquals(modeOf(folder.join("a", "b")), 0o700);
  assertEquals(modeOf(folder.join("a", "b", "file")), 0o600);
});

Deno.test("writePrivateFile() replaces a file whole, and leaves nothing else behind", async () => {
  using folder = temporaryFolder();
  const path = folder.join("file");
  await Deno.writeTextFile(path, "a long text that was there before", { mode: 0o644 });
  await writePrivateFile(path, "short");
  assertEquals(contents(folder.path), { file: "short" });
  assertEquals(modeOf(path), 0o600);
});

Deno.test("writePrivateFile() mends the mode of a folder only where it is our own", async () => {
  using folder = temporaryFolder();
  await Deno.mkdir(folder.join("theirs"), { mode: 0o755 });
  await Deno.mkdir(folder.join("ours"), { mode: 0o755 });
  await writePrivateFile(folder.join("theirs", "file"), "");
  await writePrivateFile(folder.join("ours", "file"), "", { ownFolder: true });
  assertEquals(modeOf(folder.join("theirs")), 0o755);
  assertEquals(modeOf(folder.join("ours")), 0o700);
});

Deno.test("writePrivateFile() says why when a folder is a file", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(folder.join("file"), "");
  const path = folder.join("file", "config.yaml");
  const error = await assertRejects(() => writePrivateFile(path, ""), CliError);
  assertEquals([error.exitCode, error.message], [
    4,
    `Cannot write "${path}": a part of its path is not a folder`,
  ]);
});

Deno.test("writePrivateFile() leaves the old file when the new one cannot take its place", async () => {
  using folder = temporaryFolder();
  const path = folder.join("file");
  await Deno.mkdir(path);
  await assertRejects(() => writePrivateFile(path, "new"), CliError);
  assertEquals(namesIn(folder.path), ["file"]);
});
