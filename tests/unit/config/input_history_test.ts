import { assertEquals } from "@std/assert";
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

Deno.test("InputHistoryFile.add() keeps the last thousand inputs", async () => {
  using home = temporaryHome();
  const path = `${home.path}/.limacharlie.d`;
  await Deno.mkdir(path, { mode: 0o700 });
  const lines = Array.from(
    { length: 1_000 },
    (_, index) => `${JSON.stringify(`input ${index}`)}\n`,
  );
  await Deno.writeTextFile(`${path}/ai_history`, lines.join(""), { mode: 0o600 });
  const history = await open(home.env);
  await history.add("newest");
  const inputs = await history.load();
  assertEquals([inputs.length, inputs[0], inputs.at(-1)], [1_000, "input 1", "newest"]);
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

Deno.test("InputHistoryFile.load() ignores a file that is damaged", async () => {
  using home = temporaryHome();
  await Deno.mkdir(`${home.path}/.limacharlie.d`, { mode: 0o700 });
  await Deno.writeTextFile(`${home.path}/.limacharlie.d/ai_history`, "{{{", { mode: 0o600 });
  assertEquals(await (await open(home.env)).load(), []);
});
