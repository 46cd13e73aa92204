import { assertEquals, assertRejects } from "@std/assert";
import { InputHistoryFile } from "../../../src/config/input_history.ts";
import { locateConfig } from "../../../src/config/paths.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryHome } from "../../support/home.ts";

async function open(variables: Record<string, string>) {
  const env = fakeEnvironment(variables);
  return new InputHistoryFile(await locateConfig(env), env);
}

Deno.test("InputHistoryFile.add() keeps inputs between runs, for their owner alone", async () => {
  using home = temporaryHome();
  await (await open(home.env)).add("one\nof two lines");
  await (await open(home.env)).add('with "quotes" and \u202e');
  assertEquals(await (await open(home.env)).load(), [
    "one\nof two lines",
    'with "quotes" and \u202e',
  ]);
  const file = await Deno.stat(`${home.path}/.limacharlie.d/ai_history`);
  assertEquals((file.mode ?? 0) & 0o777, 0o600);
});

/** A history file with these inputs; its path. */
async function write(home: string, inputs: readonly string[], mode = 0o600): Promise<string> {
  const path = `${home}/.limacharlie.d/ai_history`;
  await Deno.mkdir(`${home}/.limacharlie.d`, { mode: 0o700 });
  const lines = inputs.map((input) => `${JSON.stringify(input)}\n`);
  await Deno.writeTextFile(path, lines.join(""), { mode });
  return path;
}

Deno.test("InputHistoryFile.add() keeps the last thousand inputs when there are too many", async () => {
  using home = temporaryHome();
  await write(home.path, Array.from({ length: 1_500 }, (_, index) => `input ${index}`));
  const history = await open(home.env);
  await history.add("newest");
  const inputs = await history.load();
  assertEquals([inputs.length, inputs[0], inputs.at(-1)], [1_000, "input 501", "newest"]);
});

Deno.test("InputHistoryFile.add() keeps the newest inputs when they take too much", async () => {
  using home = temporaryHome();
  const large = "x".repeat(100_000);
  await write(home.path, Array.from({ length: 11 }, (_, index) => `${index} ${large}`));
  const history = await open(home.env);
  await history.add("newest");
  const inputs = await history.load();
  assertEquals(inputs.map((input) => input.split(" ")[0]), ["6", "7", "8", "9", "10", "newest"]);
});

Deno.test("InputHistoryFile.add() loses nothing where several programs add at once", async () => {
  using home = temporaryHome();
  await write(home.path, Array.from({ length: 1_490 }, (_, index) => `old ${index}`));
  const histories = await Promise.all(Array.from({ length: 4 }, () => open(home.env)));
  await Promise.all(
    histories.flatMap((history, program) =>
      Array.from({ length: 20 }, (_, index) => history.add(`new ${program} ${index}`))
    ),
  );
  const inputs = await (await open(home.env)).load();
  assertEquals(inputs.filter((input) => input.startsWith("new")).length, 80);
});

Deno.test("InputHistoryFile.add() follows no link, and uses no file that others can read", async () => {
  using linked = temporaryHome();
  await Deno.mkdir(`${linked.path}/.limacharlie.d`, { mode: 0o700 });
  await Deno.symlink(`${linked.path}/victim`, `${linked.path}/.limacharlie.d/ai_history`);
  await (await open(linked.env)).add("secret plan");
  await assertRejects(() => Deno.stat(`${linked.path}/victim`), Deno.errors.NotFound);
  using shared = temporaryHome();
  const path = await write(shared.path, ["theirs"], 0o644);
  await Deno.chmod(path, 0o644);
  const history = await open(shared.env);
  await history.add("secret plan");
  assertEquals([await history.load(), await Deno.readTextFile(path)], [[], '"theirs"\n']);
});

for (const name of ["LC_NO_HISTORY", "LC_EPHEMERAL_CREDS"]) {
  Deno.test(`InputHistoryFile.add() keeps nothing with ${name}`, async () => {
    using home = temporaryHome();
    const history = await open({ ...home.env, [name]: "1" });
    await history.add("secret plan");
    assertEquals(await history.load(), []);
    assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);
  });
}

Deno.test("InputHistoryFile.load() leaves out lines that are damaged, also one that was cut off", async () => {
  using home = temporaryHome();
  const path = await write(home.path, ["first"]);
  await Deno.writeTextFile(path, '{{{\n{"a":1}\n"cut o', { append: true });
  const history = await open(home.env);
  void history.add("last\r\n\u{1f469}\u200d\u{1f467}\ud800");
  await history.flush();
  assertEquals(await history.load(), ["first", "last\r\n\u{1f469}\u200d\u{1f467}\ud800"]);
});
