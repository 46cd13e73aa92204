import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { safeText } from "../../../src/render/safe_text.ts";
import { PlainPrompter } from "../../../src/term/plain_prompter.ts";
import { FakeClock, FakeTerminal } from "../../support/fakes.ts";

function open(...typed: string[]) {
  const terminal = new FakeTerminal({ terminal: true });
  const prompter = new PlainPrompter(terminal, new FakeClock(), new AbortController().signal);
  terminal.stdin.type(...typed);
  return { terminal, prompter };
}

Deno.test("PlainPrompter.input() and the others take an answer a line, however the lines come", async () => {
  const { prompter, terminal } = open("fi", "rst\nsecond\n", "\n", "y\n", "7\n2\n");
  assertEquals(await prompter.input(safeText`One?`), "first");
  assertEquals(await prompter.input(safeText`Two?`), "second");
  assertEquals(await prompter.input(safeText`Three?`, { default: "third" }), "third");
  assertEquals(await prompter.confirm(safeText`Sure?`, { default: false }), true);
  const choices = [{ label: safeText`A`, value: "a" }, { label: safeText`B`, value: "b" }];
  assertEquals(await prompter.select(safeText`Which?`, choices), "b");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f]/.test(terminal.stderr.text), false, terminal.stderr.text);
  assertStringIncludes(terminal.stderr.text, "  2  B\n");
});

Deno.test("PlainPrompter.secret() has the terminal show nothing of what is typed", async () => {
  const { prompter, terminal } = open();
  const answer = prompter.secret(safeText`Key:`);
  assertEquals(terminal.stdin.raw, true);
  terminal.stdin.type("wrong\x15sekx\x7f", "\x1b[200~ret\r\n\x1b[201~", "\r");
  assertEquals(await answer, "sekret");
  assertEquals([terminal.stdin.raw, terminal.stderr.text.includes("sek")], [false, false]);
});

Deno.test("PlainPrompter.input() ends, or is answered, by Ctrl-D", async () => {
  const ended = open();
  ended.terminal.stdin.end();
  await assertRejects(() => ended.prompter.input(safeText`Why?`), CliError, "input ended");
  assertEquals(await ended.prompter.input(safeText`Why?`, { ending: "n" }), "n");
});
