import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EmulatedSession } from "../../src/emulator/emulated_session.ts";
import { programCommand } from "../support/executable.ts";
import { temporaryFolder } from "../support/home.ts";
import { startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");

const ID = "streamed";

/** What an agent says; each line is there once. */
const TEXT = [
  "# Report of web-1",
  "",
  "The process **4711** opened a connection to an address that nobody knows.",
  "",
  ...Array.from({ length: 40 }, (_, index) => `- finding number ${index + 1}`),
  "",
  "| pid | name |",
  "|----:|------|",
  "| 1 | init |",
  "| 4711 | strange |",
  "",
  "And that is all.",
].join("\n");

async function attached(columns: number, ...flags: string[]) {
  const emulator = await startServer();
  const session = emulator.createSession({ id: ID });
  const screen = await openScreen({
    command: [...programCommand(), "ai", "session", "attach", "--id", ID, "-i", ...flags],
    env: emulator.environment,
    columns,
  });
  await screen.waitFor(/^Attached[^]*^>$/m);
  return {
    emulator,
    session,
    screen,
    async [Symbol.asyncDispose]() {
      await screen[Symbol.asyncDispose]();
      await emulator.stop();
    },
  };
}

function say(session: EmulatedSession, text: string, id?: string): Promise<void> {
  const payload = { content: [{ type: "text", text }], ...(id === undefined ? {} : { id }) };
  return session.push({ type: "assistant", timestamp: "2026-08-21T09:15:42Z", payload });
}

/** The text as it grows line by line. */
function growing(): string[] {
  const lines = TEXT.split("\n");
  return lines.map((_, index) => lines.slice(0, index + 1).join("\n"));
}

/** The lines that the agent said; a message that pauses for long may have a second heading. */
function saidIn(printed: string): string[] {
  return printed.split("\n").filter((line) => /^ {2}\S/.test(line));
}

/** Everything on the screen and above it, as one line without its line ends. */
function unwrapped(shown: string): string {
  return shown.replaceAll(/\s+/g, " ");
}

for (const columns of [80, 40]) {
  testWith(
    [TMUX_NEED],
    `a message that grows stands once in the scrollback, with its open end below, at ${columns} columns`,
    async () => {
      await using conversation = await attached(columns);
      const { session, screen } = conversation;
      await screen.send("my draft");
      // The open end is seen, and so is the draft below it.
      await say(session, TEXT.slice(0, TEXT.indexOf("11**")), "m1");
      await screen.waitFor(/^ {2}The process \*\*47$[^]*^> my draft$/m);
      for (let length = 60; length < TEXT.length; length += 20) {
        await say(session, TEXT.slice(0, length), "m1");
      }
      await say(session, TEXT, "m1");
      await screen.waitFor(/And that is all\.$[^]*^> my draft$/m);
      // Another one as the service is known to send them, which ends the first.
      await say(session, "Whole.");
      await screen.waitFor("Whole.");
      const shown = unwrapped(await screen.capture({ scrollback: true }));
      const findings = Array.from({ length: 40 }, (_, index) => `• finding number ${index + 1}`);
      assertStringIncludes(
        shown,
        "assistant: Report of web-1 The process 4711 opened a connection to an address that nobody " +
          `knows. ${findings.join(" ")} pid │ name ─────┼──────── 1 │ init 4711 │ strange ` +
          "And that is all. [09:15:42] assistant: Whole.",
      );
      assertEquals(shown.split("Report of web-1").length, 2);
    },
  );

  testWith(
    [TMUX_NEED],
    `a long result is folded, and /expand shows all of it, at ${columns} columns`,
    async () => {
      await using conversation = await attached(columns);
      const { session, screen } = conversation;
      const lines = Array.from({ length: 100 }, (_, index) => `line number ${index + 1}`);
      const payload = { tool_use_id: "t1", content: lines.join("\n") };
      await session.push({ type: "tool_result", payload });
      const folded = await screen.waitFor("/expand 1 shows 1,332 B more");
      assertEquals(
        folded.match(/line number \d+|\.\.\..*/g),
        [...lines.slice(0, 6), "... 89 more lines, 1,332 B ...", ...lines.slice(-5)],
      );
      await screen.send("/expand 1", "Enter");
      await screen.waitFor(/line number 90$[^]*line number 100$[^]*^>$/m);
      const all = await screen.capture({ scrollback: true });
      assertEquals(all.match(/line number \d+$/gm)?.slice(-100), lines);
      await screen.send("/expand 2", "Enter");
      await screen.waitFor("There is no folded result 2");
    },
  );
}

testWith(
  [TMUX_NEED, tool("screen")],
  "what stands above the input line is whole when GNU screen is narrowed and widened",
  async () => {
    using folder = temporaryFolder("limacharlie-screen-");
    await Deno.chmod(folder.path, 0o700);
    const settings = folder.join("screenrc");
    // What runs in it ends with the terminal that it is shown on.
    await Deno.writeTextFile(settings, "startup_message off\nautodetach off\n");
    await using emulator = await startServer();
    const session = emulator.createSession({ id: ID });
    const program = [...programCommand(), "ai", "session", "attach", "--id", ID, "--interactive"];
    await using screen = await openScreen({
      command: ["/usr/bin/env", "screen", "-U", "-c", settings, ...program],
      env: { ...emulator.environment, SCREENDIR: folder.path },
    });
    await screen.waitFor(/^>/m);
    const lines = Array.from({ length: 5 }, (_, index) => `${index} ${"word ".repeat(12)}end`);
    await session.push({ type: "tool_result", payload: { content: lines.join("\n") } });
    await screen.waitFor(/end\n[^]*^>/m);
    // Longer than a row, on either screen.
    await screen.send(
      "a draft of so many words that it fills two rows of a wide screen, and three of a narrow one",
    );
    await screen.waitFor("one");
    let end = "one";
    for (const columns of [40, 80, 60, 80]) {
      await screen.resize(columns, 24);
      await screen.send("!");
      // The row that the cursor is on: it is painted for the new size.
      const shown = await screen.waitFor(new RegExp(`${end += "!"}$`));
      const heads = shown.match(/^ *\d word/gm)?.map((row) => row.trim()[0]);
      if (columns === 80) assertEquals(heads, [..."01234"], shown);
    }
  },
);

const WATCHERS: readonly [what: string, flags: readonly string[]][] = [
  ["a session is only watched", []],
  ["a session belongs to an organization", ["-i"]],
];

for (const [what, flags] of WATCHERS) {
  testWith([TMUX_NEED], `a long result is not folded where ${what}`, async () => {
    await using emulator = await startServer();
    const owner = flags.length === 0
      ? {}
      : { owner: { oid: emulator.environment["LC_OID"] ?? "" } };
    const session = emulator.createSession({ id: ID, ...owner });
    await using screen = await openScreen({
      command: [...programCommand(), "ai", "session", "attach", "--id", ID, ...flags],
      env: emulator.environment,
    });
    await session.attached();
    const lines = Array.from({ length: 100 }, (_, index) => `line number ${index + 1}`);
    await session.push({ type: "tool_result", payload: { content: lines.join("\n") } });
    await screen.waitFor(/line number 100$/m);
    const shown = await screen.capture({ scrollback: true });
    assertEquals(shown.match(/line number \d+$/gm), lines);
    assertEquals(shown.includes("/expand"), false);
  });
}

testWith(
  [TMUX_NEED],
  "what a command shows stands between two parts of a message that is open",
  async () => {
    await using conversation = await attached(80);
    const { session, screen } = conversation;
    const lines = Array.from({ length: 20 }, (_, index) => `row ${index + 1}`);
    const payload = { tool_use_id: "t1", content: lines.join("\n") };
    await session.push({ type: "tool_result", payload });
    await say(session, "First words,", "m1");
    await screen.waitFor("First words,");
    await screen.send("/expand", "Enter");
    await screen.waitFor(/First words,\n {2}row 1\n[^]* {2}row 20\n/);
    await say(session, "First words, second words,", "m1");
    await screen.waitFor(/row 20\n.*assistant:\n {2}second words,\n/);
    await screen.send("/history 1", "Enter");
    await screen.waitFor(/second words,\n--- Last[^]*first words, second words,\n--- Live stream/i);
    await say(session, "First words, second words, third words,", "m1");
    await screen.waitFor(/--- Live stream ---\n.*assistant:\n {2}third words,\n/);
    await screen.send("/raw on", "Enter");
    await screen.waitFor(/third words,\nShowing frames as JSON\n/);
    await screen.send("/raw off", "Enter");
    await screen.waitFor("Showing frames as text");
    await say(session, "First words, second words, third words, last words.", "m1");
    await screen.waitFor(/as text\n.*assistant:\n {2}last words\.\n/);
    await screen.send("/status", "Enter");
    await screen.waitFor(/last words\.\n {2}session [^]* {2}requests .*\n/);
    await say(session, "First words, second words, third words, last words. The end.", "m1");
    await screen.waitFor(/ {2}requests .*\n.*assistant:\n {2}The end\.\n/);
  },
);

testWith(
  [TMUX_NEED],
  "what is said of requests stands above a message that is open and the input line",
  async () => {
    await using conversation = await attached(80, "--debug");
    const { emulator, session, screen } = conversation;
    await say(session, "Some words", "m1");
    await screen.waitFor("Some words");
    const path = `/v1/sessions/${ID}/history`;
    emulator.addFault({ kind: "status", path, code: 429, times: 1, retryAfter: 0 });
    await screen.send("/save /dev/null/no", "Enter");
    await screen.waitFor("Cannot write");
    await screen.send("my draft");
    await screen.waitFor(/^> my draft$/m);
    await say(session, "Some words and more.", "m1");
    await screen.waitFor("and more.");
    const shown = await screen.capture({ scrollback: true });
    assertMatch(shown, new RegExp(`^> GET \\S+${path}$[^]*^Rate limited: trying again`, "m"));
    assertEquals(shown.match(/^ {2}Some words.*$/gm), ["  Some words and more."]);
    assertEquals(shown.match(/^> (?!GET|POST|[a-z-]+: |secret).*$/gm), ["> my draft"]);
  },
);

testWith([TMUX_NEED], "/save leaves nothing out of what was said", async () => {
  await using conversation = await attached(80);
  const { session, screen } = conversation;
  using folder = temporaryFolder("limacharlie-save-");
  const words = (what: string) =>
    Array.from({ length: 2_000 }, (_, index) => `${what}${index}`).join(" ");
  const [command, result, answer] = [words("c"), words("r"), words("a")];
  await session.push({ type: "tool_use", payload: { id: "t", name: "Bash", input: { command } } });
  await session.push({ type: "tool_result", payload: { tool_use_id: "t", content: result } });
  await say(session, answer, "m1");
  await screen.waitFor("a1999");
  await screen.send(`/save ${folder.join("kept")}`, "Enter");
  await screen.waitFor("Wrote 3 messages");
  const saved = await Deno.readTextFile(folder.join("kept"));
  for (const text of [command, result, answer]) assertStringIncludes(saved, text);
});

testWith(
  [TMUX_NEED],
  "a message of emoji that terminals draw in different widths stands once in the scrollback",
  async () => {
    await using conversation = await attached(80);
    const { session, screen } = conversation;
    const thumbs = Array.from({ length: 30 }, (_, index) => `thumb ${index + 1}.`);
    for (const [index, thumb] of thumbs.entries()) {
      const text = thumbs.slice(0, index + 1).map((each) =>
        `${each} ${"\u{1f44d}\u{1f3fd}".repeat(8)}`
      );
      await say(session, text.join(" "), "m1");
      await screen.waitFor(thumb);
    }
    await say(session, "Whole.");
    await screen.waitFor("Whole.");
    const shown = await screen.capture({ scrollback: true });
    assertEquals(unwrapped(shown).match(/thumb \d+\./g), thumbs);
  },
);

testWith(
  [TMUX_NEED],
  "a message that grows is whole after the screen was made narrow",
  async () => {
    await using conversation = await attached(120);
    const { session, screen } = conversation;
    await screen.send("x".repeat(60));
    const lines = Array.from(
      { length: 80 },
      (_, index) => `line ${index + 1}: ${"word ".repeat(6)}end`,
    );
    for (const [index, columns] of [120, 40, 100, 40, 120].entries()) {
      await screen.resize(columns, 24);
      // The terminal takes a moment to tell of its size.
      await screen.waitFor(columns === 40 ? /^> x{37}\n {2}x{23}$/m : /^> x{60}$/m);
      for (let line = index * 16; line < (index + 1) * 16; line++) {
        await say(session, `${lines.slice(0, line).join("\n")}\n${lines[line]?.slice(0, 9)}`, "m1");
        await say(session, lines.slice(0, line + 1).join("\n"), "m1");
      }
      const rest = columns === 40 ? " word\\n {2}end" : " word end";
      await screen.waitFor(new RegExp(`line ${(index + 1) * 16}:.*${rest}`));
    }
    await say(session, "Whole.");
    await screen.waitFor("Whole.");
    const shown = await screen.capture({ scrollback: true });
    const expected = lines.map((_, index) => `line ${index + 1}:`);
    assertEquals(shown.match(/line \d+:/g), expected);
  },
);

Deno.test("a message that grows is printed once to a pipe, in plain lines", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: ID });
  await using program = startProgram(["ai", "session", "attach", "--id", ID], {
    env: emulator.environment,
    command: programCommand(),
  });
  await session.attached();
  for (const part of growing()) await say(session, part, "m1");
  session.end("completed", 0);
  const { stdout } = await program.result();
  assertEquals(saidIn(stdout), saidIn(`  ${TEXT.replaceAll("\n", "\n  ")}`));
});

Deno.test("a message that grows while the link is lost is printed once", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: ID });
  await using program = startProgram(["ai", "session", "attach", "--id", ID], {
    env: emulator.environment,
    command: programCommand(),
  });
  await session.attached();
  const parts = growing();
  for (const part of parts.slice(0, 10)) await say(session, part, "m1");
  await program.stdout.waitFor("finding number 1\n");
  session.cut();
  await session.detached();
  for (const part of parts.slice(10, 20)) await say(session, part, "m1");
  await program.stderr.waitFor("Connected again");
  for (const part of parts.slice(20)) await say(session, part, "m1");
  session.end("completed", 0);
  const { stdout } = await program.result();
  assertEquals(saidIn(stdout), saidIn(`  ${TEXT.replaceAll("\n", "\n  ")}`));
});
