import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { safeText } from "../../../src/render/safe_text.ts";
import { CliffyPrompter } from "../../../src/term/cliffy_prompter.ts";
import type { InputOptions } from "../../../src/term/prompter.ts";
import { FakeClock, FakeTerminal } from "../../support/fakes.ts";

function ask(options: InputOptions = {}) {
  const terminal = new FakeTerminal({ terminal: true });
  const clock = new FakeClock();
  const prompter = new CliffyPrompter(terminal, clock, new AbortController().signal, false);
  return { terminal, clock, answer: prompter.input(safeText`Why?`, options) };
}

const KEYS: readonly [what: string, typed: string[], answer: string][] = [
  ["two escapes", ["\x1b\x1b", "a\r"], "a"],
  ["sequences of no key, cut off anywhere", ["a\x1b[", "99;5;7", "u\x1b[<0;1;2Mb\x1bOPc\r"], "abc"],
  ["a character of several bytes, cut off", ["\u65e5".slice(0), "x\r"], "\u65e5x"],
  ["Backspace on what is seen as one", ["a\u{1f469}\u200d\u{1f467}e\u0301\x7f\x7fb\r"], "ab"],
  [
    "Left and Delete over what is seen as one",
    ["\u{1f469}\u200d\u{1f467}x\x1b[D\x1b[D\x1b[3~\r"],
    "x",
  ],
  ["readline's keys", ["one two\x17\x01zero \x05!\r"], "zero one !"],
  ["a paste of lines, which does not submit", ["\x1b[200~y\r\ny\n\x1b[2", "01~", "!\r"], "y y !"],
  ["what follows Enter", ["a\rb\r"], "a"],
];

for (const [what, typed, expected] of KEYS) {
  Deno.test(`CliffyPrompter.input() takes ${what}`, async () => {
    const { terminal, answer } = ask();
    terminal.stdin.type(...typed);
    assertEquals(await answer, expected);
  });
}

Deno.test("CliffyPrompter.input() ends, or is answered, by Ctrl-D on an empty line", async () => {
  const ended = ask();
  ended.terminal.stdin.type("\x04");
  const error = await assertRejects(() => ended.answer, CliError);
  assertEquals(error.exitCode, ExitCode.NobodyToAsk);
  const denied = ask({ ending: "n" });
  denied.terminal.stdin.type("y\x01\x04", "\x04");
  assertEquals(await denied.answer, "n");
});

Deno.test("CliffyPrompter.input() has pastes marked only while it asks", async () => {
  const { terminal, answer } = ask();
  assertEquals(terminal.bracketedPaste, true);
  terminal.stdin.type("a\r");
  await answer;
  assertEquals(terminal.bracketedPaste, false);
});

/** Lets everything go on that waits for nothing but its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("CliffyPrompter.input() discards what was typed ahead, and goes on until there is a pause", async () => {
  const { terminal, clock, answer } = ask({ settle: 500 });
  for (const milliseconds of [0, 400, 200, 299]) {
    await clock.sleepers(1);
    await clock.advance(milliseconds);
    terminal.stdin.type("y\r");
    await turn();
  }
  await clock.advance(300);
  terminal.stdin.type("n\r");
  assertEquals(await answer, "n");
});

Deno.test("CliffyPrompter.input() looks at its hint anew every second", async () => {
  let left = 9;
  const { terminal, clock, answer } = ask({ hint: () => safeText`${left--} s left` });
  for (const expected of ["9 s left", "8 s left", "7 s left"]) {
    await clock.sleepers(1);
    assertStringIncludes(terminal.stderr.text, expected);
    await clock.advance(1_000);
  }
  terminal.stdin.type("\r");
  assertEquals(await answer, "");
});
