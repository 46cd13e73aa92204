import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { install, uninstall } from "../../../src/completion/install.ts";
import { type Places, placesOf } from "../../../src/completion/places.ts";
import { scriptOf } from "../../../src/completion/scripts.ts";
import { SHELLS } from "../../../src/completion/shells.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { type TemporaryHome, temporaryHome } from "../../support/home.ts";

function placesIn(home: TemporaryHome, shell: typeof SHELLS[number]): Places {
  return placesOf(shell, { env: fakeEnvironment(home.env), os: "linux", read: () => undefined });
}

/** Every file and folder below one: what it holds, its mode, or where it leads. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const mode = (((await Deno.lstat(path)).mode ?? 0) & 0o777).toString(8);
    tree[path] = isSymlink ? await Deno.readLink(path) : mode;
    if (isDirectory) Object.assign(tree, await treeOf(path));
    else tree[path] += await Deno.readTextFile(path);
  }
  return tree;
}

for (const shell of SHELLS) {
  Deno.test(`uninstall() takes all of install() for ${shell} back`, async () => {
    using home = temporaryHome();
    const places = placesIn(home, shell);
    assertEquals(await treeOf(home.path), {});
    await install(places);
    const first = await treeOf(home.path);
    const written = Object.values(first).join("");
    assertStringIncludes(written, scriptOf(shell));
    const again = await install(places);
    assertEquals(again.every((line) => /already/.test(line)), true, again.join("\n"));
    assertEquals(await treeOf(home.path), first);
    await uninstall(places);
    assertEquals(await treeOf(home.path), {});
    assertEquals(await uninstall(places), []);
  });

  Deno.test(`uninstall() leaves what was there before install() for ${shell}`, async () => {
    using home = temporaryHome();
    const places = placesIn(home, shell);
    const { script, startup } = places;
    for (const path of [script?.path, startup?.path]) {
      if (path === undefined) continue;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o750 });
    }
    if (startup !== undefined) {
      await Deno.writeTextFile(startup.path, "mine\nno end", { mode: 0o640 });
      await Deno.chmod(startup.path, 0o640);
    }
    const before = await treeOf(home.path);
    await install(places);
    await uninstall(places);
    assertEquals(await treeOf(home.path), before);
  });
}

Deno.test("install() brings an older script of ours up to date", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "fish");
  await install(places);
  const path = places.script?.path ?? "";
  const [mark = ""] = scriptOf("fish").split("\n");
  const made = (await Deno.readTextFile(path)).slice(scriptOf("fish").length);
  await Deno.writeTextFile(path, `${mark}\nold\n${made}`);
  assertEquals(await install(places), [`Brought ${path} up to date`]);
  assertEquals(await Deno.readTextFile(path), scriptOf("fish") + made);
  await uninstall(places);
  assertEquals(await treeOf(home.path), {});
});

Deno.test("install() and uninstall() refuse a file of another program's", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "bash");
  const path = places.script?.path ?? "";
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, "complete -F _other limacharlie\n");
  const before = await treeOf(home.path);
  for (const act of [install, uninstall]) {
    const error = await assertRejects(() => act(places), CliError);
    assertEquals([error.message, error.exitCode], [
      `Will not touch "${path}": it is not from this program`,
      4,
    ]);
  }
  assertEquals(await treeOf(home.path), before);
});

Deno.test("install() refuses a startup file with one of our marks, and writes nothing", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "zsh");
  await Deno.writeTextFile(places.startup?.path ?? "", "# >>> limacharlie completions >>>\n");
  const before = await treeOf(home.path);
  await assertRejects(() => install(places), CliError, "Will not touch");
  assertEquals(await treeOf(home.path), before);
});

Deno.test("install() writes through a link to a startup file", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "zsh");
  await Deno.mkdir(home.join("dotfiles"));
  await Deno.writeTextFile(home.join("dotfiles", "zshrc"), "mine\n");
  await Deno.symlink(home.join("dotfiles", "zshrc"), home.join(".zshrc"));
  await install(places);
  assertEquals((await Deno.lstat(home.join(".zshrc"))).isSymlink, true);
  assertStringIncludes(await Deno.readTextFile(home.join("dotfiles", "zshrc")), "compdef");
  await uninstall(places);
  assertEquals(await Deno.readTextFile(home.join("dotfiles", "zshrc")), "mine\n");
});

Deno.test("install() and uninstall() leave a file byte for byte, whatever its encoding", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "zsh");
  const path = home.join(".zshrc");
  const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, 0xe4, 0x0d, 0x0a, 0x80, 0xff, 0x0a]);
  await Deno.writeFile(path, bytes);
  await install(places);
  assertEquals((await Deno.readFile(path)).slice(0, bytes.length), bytes);
  await uninstall(places);
  assertEquals(await Deno.readFile(path), bytes);
});

Deno.test("install() and uninstall() find folders whose names are not ASCII", async () => {
  using home = temporaryHome();
  const env = { ...home.env, ZDOTDIR: home.join("zürich's") };
  const options = { env: fakeEnvironment(env), os: "linux", read: () => undefined } as const;
  const places = placesOf("zsh", options);
  await install(places);
  assertStringIncludes(await Deno.readTextFile(home.join("zürich's", ".zshrc")), "zürich'\\''s");
  await uninstall(places);
  assertEquals(await treeOf(home.path), {});
});

Deno.test("install() refuses a startup file that is read-only or leads nowhere, and writes nothing", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "bash");
  const path = home.join(".bashrc");
  await Deno.symlink(home.join("nowhere"), path);
  await assertRejects(
    () => install(places),
    CliError,
    `Will not touch "${path}": it leads to "${home.join("nowhere")}", which is not there`,
  );
  await Deno.writeTextFile(home.join("nowhere"), "mine\n", { mode: 0o444 });
  const before = await treeOf(home.path);
  await assertRejects(
    () => install(places),
    CliError,
    `Will not touch "${path}": it is read-only`,
  );
  assertEquals(await treeOf(home.path), before);
});

Deno.test("install() and uninstall() leave the completion of another name alone", async () => {
  using home = temporaryHome();
  for (const shell of SHELLS) {
    const options = { env: fakeEnvironment(home.env), os: "linux", read: () => undefined } as const;
    const [one, other] = ["limacharlie", "lc-ai"].map((name) =>
      placesOf(shell, { ...options, name })
    );
    if (one === undefined || other === undefined) continue;
    await install(one);
    const before = await treeOf(home.path);
    await install(other);
    assertStringIncludes(Object.values(await treeOf(home.path)).join(""), scriptOf(shell, "lc-ai"));
    await uninstall(other);
    assertEquals(await treeOf(home.path), before);
    await uninstall(one);
  }
  assertEquals(await treeOf(home.path), {});
});

Deno.test("uninstall() keeps a folder in which there is something else now", async () => {
  using home = temporaryHome();
  const places = placesIn(home, "zsh");
  await install(places);
  await Deno.writeTextFile(home.join(".zfunc", "_other"), "");
  await uninstall(places);
  assertEquals(Object.keys(await treeOf(home.path)), [
    home.join(".zfunc"),
    home.join(".zfunc", "_other"),
  ]);
});

Deno.test("uninstall() finds lines for bash that would not be needed any more", async () => {
  using home = temporaryHome();
  await install(placesIn(home, "bash"));
  const later = placesOf("bash", {
    env: fakeEnvironment(home.env),
    os: "linux",
    read: () => ". bash_completion\n",
  });
  await uninstall(later);
  assertEquals(await treeOf(home.path), {});
});

Deno.test("install() names the file where it cannot write", async () => {
  using home = temporaryHome();
  await Deno.writeTextFile(home.join(".config"), "");
  const error = await assertRejects(() => install(placesIn(home, "fish")), CliError);
  assertEquals(error.exitCode, 4);
  assertStringIncludes(error.message, `"${home.join(".config", "fish", "completions")}`);
});
