import { assertEquals, assertMatch } from "@std/assert";
import { answerable, ready } from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen, type ScreenOptions } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");
const ID = "asked";

/** A person who is attached to a session whose agent says and asks what the test pushes. */
async function attached(size: Pick<ScreenOptions, "columns" | "rows"> = {}) {
  const emulator = await startServer();
  const session = emulator.createSession({ id: ID });
  const screen = await openScreen({
    command: [...programCommand(), "ai", "session", "attach", "--id", ID, "--interactive"],
    env: emulator.environment,
    ...size,
  });
  await ready(screen);
  return {
    session,
    screen,
    /** The payloads of the answers that the agent was given. */
    answers() {
      return emulator.receivedFrames(ID).map(({ data }) => JSON.parse(String(data)))
        .filter(({ type }) => /_response$/.test(type)).map(({ payload }) => payload);
    },
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
