import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EmulatedSession } from "../../src/emulator/emulated_session.ts";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { ACTIVE, ATTACKS, randomAttack } from "../support/attacks.ts";
import { programCommand } from "../support/executable.ts";
import { json, serveAnswers } from "../support/http_server.ts";
import { makeRandom } from "../support/random.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen, type Screen } from "../support/tmux.ts";

/** What stands in the scrollback before the program starts. */
const BEFORE = "first line\nsecond line\n";

/** A command of a shell, behind what stands in the scrollback; `$@` is the program. */
function shell(script: string): string[] {
  const lines = `printf "%s\\n" "first line" "second line"; ${script}`;
  return ["/bin/sh", "-c", lines, "sh", ...programCommand()];
}

/** Checks that nothing of a terminal is as the attacks want it. */
async function assertUnharmed(screen: Screen, title: string, context: string): Promise<string> {
  const shown = await screen.capture({ scrollback: true, escapes: true });
  assert(shown.startsWith(BEFORE), `the scrollback was changed, ${context}`);
  // Our own styles and printable text are all that there is; tmux ends them in its own way.
  // deno-lint-ignore no-control-regex
  const bare = shown.replaceAll(/\x1b\[[\d;]*m/g, "");
  assertEquals(ACTIVE.exec(bare), null, context);
  assertEquals(await screen.title(), title, context);
  assertEquals(await screen.clipboard(), undefined, context);
  return bare;
}

testWith([tool("tmux")], "the terminal of these tests does what attacks ask of it", async () => {
  const attacks = "\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[6n\\033[1A\\033[2Kgone";
  await using screen = await openScreen({
    command: ["/bin/sh", "-c", `echo line; printf '${attacks}\\n'; exec cat -v`],
  });
  // What a query answers stands in the input: the terminal echoes it, and cat prints it.
  await screen.send("Enter");
  await screen.waitFor(/^\^\[\[\d+;\d+R$/m);
  const shown = await screen.capture({ scrollback: true });
  assertMatch(shown, /^gone$/m);
  assert(!shown.includes("line"));
  assertEquals(await screen.title(), "owned");
  assertEquals(await screen.clipboard(), "owned");
});

/** Frames that hold a text in every place that is shown. */
function framesOf(text: string): JsonObject[] {
  const types: [string, JsonObject][] = [
    ["user", { text }],
    ["assistant", { content: [{ type: "text", text }] }],
    ["assistant", { content: `# ${text}\n\n- **${text}**\n\n| a |\n|---|\n| ${text} |\n` }],
    ["assistant", { content: `> ${text}\n\n\`\`\`${text}\n${text}\n\`\`\`\n[${text}](${text})` }],
    ["tool_use", { id: text, name: text, input: { [text]: text } }],
    ["tool_result", { tool_use_id: text, content: text }],
    ["tool_result", { tool_use_id: "t", content: `${text}\n`.repeat(30) }],
    ["system", { subtype: text, message: text }],
    ["result", { summary: text }],
    ["error", { code: text, message: text }],
    ["session_error", { error: text, details: text }],
    [`made up ${text}`, { [text]: text }],
    ["session_status", { status: text }],
  ];
  return types.map(([type, payload]) => ({ type, payload, timestamp: text }));
}

/** A text that is cut off at every byte, and goes on in the next line, field or frame. */
function cutFramesOf(text: string): JsonObject[] {
  const cuts = Array.from(text, (_, index) => [text.slice(0, index), text.slice(index)] as const);
  const assistant = (content: unknown) => ({ type: "assistant", payload: { content } });
  return [
    assistant(cuts.map(([head, tail]) => `${head}\n${tail}`).join("\n")),
    assistant(cuts.flatMap((parts) => parts.map((part) => ({ type: "text", text: part })))),
    ...cuts.flatMap(([head, tail]) => [assistant(`x${head}`), assistant(`${tail}x`)]),
  ];
}

async function attached(id: string, rows?: number) {
  const emulator = await startServer();
  const session = emulator.createSession({ id });
  const screen = await openScreen({
    command: shell(`exec "$@" ai session attach --id ${id} -i`),
    env: emulator.environment,
    columns: 100,
    ...(rows === undefined ? {} : { rows }),
  });
  await screen.waitFor(/^>/m);
  return {
    emulator,
    session,
    screen,
    title: await screen.title(),
    async [Symbol.asyncDispose]() {
      await screen[Symbol.asyncDispose]();
      await emulator.stop();
    },
  };
}

async function pushAll(session: EmulatedSession, frames: readonly JsonObject[]): Promise<void> {
  for (const frame of frames) await session.push(frame);
}

function mark(message: string): JsonObject {
  return { type: "system", payload: { message } };
}

testWith([tool("tmux")], "a terminal shows what an agent sends, and does none of it", async () => {
  await using conversation = await attached("attack");
  const { session, screen, title } = conversation;
  await screen.send("my draft");
  for (const [name, attack] of ATTACKS) {
    await pushAll(session, [mark(`begin ${name}.`), ...framesOf(attack), mark(`end ${name}.`)]);
    await screen.waitFor(`end ${name}.`);
  }
  await screen.waitFor(/^> my draft$/m);
  const shown = await assertUnharmed(screen, title, "whole");
  for (const [name] of ATTACKS) {
    assertEquals(shown.split(`begin ${name}.`).length, 2, name);
    assertEquals(shown.split(`end ${name}.`).length, 2, name);
  }
});

testWith(
  [tool("tmux")],
  "a terminal does nothing of what an agent sends in parts, nor of what it makes up",
  async () => {
    await using conversation = await attached("parts");
    const { session, screen, title } = conversation;
    await screen.send("my draft");
    for (const [name, attack] of ATTACKS) {
      await pushAll(session, [...cutFramesOf(attack), mark(`end ${name}.`)]);
      await screen.waitFor(`end ${name}.`);
    }
    await assertUnharmed(screen, title, "in parts");
    const random = makeRandom();
    for (let round = 0; round < 50; round++) {
      await pushAll(session, framesOf(randomAttack(random)));
    }
    // A reason that a close frame gives, and what a server says that comes back.
    session.close(4500, "\x1b]0;owned\x07\x9b2J\u202e");
    await screen.waitFor("Connected again");
    await session.push(mark("the end."));
    await screen.waitFor("the end.");
    await screen.waitFor(/^> my draft$/m);
    await assertUnharmed(screen, title, `seed ${random.seed}`);
  },
);

testWith([tool("tmux")], "an approval cannot be written over, nor be hidden in", async () => {
  await using conversation = await attached("asked");
  const { session, screen, title } = conversation;
  const lies = [
    "\x1b[3A\x1b[2Kls",
    "rm -rf /\rls        ",
    "rm\b\bls",
    "\x1b[8mhidden",
    "\u202els\u202c",
  ];
  const input = { command: lies.join("\n"), [lies[0] ?? ""]: "x\u200by" };
  // A name that is longer than in a question, and has a letter of another alphabet.
  const name = `Bash${lies[0]}\n$ ls\u0455${"x".repeat(90)}end`;
  const payload = { tool_use_id: "t1", tool_name: name, tool_input: input };
  await session.push({ type: "tool_approval_request", payload });
  await screen.waitFor(/Approve [^]*\[y/);
  const shown = await assertUnharmed(screen, title, "asked");
  for (
    const spelled of ["\\x1b[3A\\x1b[2Kls", "rm -rf /\\x0dls", "rm\\x08\\x08ls", "\\x1b[8mhidden"]
  ) {
    assertStringIncludes(shown, spelled);
  }
  for (
    const spelled of ["\\u202els\\u202c", "x\\u200by", "Bash\\x1b[3A\\x1b[2Kls\\n$", "ls\\u0455x"]
  ) {
    assertStringIncludes(shown, spelled);
  }
  assertStringIncludes(shown.replaceAll(/\n {2}/g, ""), `${"x".repeat(90)}end"`);
  assertStringIncludes(shown, "Warning: hidden or deceptive characters are spelled out");
});

testWith([tool("tmux")], "no row of what is to be approved begins where ours do", async () => {
  await using conversation = await attached("rows", 200);
  const { session, screen } = conversation;
  const wide = [
    `\u{1f44d}${"\u{1f3fd}".repeat(60)}`,
    "\u{1f44d}\u{1f3fd}".repeat(60),
    "\u{1f469}\u200d".repeat(60),
    "\u{1f1e9}".repeat(120),
    "\u0600".repeat(120),
    "\u4dc0".repeat(120),
    "\t".repeat(40),
    " ".repeat(39),
  ];
  const words = wide.flatMap((text) => ["", "x", "xx"].map((lead) => `${lead}${text}end`));
  for (
    const [name, tool_input] of [["Bash", { command: words.join("\n") }], ["Other", { words }]]
  ) {
    const payload = { tool_use_id: name, tool_name: name, tool_input };
    await session.push({ type: "tool_approval_request", payload });
    const shown = await screen.waitFor(new RegExp(`Approve ${name}\\?`));
    const sheet = shown.slice(shown.lastIndexOf("Warning:"));
    const [, rows = ""] = /\n([ $][^]*)\n\? Approve/.exec(sheet) ?? [];
    assert(rows.split("\n").length > words.length);
    for (const row of rows.split("\n")) assertMatch(row, /^[ $>](?:[ \u21b3]|$)/);
    await screen.send("C-c");
    await screen.waitFor("Denied");
  }
});

for (
  const [name, env, flags, code] of [
    ["in color", {}, [], []],
    ["without color", {}, ["--no-color"], ["```", "~".repeat(300), "```"]],
    ["on plain lines", { NO_COLOR: "1" }, [], ["```", "~".repeat(300), "```"]],
  ] as const
) {
  testWith(
    [tool("tmux")],
    `no row of what an agent sends begins where ours do, ${name}`,
    async () => {
      await using emulator = await startServer();
      const long = "~".repeat(300);
      const words = "~ ".repeat(150);
      const frames = [long, words, `${"\t".repeat(20)}${long}`].flatMap(framesOf)
        // Code that is styled differently is left whole, so that it can be copied.
        .filter(({ payload }) => !JSON.stringify(payload).includes("```"));
      const prose = { type: "assistant", payload: { content: code.join("\n") } };
      const session = emulator.createSession({ id: "rows", history: frames });
      const open = (...words: string[]) =>
        openScreen({
          command: [...programCommand(), ...words, ...flags],
          env: { ...emulator.environment, ...env },
          columns: 60,
          rows: 100,
        });
      const assertOwn = (shown: string) => assertEquals(/^~/m.exec(shown), null, shown);
      {
        await using screen = await open("ai", "chats", "history", "--id", "rows");
        await screen.exitCode();
        assertOwn(await screen.capture({ scrollback: true }));
      }
      await using screen = await open("ai", "session", "attach", "--id", "rows", "-i");
      await screen.waitFor("Live stream");
      await pushAll(session, [prose, ...frames, mark("all was said")]);
      await screen.waitFor("all was said");
      const tool_input = {
        [words.slice(0, 80)]: 1,
        [`${words.slice(0, 80)}a`]: 2,
        [`${words.slice(0, 80)}A`]: 3,
      };
      const payload = { tool_use_id: "t1", tool_name: long, tool_input };
      await session.push({ type: "tool_approval_request", payload });
      await screen.waitFor(/Approve\s[^]*\[y/);
      assertOwn(await screen.capture({ scrollback: true }));
    },
  );
}

testWith([tool("tmux")], "a terminal does nothing of what a service answers", async () => {
  await using emulator = await startServer();
  for (const [index, [, text]] of ATTACKS.entries()) {
    const fields = {
      name: text,
      initial_prompt: text,
      end_reason: text,
      model: text,
      [text]: text,
    };
    emulator.createSession({ id: `s-${index}`, fields, history: framesOf(text) });
  }
  const said = ATTACKS.map(([, attack]) => attack).join(" ");
  await using refusing = serveAnswers(() =>
    json({ error: said.slice(0, 250) }, 400, { "x-a": "\x9b2J" })
  );
  const refused = `LC_AI_URL=${refusing.url}`;
  await using screen = await openScreen({
    command: shell([
      "for format in table json jsonl yaml csv toon; do",
      '"$@" ai chats list -o $format; "$@" ai chats get --id s-40 -o $format; done;',
      '"$@" ai chats list --wide --fields id,name,initial_prompt --filter "sessions[].name";',
      '"$@" ai chats history --id s-41; "$@" ai chats history --id s-42 --raw;',
      `${refused} "$@" ai chats list; ${refused} "$@" ai chats list --debug-full;`,
      `${refused} "$@" ai session attach --id s-1; "$@" ai chats get --id "$(printf '\\033[2J')";`,
      "echo all was said; exec cat -v",
    ].join(" ")),
    env: emulator.environment,
    columns: 100,
  });
  const title = await screen.title();
  await screen.waitFor("all was said", { timeout: 60_000 });
  // What a query had typed would be printed by cat.
  await screen.send("my words", "Enter");
  await screen.waitFor(/^my words\nmy words$/m);
  await assertUnharmed(screen, title, "answers");
});

testWith([tool("tmux")], "no row of an error begins with what a server says", async () => {
  const said = `${"x".repeat(60)} user: `.repeat(4);
  await using refusing = serveAnswers(() => json({ error: said }, 400));
  await using emulator = await startServer();
  await using screen = await openScreen({
    command: shell('"$@" ai chats list; echo all was said; exec cat'),
    env: { ...emulator.environment, LC_AI_URL: refusing.url },
    columns: 66,
  });
  const shown = await screen.waitFor("all was said");
  const rows = shown.slice(shown.indexOf("Error: "), shown.indexOf("all was said")).split("\n");
  const words = rows.filter((row) => !row.startsWith("Error: ") && !row.startsWith("Hint: "));
  assert(words.some((row) => row.includes("user:")));
  assertEquals(words.filter((row) => /^[^ ]/.test(row)), []);
});
