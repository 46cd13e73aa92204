import { assertEquals } from "@std/assert";
import { EMPTY_LINE, lineOf } from "../../../src/chat/line.ts";
import { TerminalView } from "../../../src/chat/terminal_view.ts";
import { safeText } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { FakeTerminal } from "../../support/fakes.ts";

const FOOTER = { above: [safeText`idle`], prompt: safeText`> `, line: EMPTY_LINE };

async function open() {
  const terminal = new FakeTerminal({ terminal: true });
  const view = new TerminalView(terminal, makeStyles(false));
  let footer = FOOTER;
  view.show(() => footer);
  await Promise.resolve();
  /** What is written from here on. */
  let from = terminal.stdout.text.length;
  return {
    terminal,
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
  const { view, change, written, terminal } = await open();
  view.refresh();
  assertEquals(await written(), "");
  change("x");
  view.refresh();
  assertEquals(await written(), "\r\x1b[1A\x1b[Jidle\n> x\r\x1b[3C");
  // A terminal that is made wider or narrower moves what it shows.
  terminal.resize(60, 24);
  assertEquals(await written(), "\r\x1b[1A\x1b[Jidle\n> x\r\x1b[3C");
});

Deno.test("TerminalView.show() leaves room for the input line on the smallest screen", async () => {
  const terminal = new FakeTerminal({ terminal: true, columns: 20, rows: 6 });
  const view = new TerminalView(terminal, makeStyles(false));
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
