import { assertEquals, assertRejects } from "@std/assert";
import { sanitize } from "../../../src/render/safe_text.ts";
import {
  FakeClock,
  fakeProcess,
  FakePrompter,
  FakeTerminal,
  NO_NETWORK,
} from "../../support/fakes.ts";

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

Deno.test("FakeInput.read() gives what was typed, chunk by chunk, then the end", async () => {
  const { stdin } = new FakeTerminal();
  stdin.type("one", "two");
  stdin.end();
  const chunks = [await stdin.read(), await stdin.read(), await stdin.read(), await stdin.read()];
  assertEquals(chunks.map(textOf), ["one", "two", null, null]);
});

Deno.test("FakeInput.read() loses nothing when it is aborted", async () => {
  const { stdin } = new FakeTerminal();
  const stop = new AbortController();
  const reading = stdin.read(stop.signal);
  stop.abort(new Error("Stop"));
  stdin.type("one");
  await assertRejects(() => reading, Error, "Stop");
  assertEquals(textOf(await stdin.read()), "one");
});

Deno.test("FakeInput.read() has one reader at a time", async () => {
  const { stdin } = new FakeTerminal();
  const first = stdin.read();
  await assertRejects(() => stdin.read(), Error, "something else reads");
  stdin.type("one");
  assertEquals(textOf(await first), "one");
});

Deno.test("FakeOutput.write() keeps text until its reader is gone", async () => {
  const { stdout } = new FakeTerminal();
  stdout.write(sanitize("one "));
  stdout.close();
  await stdout.closed;
  stdout.write(sanitize("two"));
  assertEquals(stdout.text, "one ");
});

Deno.test("FakeTerminal.resize() tells who listens", () => {
  const terminal = new FakeTerminal({ terminal: true, columns: 100 });
  const sizes: unknown[] = [];
  {
    using _listening = terminal.onResize(() => sizes.push(terminal.size()));
    terminal.resize(40, 10);
  }
  terminal.resize(50, 10);
  assertEquals(sizes, [{ columns: 40, rows: 10 }]);
});

Deno.test("FakeClock.advance() wakes sleepers in the order in which they are due", async () => {
  const clock = new FakeClock(1_000);
  const woken: [string, number][] = [];
  const sleep = async (name: string, milliseconds: number) => {
    await clock.sleep(milliseconds);
    woken.push([name, clock.now()]);
  };
  const repeat = sleep("a", 10).then(() => sleep("b", 10));
  const late = sleep("c", 15);
  assertEquals(clock.pending, [10, 15]);
  await clock.advance(19);
  assertEquals([woken, clock.now()], [[["a", 1_010], ["c", 1_015]], 1_019]);
  await clock.advance(1);
  await Promise.all([repeat, late]);
  assertEquals(woken.at(-1), ["b", 1_020]);
});

Deno.test("FakeClock.sleep() ends with the signal's reason", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(10, stop.signal);
  await clock.sleepers(1);
  stop.abort(new Error("Stop"));
  await assertRejects(() => sleeping, Error, "Stop");
  assertEquals(clock.pending, []);
});

Deno.test("FakePrompter.asked names every question; answers come in order", async () => {
  const prompter = new FakePrompter(["yes", true, "two"]);
  assertEquals(await prompter.input(sanitize("Name")), "yes");
  assertEquals(await prompter.confirm(sanitize("Sure?"), { default: false }), true);
  const choices = [1, 2].map((value) => ({ label: sanitize(value === 1 ? "one" : "two"), value }));
  assertEquals(await prompter.select(sanitize("Which"), choices), 2);
  await assertRejects(() => prompter.secret(sanitize("Key")), Error, 'No answer to secret "Key"');
  assertEquals(prompter.asked.map(({ kind }) => kind), ["input", "confirm", "select", "secret"]);
});

Deno.test("NO_NETWORK refuses every call", async () => {
  await assertRejects(() => NO_NETWORK.fetch("https://example.com/"), Error, "example.com");
});

Deno.test("fakeProcess() aborts at Ctrl-C when nobody listens to it", () => {
  const process = fakeProcess();
  let heard = 0;
  {
    using _listening = process.onInterrupt(() => heard++);
    process.interrupt();
  }
  assertEquals([heard, process.signal.aborted], [1, false]);
  process.interrupt();
  assertEquals([heard, process.signal.aborted], [1, true]);
});
