import { assert, assertEquals } from "@std/assert";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { ACTIVE, ATTACKS } from "../support/attacks.ts";
import { programCommand } from "../support/executable.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

/** Frames that hold a text in every place that is shown. */
function framesOf(text: string): JsonObject[] {
  const types: [string, JsonObject][] = [
    ["user", { text }],
    ["assistant", { content: [{ type: "text", text }] }],
    ["assistant", { content: `# ${text}\n\n- **${text}**\n\n| a |\n|---|\n| ${text} |\n` }],
    ["tool_use", { id: text, name: text, input: { [text]: text } }],
    ["tool_result", { tool_use_id: text, content: text }],
    ["system", { subtype: text, message: text }],
    ["result", { summary: text }],
    ["error", { code: text, message: text }],
    ["session_error", { error: text, details: text }],
    [`made up ${text}`, { [text]: text }],
  ];
  return types.map(([type, payload]) => ({ type, payload, timestamp: text }));
}

testWith([tool("tmux")], "a terminal shows what an agent sends, and does none of it", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: "attack" });
  const program = [...programCommand(), "ai", "session", "attach", "--id", "attack", "-i"];
  await using screen = await openScreen({
    command: [
      "/bin/sh",
      "-c",
      'printf "%s\\n" "first line" "second line"; exec "$@"',
      "sh",
      ...program,
    ],
    env: emulator.environment,
    columns: 100,
  });
  await screen.waitFor(/^>/m);
  const title = await screen.title();
  await screen.send("my draft");
  for (const [name, attack] of ATTACKS) {
    await session.push({ type: "system", payload: { message: `begin ${name}.` } });
    for (const frame of framesOf(attack)) await session.push(frame);
    await session.push({ type: "system", payload: { message: `end ${name}.` } });
    await screen.waitFor(`end ${name}.`);
  }
  await screen.waitFor(/^> my draft$/m);
  const shown = await screen.capture({ scrollback: true, escapes: true });
  assert(shown.startsWith("first line\nsecond line\n"), "the scrollback was changed");
  for (const [name] of ATTACKS) {
    assertEquals(shown.split(`begin ${name}.`).length, 2, name);
    assertEquals(shown.split(`end ${name}.`).length, 2, name);
  }
  // Our own styles and printable text are all that there is; tmux ends them in its own way.
  // deno-lint-ignore no-control-regex
  const bare = shown.replaceAll(/\x1b\[[\d;]*m/g, "");
  assertEquals(ACTIVE.exec(bare), null);
  assertEquals(await screen.title(), title);
});
