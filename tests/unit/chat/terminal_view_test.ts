import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EMPTY_LINE, lineOf } from "../../../src/chat/line.ts";
import { TerminalView } from "../../../src/chat/terminal_view.ts";
import { safeText } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { FakeClock, FakeTerminal } from "../../support/fakes.ts";

const FOOTER = { above: [safeText`idle`], prompt: safeText`> `, line: EMPTY_LINE };

async function open() {
  const terminal = new FakeTerminal({ terminal: true });
  const clock = new FakeClock();
  const view = new TerminalView(terminal, makeStyles(false), clock);
  let footer = FOOTER;
  view.show(() => footer);
  await Promise.resolve();
  /** What is written from here on. */
  let from = terminal.stdout.text.length;
  return {
    terminal,
    clock,
    view,
    change: (text: string) => footer = { ...FOOTER, line: lineOf(text) },
    async written() {
      await Promise.resolve();
      const text = terminal.stdout.text.slice(from);
      from = terminal.stdout.text.length;
      return text;
    },
  };
}

Deno.test("TerminalView.refresh() writes nothing where nothing has changed", async () => {
  const { view, change, written } = await open();
  view.refresh();
  assertEquals(await written(), "");
  change("x");
  view.refresh();
  assertEquals(await written(), "\r\x1b[1A\x1b[2M\x1b[Jidle\n> x\r\x1b[3C");
});

Deno.test("TerminalView.print() waits while the terminal may change its size again", async () => {
  const { view, terminal, clock, change, written } = await open();
  change("x".repeat(50));
  view.refresh();
  await written();
  terminal.resize(20, 24);
  view.print(safeText`one\n`);
  view.note(safeText`two\n`);
  await clock.advance(250);
  terminal.resize(30, 24);
  assertEquals(await written(), "");
  await clock.advance(250);
  assertEquals(await written(), "");
  await clock.advance(250);
  // Two columns for the prompt: on 30 columns the row of the cursor is the second of its line.
  const shown = await written();
  assertStringIncludes(shown, "\r\x1b[2A\x1b[3M\x1b[Jone\n");
  assertMatch(shown, /one\n[^]*two\n[^]*idle\n> x{27}\n {2}x{23}/);
  // Who is told of the same size once more has to wait for nothing.
  terminal.resize(30, 24);
  view.print(safeText`three\n`);
  assertStringIncludes(await written(), "three\n");
});

Deno.test("TerminalView.print() waits for no end of changes that have none", async () => {
  const { view, terminal, clock, written } = await open();
  let shown = "";
  view.print(safeText`first\n`);
  for (let turn = 0; turn < 10; turn++) {
    terminal.resize(40 + turn, 24);
    view.print(safeText`line ${turn}\n`);
    await clock.advance(200);
    shown += await written();
  }
  assertMatch(shown, /first\n[^]*line 0\n[^]*line 4\n/);
  await clock.advance(300);
  shown += await written();
  assertEquals(shown.match(/line \d/g), Array.from({ length: 10 }, (_, turn) => `line ${turn}`));
});

const TAKERS: readonly [name: string, take: (view: TerminalView) => void, behind: RegExp][] = [
  ["TerminalView.hold()", (view) => view.hold(), /kept back\n$/],
  ["TerminalView.clear()", (view) => view.clear(), /kept back\n[^\n]*\[H[^\n]*\[2Jidle/],
  ["TerminalView.dispose()", (view) => view[Symbol.dispose](), /kept back\n$/],
];

for (const [name, take, behind] of TAKERS) {
  Deno.test(`${name} shows first what a change of size kept back`, async () => {
    const { view, terminal, clock, written } = await open();
    terminal.resize(60, 24);
    view.print(safeText`kept back\n`);
    take(view);
    assertMatch(await written(), behind);
    assertEquals(clock.pending, []);
  });
}

Deno.test("TerminalView.show() paints where the cursor is when it goes on at another size", async () => {
  const { terminal, clock, written } = await open();
  terminal.resize(60, 24);
  terminal.resume();
  await clock.advance(1_000);
  assertEquals(await written(), "\r\x1b[Jidle\n> \r\x1b[2C");
});

Deno.test("TerminalView.show() leaves room for the input line on the smallest screen", async () => {
  const terminal = new FakeTerminal({ terminal: true, columns: 20, rows: 6 });
  const view = new TerminalView(terminal, makeStyles(false), new FakeClock());
  const above = Array.from({ length: 9 }, () => safeText`queued`);
  view.show(() => ({ ...FOOTER, above, line: lineOf("x\n".repeat(40)) }));
  await Promise.resolve();
  assertEquals(terminal.stdout.text.split("\n").length, 3);
});

Deno.test("TerminalView.show() paints where the cursor is when the program goes on", async () => {
  const { terminal, written } = await open();
  terminal.resume();
  assertEquals(await written(), "\r\x1b[Jidle\n> \r\x1b[2C");
});

Deno.test("TerminalView.dispose() ends the marking of pastes", async () => {
  const { terminal, view } = await open();
  assertEquals(terminal.bracketedPaste, true);
  view[Symbol.dispose]();
  assertEquals(terminal.bracketedPaste, false);
});
