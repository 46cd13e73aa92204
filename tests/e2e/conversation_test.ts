import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Step } from "../../src/emulator/scenario.ts";
import { ExactNumber } from "../../src/protocol/exact_json.ts";
import {
  agent,
  answerable,
  chat,
  COMMAND,
  ECHO,
  ready,
  received,
  receivedTexts,
} from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { temporaryFolder } from "../support/home.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");

testWith([TMUX_NEED], "chat holds a whole conversation, with an approval denied", async () => {
  const scenario = agent([
    { say: "I want to tidy up." },
    COMMAND,
    { ask: [{ header: "Next", question: "What next?", options: ["Stop", "Go on"] }] },
    { say: "You chose {{answers.Next}}." },
    { result: { summary: "over" } },
  ]);
  await using emulator = await startServer({ scenario });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("clean the host", "Enter");
  await screen.waitFor("Approve Bash?");
  // Longer than a question of this weight stays deaf.
  await screen.waitFor(/4 m 5[0-8] s left/);
  await screen.send("reason", "Enter");
  await screen.waitFor("Why not?");
  await screen.waitFor(/Why not\?[\s\S]*4 m 5[0-7] s left/);
  await screen.send("keep the evidence", "Enter");
  await screen.waitFor("Not done: keep the evidence");
  await screen.waitFor(/Number or text[\s\S]*4 m 5[0-8] s left/);
  await screen.send("2", "Enter");
  await screen.waitFor("You chose Go on.");
  await screen.waitFor(/^idle.*\$0/m);
  await screen.send("C-d");
  assertEquals(await screen.exitCode(), ExitCode.Done);
  assertStringIncludes(await screen.capture(), "To come back:");
  assertEquals(received(emulator, "tool_approval_response").map(({ approved }) => approved), [
    false,
  ]);
});

testWith([TMUX_NEED], "chat lets nothing that was typed ahead grant an approval", async () => {
  const scenario = agent([{ wait_ms: 300 }, COMMAND, { result: {} }]);
  await using emulator = await startServer({ scenario });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  for (let press = 0; press < 8; press++) await screen.send("y", "Enter");
  await screen.waitFor("Approve Bash?");
  await screen.send("y", "Enter");
  await screen.waitFor(/4 m 5[0-7] s left/);
  assertEquals(received(emulator, "tool_approval_response"), []);
  await screen.send("C-c");
  await screen.waitFor("Denied");
});

testWith(
  [TMUX_NEED],
  "chat denies on Ctrl-C, and keeps the draft that is not on the screen",
  async () => {
    await using emulator = await startServer({
      scenario: agent([{ wait_ms: 700 }, COMMAND, { result: {} }]),
    });
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("go", "Enter");
    await screen.waitFor("thinking");
    await screen.send("my draft");
    await screen.waitFor("Approve Bash?");
    await screen.send("C-c");
    await screen.waitFor("Denied");
    await screen.waitFor(/^> my draft$/m);
    assertEquals(received(emulator, "tool_approval_response")[0].approved, false);
  },
);

testWith([TMUX_NEED], "chat brings the draft back after an approval", async () => {
  await using emulator = await startServer({
    scenario: agent([{ wait_ms: 700 }, COMMAND, { result: {} }]),
  });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor("thinking");
  await screen.send("my draft");
  await screen.waitFor("Approve Bash?");
  await screen.waitFor(/4 m 5[0-8] s left/);
  await screen.send("n", "Enter");
  await screen.waitFor("Denied");
  await screen.waitFor(/^> my draft$/m);
});

testWith(
  [TMUX_NEED],
  "chat takes a reason that is longer than a line, on a screen that shrinks",
  async () => {
    await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
    await using screen = await chat(emulator, { columns: 60 });
    await ready(screen);
    await screen.send("go", "Enter");
    await screen.waitFor(/4 m 5[0-8] s left/);
    await screen.send("reason", "Enter");
    await screen.waitFor(/Why not\?[\s\S]*4 m 5[0-7] s left/);
    const reason =
      "端末を調べる前に、証拠を消してはいけません。 Ask the owner of the host first, and keep a copy";
    await screen.send(reason);
    await screen.waitFor("keep a copy");
    await screen.resize(40, 24);
    await screen.waitFor(/Why not\?.*keep a copy$/m);
    const shown = await screen.capture({ scrollback: true });
    assertEquals([shown.match(/Why not/g)?.length, shown.match(/s left/g)?.length], [1, 1], shown);
    await screen.send("Enter");
    await screen.waitFor("Not done:");
    assertEquals(received(emulator, "tool_approval_response")[0].message, reason);
  },
);

testWith([TMUX_NEED], "chat shows a change of the input before it is allowed", async () => {
  await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor(/4 m 5[0-8] s left/);
  await screen.send("edit", "Enter");
  await screen.waitFor(/^edit> rm -rf/m);
  await screen.send("C-a", "echo ", "Enter");
  await screen.waitFor("with your change?");
  assertMatch(await screen.capture(), /- command.*\n\+ command.*echo rm -rf/);
  await screen.waitFor(/with your change[\s\S]*4 m 5[0-7] s left/);
  await screen.send("y", "Enter");
  await screen.waitFor("removed");
  const [answer] = received(emulator, "tool_approval_response");
  assertEquals(answer.updated_input, {
    command: "echo rm -rf /tmp/evidence",
    description: "Tidy up",
  });
});

testWith([TMUX_NEED], "chat breaks its words about an approval at spaces only", async () => {
  await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
  await using screen = await chat(emulator, { columns: 40 });
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor(/4 m 5[0-8] s left/);
  await screen.send("whatever do you mean", "Enter");
  await screen.waitFor(/"whatever\s+do\s+you\s+mean"\s+is\s+no\s+answer;\s+\?\s+shows\s+them$/m);
  await answerable(screen, "Approve Bash");
  await screen.send("session", "Enter");
  await screen.waitFor(/will\s+run\s+unasked,\s+whatever\s+its\s+input\.$/m);
});

testWith([TMUX_NEED], "chat asks again before it allows a tool for the session", async () => {
  await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor(/4 m 5[0-8] s left/);
  await screen.send("session", "Enter");
  await screen.waitFor(/Allow all of them\?[\s\S]*4 m 5[0-7] s left/);
  assertEquals(received(emulator, "tool_approval_response"), []);
  await screen.send("y", "Enter");
  await screen.waitFor("removed");
  assertEquals(received(emulator, "tool_approval_response")[0].approval_scope, "session");
});

testWith([TMUX_NEED], "chat lets nobody allow an input that nobody can review", async () => {
  const tool: Step = { ...COMMAND, input: { command: "x".repeat(2 * 1024 * 1024) } };
  await using emulator = await startServer({ scenario: agent([tool, { result: {} }]) });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor("bytes of input");
  await screen.waitFor("Not done:");
  assertEquals(received(emulator, "tool_approval_response")[0].approved, false);
});

/** A call whose input is longer than a screen. */
const LONG: Step = {
  ...COMMAND,
  input: { command: Array.from({ length: 60 }, (_, line) => `echo line-${line}.`).join("\n") },
};

testWith([TMUX_NEED], "chat pages an input that is longer than the screen", async () => {
  await using emulator = await startServer({
    scenario: agent([{ wait_ms: 700 }, LONG, { result: {} }]),
  });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter", "my draft", "C-b", "C-b");
  await screen.waitFor(/Lines 1-\d+ of 60, .*4 m 5[0-8] s left/);
  await screen.send("Space");
  await screen.waitFor(/^> echo line-30\.$/m);
  await screen.send("b", "Down");
  const shown = await screen.waitFor(/^\$ echo line-0\.\n|^> echo line-1\.$[\s\S]*line-20\.$/m);
  assert(!shown.includes("Approve Bash?"));
  await screen.send("G");
  await screen.waitFor("Lines 40-60 of 60, 100 %");
  await screen.send("Enter");
  await answerable(screen, "Approve Bash");
  const all = await screen.capture({ scrollback: true });
  for (let line = 0; line < 60; line++) {
    assertEquals(all.split(`echo line-${line}.`).length - 1, 1, `line ${line}:\n${all}`);
  }
  await screen.send("C-d");
  await screen.waitFor("Not done");
  await screen.waitFor(/^> my draft$/m);
  assertEquals((await screen.cursor()).column, "> my dra".length);
});

testWith(
  [TMUX_NEED],
  "chat allows nothing before its end was shown, whatever the screen's size",
  async () => {
    await using emulator = await startServer({ scenario: agent([LONG, { result: {} }]) });
    await using screen = await chat(emulator, { rows: 60 });
    await ready(screen);
    await screen.send("go", "Enter");
    await screen.waitFor(/of 60, .*4 m 5[0-8] s left/);
    await screen.resize(60, 20);
    await screen.waitFor(/Lines 1-1\d of 60, /);
    await screen.send("q");
    for (const answer of ["y", "session", "edit", "pattern"]) {
      await answerable(screen, "read on. \\S+ \\(n\\) ›");
      await screen.send(answer, "Enter");
      await screen.waitFor(new RegExp(`› ${answer}\n.*not shown yet`));
    }
    assertEquals(received(emulator, "tool_approval_response"), []);
    await screen.send("C-c");
    await screen.waitFor("Denied");
  },
);

testWith(
  [TMUX_NEED],
  "chat has an edited input mended that is no JSON, and shows the change whole",
  async () => {
    const tool: Step = { ...COMMAND, tool: "mcp__case", input: { id: "7", notes: "a" } };
    await using emulator = await startServer({ scenario: agent([tool, { result: {} }]) });
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("go", "Enter");
    await screen.waitFor(/4 m 5[0-8] s left/);
    await screen.send("edit", "Enter");
    await screen.waitFor(/s left\. The input, as JSON:/);
    await screen.send("BSpace", "Enter");
    await screen.waitFor("This is no JSON object");
    await screen.waitFor(/^edit> \{\n/m);
    await screen.send("}", "C-p", "C-e", "BSpace", 'bc"', "Enter");
    const shown = await screen.waitFor("with your change?");
    assertStringIncludes(shown, '- notes: "a"\n+ notes: "abc"\n');
    await answerable(screen, "with your change");
    await screen.send("y", "Enter");
    await screen.waitFor("removed");
    const [{ tool_use_id: id, ...answer }] = received(emulator, "tool_approval_response");
    assertEquals([typeof id, answer], ["string", {
      approved: true,
      approval_scope: "once",
      updated_input: { id: "7", notes: "abc" },
    }]);
  },
);

testWith([TMUX_NEED], "chat shows and sends numbers that no double holds as they are", async () => {
  const [id, limit] = ["12345678901234567890", "1e400"];
  const tool: Step = {
    ...COMMAND,
    tool: "mcp__case",
    input: { id: new ExactNumber(id), limits: [new ExactNumber(limit)], notes: "a" },
  };
  await using emulator = await startServer({ scenario: agent([tool, { result: {} }]) });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  const shown = await screen.waitFor(/4 m 5[0-8] s left/);
  assertStringIncludes(shown, `"id": ${id},`);
  assertStringIncludes(shown, `    ${limit}\n`);
  await screen.send("edit", "Enter");
  await screen.waitFor(/^edit> \{\n/m);
  await screen.send("C-p", "C-e", "BSpace", 'b"', "Enter");
  await answerable(screen, "with your change");
  assertStringIncludes(await screen.capture(), '- notes: "a"\n+ notes: "ab"');
  await screen.send("y", "Enter");
  await screen.waitFor("removed");
  const [text] = receivedTexts(emulator).filter((text) => text.includes("updated_input"));
  assertStringIncludes(text ?? "", `"updated_input":{"id":${id},"limits":[${limit}],"notes":"ab"}`);
});

testWith(
  [TMUX_NEED],
  "chat sends a pattern that the operator gives, once that is confirmed",
  async () => {
    await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("go", "Enter");
    await screen.waitFor(/4 m 5[0-8] s left/);
    await screen.send("pattern", "Enter");
    await answerable(screen, "Pattern ›");
    await screen.send("rm -rf /tmp/*", "Enter");
    await answerable(screen, "Later calls of Bash that match rm -rf[\\s\\S]*Allow these");
    await screen.send("y", "Enter");
    await screen.waitFor("removed");
    const [{ tool_use_id: _, ...answer }] = received(emulator, "tool_approval_response");
    assertEquals(answer, {
      approved: true,
      approval_scope: "session",
      approval_pattern: "rm -rf /tmp/*",
    });
  },
);

/** A screen to type on before the program begins. */
async function openEarly(emulator: Emulator, command: string) {
  const folder = temporaryFolder("limacharlie-early-");
  const gate = folder.join("gate");
  const wait = 'until [ -e "$0" ]; do sleep 0.1; done; exec "$@"';
  const screen = await chat(emulator, {
    command: ["/bin/sh", "-c", wait, gate, ...programCommand(), ...command.split(" ")],
  });
  return {
    screen,
    begin: () => Deno.writeTextFile(gate, ""),
    async [Symbol.asyncDispose]() {
      await screen[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

for (
  const [what, typed, message] of [
    ["a line", ["hello", "Enter"], "hello"],
    ["pasted lines", ["if x:\n\tgo\n", "Enter"], "if x:\n\tgo\n"],
  ] as const
) {
  testWith(
    [TMUX_NEED],
    `chat sends ${what}, typed before it began, as one message`,
    async () => {
      await using emulator = await startServer({ scenario: ECHO });
      await using early = await openEarly(emulator, "ai chat");
      const { screen } = early;
      await screen.send(...typed);
      await screen.waitFor(/hello|go/);
      await early.begin();
      await screen.waitFor("answered");
      await screen.waitFor(/^> ?$/m);
      assertEquals(received(emulator, "prompt"), [{ text: message }]);
    },
  );
}

testWith(
  [TMUX_NEED],
  "what was typed before an approval that is open from the beginning is not lost",
  async () => {
    await using emulator = await startServer();
    const session = emulator.createSession({ id: "waits" });
    await session.push({ type: "tool_approval_request", payload: { tool_use_id: "t1" } });
    await using early = await openEarly(emulator, "ai session attach --interactive --id waits");
    const { screen } = early;
    await screen.send("tell me first", "Enter");
    await screen.waitFor("first");
    await early.begin();
    await answerable(screen, "Approve");
    await screen.send("later", "Enter");
    assertStringIncludes(JSON.stringify(await session.received("prompt")), "tell me first");
  },
);

testWith(
  [TMUX_NEED],
  "chat queues what is typed while the agent works, and gives it back",
  async () => {
    const scenario = agent([{ wait_ms: 1_500 }, { say: "You said: {{prompt}}" }, { result: {} }]);
    await using emulator = await startServer({ scenario });
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("first", "Enter");
    await screen.waitFor("thinking");
    await screen.send("second", "Enter", "third", "Enter");
    await screen.waitFor(/queued: second\nqueued: third/);
    await screen.send("Up");
    await screen.waitFor(/queued: second\n> third$/m);
    await screen.waitFor("You said: second");
    assertEquals(received(emulator, "prompt"), [{ text: "first" }, { text: "second" }]);
  },
);

testWith(
  [TMUX_NEED],
  "chat tells what was written and not sent when the session ends",
  async () => {
    const end: Step = { end: { reason: "max_duration_exceeded" } };
    await using emulator = await startServer({
      scenario: agent([{ ask: [{ question: "Which host?" }] }, { wait_ms: 1_500 }, end]),
    });
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("go", "Enter");
    await answerable(screen, "Which host?");
    await screen.send("WS-ACCT-22", "Enter");
    await screen.waitFor(/^thinking/m);
    await screen.send("look at\\", "Enter", "the other", "Enter", "a draft");
    await screen.waitFor(/queued: look at the other\n> a draft$/);
    await screen.exitCode();
    const shown = await screen.capture();
    assertMatch(
      shown,
      /ended: max_dur[^]*^Not sent: look at\nthe other\nNot sent: a draft\nSession/m,
    );
    assertEquals(shown.split("a draft").length, 2, shown);
  },
);

testWith(
  [TMUX_NEED],
  "chat leaves no copies of the input line in the scrollback of a cleared screen",
  async () => {
    await using emulator = await startServer();
    await using screen = await chat(emulator);
    await ready(screen);
    await screen.send("C-l");
    for (const letter of ["a", "b", "c"]) {
      await screen.send(letter);
      await screen.waitFor(new RegExp(`^> .*${letter}$`, "m"));
    }
    const all = await screen.capture({ scrollback: true });
    assertEquals(all.match(/^idle\n>.*/gm), ["idle\n> abc"], all);
  },
);

for (const flags of [[], ["--quiet"]]) {
  testWith(
    [TMUX_NEED],
    `attach ${flags.join("")} sends nothing to a session that has ended, and tells of all of it`,
    async () => {
      await using emulator = await startServer();
      const session = emulator.createSession({ id: "ends" });
      const command = ["ai", "session", "attach", "--id", "ends", "--interactive", ...flags];
      await using screen = await openScreen({
        command: [...programCommand(), ...command],
        env: emulator.environment,
      });
      await ready(screen);
      await session.push({ type: "assistant", payload: { content: "on it" } });
      await screen.waitFor(/^thinking/m);
      await screen.send("second", "Enter");
      await screen.paste("if x:\n\tgo");
      await screen.send("Enter");
      await screen.waitFor(/^queued: second\nqueued: if x: go$/m);
      // The link stays open behind it.
      await session.push({ type: "session_end", payload: { reason: "completed" } });
      await screen.waitFor(/^Not sent: second\nNot sent: if x:\n {8}go$/m);
      assertEquals(await screen.exitCode(), ExitCode.Done);
      assertEquals(emulator.receivedFrames("ends"), []);
    },
  );
}

testWith([TMUX_NEED], "chat tells what was queued and not sent when it is left", async () => {
  await using emulator = await startServer({ scenario: agent([{ wait_ms: 60_000 }]) });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor("thinking");
  await screen.send("second", "Enter");
  await screen.waitFor("queued: second");
  await screen.send("C-d");
  assertEquals(await screen.exitCode(), ExitCode.Done);
  assertMatch(await screen.capture(), /^Not sent: second\nDetached/m);
  assertEquals(received(emulator, "prompt"), [{ text: "go" }]);
});

testWith([TMUX_NEED], "chat interrupts on Ctrl-C, and detaches when it comes again", async () => {
  await using emulator = await startServer({
    scenario: agent([{ say: "on it" }, { wait_ms: 60_000 }]),
  });
  await using screen = await chat(emulator);
  await ready(screen);
  await screen.send("go", "Enter");
  await screen.waitFor("on it");
  // The kernel tells of Ctrl-C at once, and forgets what was typed before it and not yet read.
  await screen.send("some text");
  await screen.waitFor("> some text");
  await screen.send("C-c");
  await screen.waitFor(/^>$/m);
  assertEquals(received(emulator, "interrupt"), []);
  // Some terminals report it as a key like any other.
  await screen.send("more", "\x1b[99;5u");
  await screen.waitFor(/^>$/m);
  await screen.send("C-c");
  await screen.waitFor("Interrupt sent");
  await screen.send("C-c");
  assertEquals(await screen.exitCode(), ExitCode.Done);
});

testWith([TMUX_NEED], "chat completes slash commands, and never sends an unknown one", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using screen = await chat(emulator, { columns: 200 });
  await ready(screen);
  await screen.send("/sta", "Tab");
  await screen.waitFor(/^> \/status/m);
  await screen.send("Enter");
  await screen.waitFor(/^ {2}tokens/m);
  await screen.send("/frobnicate", "Enter");
  await screen.waitFor("unknown command /frobnicate");
  await screen.send("/rw", "Enter");
  await screen.waitFor("did you mean /raw?");
  await screen.send("/history x", "Enter");
  await screen.waitFor('/history failed: "x" is no number');
  await screen.send("/expand 99", "Enter");
  await screen.waitFor("Nothing is folded yet");
  await screen.send("/save", "Enter");
  await screen.waitFor("/save takes a file");
  await screen.send("/save ~/no/such", "Enter");
  await screen.waitFor(/Cannot write ".*\/no\/such": there is no such file or folder/);
  await screen.send("/save ~/my no", "Enter");
  await screen.waitFor(/Wrote 0 messages to .*\/my no$/m);
  // Typed in one go: the name is complete before Enter is seen.
  await screen.send("/sa", "Tab", "~/m", "Tab", "Enter");
  await screen.waitFor(/Cannot write ".*\/my no": it exists already/);
  assertEquals(received(emulator, "prompt"), []);
});

testWith([TMUX_NEED], "chat takes 200 pasted lines as one message, exactly as copied", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using screen = await chat(emulator);
  await ready(screen);
  const line = "日本語\ttab e\u0301 👩‍👩‍👧 שלום العربية";
  const text = Array.from({ length: 200 }, (_, index) => `${index} ${line}`).join("\n");
  await screen.paste(text);
  await screen.waitFor(/199 日本語/);
  await screen.send("Enter");
  await screen.waitFor("answered");
  assertEquals(received(emulator, "prompt"), [{ text }]);
});

testWith(
  [TMUX_NEED],
  "chat puts the cursor right among wide and combining characters",
  async () => {
    await using emulator = await startServer({ scenario: ECHO });
    await using screen = await chat(emulator, { columns: 40 });
    await ready(screen);
    await screen.send("日本語e\u0301x");
    await screen.waitFor("日本語");
    assertEquals((await screen.cursor()).column, "> ".length + 6 + 2);
    await screen.send("Left", "Left", "Left");
    await screen.send("Z");
    await screen.waitFor("日本Z語");
    assertEquals((await screen.cursor()).column, "> ".length + 4 + 1);
  },
);

testWith(
  [TMUX_NEED],
  "chat keeps every line once while the screen is resized during a stream",
  async () => {
    const lines = Array.from({ length: 80 }, (_, index) => `numbered line ${index + 1}.`);
    await using emulator = await startServer({
      scenario: agent([{ say: lines }, { result: {} }], 20),
    });
    await using screen = await chat(emulator, { columns: 200, rows: 30 });
    await ready(screen);
    await screen.send(
      "go",
      "Enter",
      "a draft that is long enough to wrap when the screen is narrow",
    );
    for (const columns of [40, 200, 40, 120, 200]) {
      await screen.resize(columns, 30);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await screen.waitFor("numbered line 80.");
    await screen.waitFor(/^idle/m);
    const shown = await screen.capture({ scrollback: true });
    for (const line of lines) assertEquals(shown.split(line).length - 1, 1, line);
    // A terminal that changes its size while it is painted may keep a copy of the footer above.
    assertMatch(shown, /^> a draft that is long enough to wrap when the screen is narrow$(?!\n)/m);
  },
);

testWith(
  [TMUX_NEED],
  "chat leaves no copy of a long draft behind when the screen is resized",
  async () => {
    const filler = Array.from({ length: 40 }, (_, index) => `${index}.`);
    await using emulator = await startServer({
      scenario: agent([{ say: filler }, { result: {} }]),
    });
    await using screen = await chat(emulator, { columns: 200, rows: 30 });
    await ready(screen);
    await screen.send("fill the screen", "Enter");
    await screen.waitFor(/39\.\nidle/);
    await screen.paste(`${"all that happened on the host ".repeat(83)}!`);
    await screen.waitFor("!");
    await screen.resize(40, 30);
    // With the indent of a row of its own, and not as the terminal breaks it.
    await screen.waitFor(/^ {2}.*!$/m);
    await screen.resize(200, 30);
    await screen.waitFor(/^ {2}.{60,}!$/m);
    const shown = await screen.capture({ scrollback: true });
    assertEquals([shown.split("!").length, shown.split("idle").length], [2, 2], shown);
  },
);

const PLAIN: readonly [name: string, env: Record<string, string>, isColorless: boolean][] = [
  ["TERM=dumb", { TERM: "dumb" }, true],
  ["no TERM", {}, true],
  ["NO_COLOR", { NO_COLOR: "1" }, true],
  ["ACCESSIBLE", { ACCESSIBLE: "1" }, false],
];

for (const [name, env, isColorless] of PLAIN) {
  testWith([TMUX_NEED], `chat appends plain lines with ${name}`, async () => {
    await using emulator = await startServer({
      scenario: agent([COMMAND, { result: { summary: "over" } }]),
    });
    await using screen = await chat(emulator, {
      env,
      // A terminal that is told of nowhere; tmux always tells.
      ...(name === "no TERM"
        ? { command: ["/usr/bin/env", "-u", "TERM", ...programCommand(), "ai", "chat"] }
        : {}),
    });
    await screen.waitFor("Attached");
    await screen.send("go", "Enter");
    await screen.waitFor("Approve Bash?");
    await screen.send("y", "Enter");
    await screen.waitFor("could be read, and no answer: y");
    await new Promise((resolve) => setTimeout(resolve, 600));
    await screen.send("n", "Enter");
    await screen.waitFor("result: over");
    await screen.send("/clear", "Enter");
    await screen.waitFor("lines are only appended");
    await screen.send("C-c");
    await screen.waitFor(/^Press Ctrl-C again/m);
    const shown = await screen.capture({ escapes: true });
    assertEquals(shown.includes("\x1b["), !isColorless, JSON.stringify(shown));
    assert(!shown.includes("idle") && !/^>/m.test(shown));
    await screen.send("C-d");
    assertEquals(await screen.exitCode(), ExitCode.Done);
  });
}

testWith([TMUX_NEED], "chat --once waits for nobody where its output is no terminal", async () => {
  await using emulator = await startServer({ scenario: agent([COMMAND, { result: {} }]) });
  const script = '{ "$@"; echo "exit $?" >&2; } | cat; sleep 60';
  await using screen = await chat(emulator, {
    command: ["/bin/sh", "-c", script, "sh", ...programCommand(), "ai", "chat", "--once", "go"],
    columns: 200,
  });
  const shown = await screen.waitFor(`exit ${ExitCode.NobodyToAsk}`);
  assertStringIncludes(shown, "--on-approval");
  assertEquals(shown.match(/rm -rf/g)?.length, 1, shown);
  assertEquals(received(emulator, "tool_approval_response"), []);
});
