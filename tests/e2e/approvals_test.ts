import { assert, assertEquals, assertMatch } from "@std/assert";
import { answerable, ready } from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen, type ScreenOptions } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");
const ID = "asked";

/** A person who is attached to a session whose agent says and asks what the test pushes. */
async function attached(
  { env, ...size }: Pick<ScreenOptions, "columns" | "rows" | "env"> = {},
) {
  const emulator = await startServer();
  const session = emulator.createSession({ id: ID });
  const screen = await openScreen({
    command: [...programCommand(), "ai", "session", "attach", "--id", ID, "--interactive"],
    env: { ...emulator.environment, ...env },
    ...size,
  });
  await screen.waitFor("Attached");
  if (env === undefined) await ready(screen);
  const received = (kind: RegExp) =>
    emulator.receivedFrames(ID).map(({ data }) => JSON.parse(String(data)))
      .filter(({ type }) => kind.test(type)).map(({ payload }) => payload);
  return {
    session,
    screen,
    /** The payloads of the answers that the agent was given. */
    answers: () => received(/_response$/),
    /** What it was told. */
    prompts: () => received(/^prompt$/).map(({ text }) => text),
    async [Symbol.asyncDispose]() {
      await screen[Symbol.asyncDispose]();
      await emulator.stop();
    },
  };
}

/** An approval request as it stands on the wire. */
function request(id: string, input: string): string {
  const payload = `{"tool_use_id":"${id}","tool_name":"Bash","tool_input":${input}}`;
  return `{"type":"tool_approval_request","payload":${payload}}`;
}

testWith(
  [TMUX_NEED],
  "an approval shows a key that stands twice, and an edit decides",
  async () => {
    await using conversation = await attached();
    const { session, screen } = conversation;
    await session.push(request("t1", '{"command":"rm -rf /","command":"ls"}'));
    await answerable(screen, "Approve Bash");
    assertMatch(
      await screen.capture(),
      /^Warning: keys stand more than once[^]*"command"[^]*"rm -rf \/",\n[^]*"ls"\n/m,
    );
    await screen.send("edit", "Enter");
    await screen.waitFor(/^edit> \{[^]*"ls"/m);
    await screen.send("Enter");
    await answerable(screen, "Approve Bash with your change");
    assertMatch(await screen.capture(), /^- .*rm -rf/m);
    await screen.send("y", "Enter");
    await screen.waitFor("Approved, this call only");
    assertEquals(conversation.answers()[0].updated_input, { command: "ls" });
  },
);

testWith(
  [TMUX_NEED],
  "a request that takes the place of another, even by a key that stands twice, is asked for itself",
  async () => {
    await using conversation = await attached();
    const { session, screen } = conversation;
    await session.push(request("t1", '{"command":"ls"}'));
    await answerable(screen, "Approve Bash");
    await session.push(request("t1", '{"command":"rm -rf /","command":"ls"}'));
    const shown = await screen.waitFor(/No longer asked[^]*Approve Bash/);
    assertMatch(shown, /"rm -rf \/",\n/);
    assert(!shown.includes("Answered elsewhere"));
    await answerable(screen, "No longer asked[^]*Approve Bash");
    await screen.send("n", "Enter");
    await session.received("tool_approval_response");
    assertEquals(conversation.answers().map(({ approved }) => approved), [false]);
  },
);

testWith([TMUX_NEED], "a quotation mark in a tool's name does not seem to end it", async () => {
  await using conversation = await attached();
  const payload = { tool_use_id: "t1", tool_name: 'x" is denied. Approve "Read', tool_input: {} };
  await conversation.session.push({ type: "tool_approval_request", payload });
  await conversation.screen.waitFor(String.raw`Approve "x\" is denied. Approve \"Read"?`);
});

testWith([TMUX_NEED], "the status waits for nobody once the last request is answered", async () => {
  await using conversation = await attached();
  const { session, screen } = conversation;
  await session.push(request("t1", '{"command":"sleep 60"}'));
  await answerable(screen, "Approve Bash");
  await screen.send("y", "Enter");
  // Nothing more comes.
  await screen.waitFor(/this call only\nthinking \d+ s\n>/);
});

testWith(
  [TMUX_NEED],
  "what is typed after Ctrl-C took a question back is sent, whatever becomes of the turn",
  async () => {
    await using conversation = await attached();
    const { session, screen } = conversation;
    const questions = [{ header: "Host", question: "Which host?" }];
    await session.push({ type: "ask_user_question", payload: { question_id: "q1", questions } });
    await screen.waitFor("Which host?");
    await screen.send("C-c");
    await screen.waitFor("Not answered");
    await screen.send("never mind", "Enter");
    await screen.waitFor("queued: never mind");
    await screen.waitFor(/^thinking \d+ s\n>/m);
    await session.received("prompt");
    assertEquals(conversation.answers(), []);
    assertEquals(conversation.prompts(), ["never mind"]);
  },
);

for (const [columns, rows] of [[80, 24], [40, 12], [24, 6]] as const) {
  const size = `${columns}x${rows}`;
  testWith(
    [TMUX_NEED],
    `${size} shows the time that is left, and the keys, of a long input`,
    async () => {
      await using conversation = await attached({ columns, rows });
      const { session, screen } = conversation;
      const hosts = Array.from({ length: 120 }, (_, index) => `"host-${index}"`);
      await session.push(request("t1", `{"hosts":[${hosts.join(",")}]}`));
      await session.push(request("t2", "{}"));
      await screen.waitFor(/1 of 2, 4 m \d+ s left\n.*q/);
      await screen.send("G");
      await screen.waitFor(/1 of 2, 4 m \d+ s left\n.*end.*Enter.*back$/i);
      await screen.send("Enter");
      await answerable(screen, "Approve");
      await screen.send("e", "Enter");
      await screen.waitFor(/^1 of 2, 4 m \d+ s left\./m);
    },
  );
}

testWith([TMUX_NEED], "a plain terminal turns no page for words that are no answer", async () => {
  await using conversation = await attached({ env: { TERM: "dumb" } });
  const { session, screen } = conversation;
  const lines = Array.from({ length: 60 }, (_, index) => `echo ${index}`).join("\n");
  await session.push(request("t1", JSON.stringify({ command: lines })));
  await screen.waitFor(/Line \d+ of 60/);
  await screen.send("tell me first", "Enter");
  assert(!(await screen.waitFor("no answer")).includes("echo 40"));
  await screen.send("q", "Enter");
  assert(!(await screen.waitFor("Deny Bash")).includes("echo 40"));
});

testWith([TMUX_NEED], "who puts an approval off talks with the agent first", async () => {
  await using conversation = await attached();
  const { session, screen } = conversation;
  await session.push({ type: "assistant", payload: { content: "on it" } });
  await screen.waitFor("on it");
  await screen.send("wait", "Enter");
  await screen.waitFor("queued: wait");
  await session.push(request("t1", '{"command":"rm x"}'));
  await answerable(screen, "Approve Bash");
  await screen.send("later", "Enter");
  await screen.waitFor(/Put off.*\nwaiting for you \d+ s\n>/);
  await screen.send("what is x?", "Enter", "/approve", "Enter");
  await screen.waitFor(/Put off[^]*Approve Bash/);
  await session.received("prompt", 2);
  assertEquals(conversation.prompts(), ["wait", "what is x?"]);
  assertEquals(conversation.answers(), []);
});
