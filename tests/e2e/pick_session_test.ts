import { assert, assertEquals } from "@std/assert";
import { programCommand } from "../support/executable.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

testWith([tool("tmux")], "a session is chosen out of many by typing, in 40 columns", async () => {
  await using emulator = await startServer();
  const now = Date.now();
  for (let index = 0; index < 30; index++) {
    emulator.createSession({
      id: `${index}`.padStart(8, "0") + "-0000-4000-8000-000000000000",
      createdAt: now - index * 60_000,
      settings: { name: index === 17 ? "Needle\u{1b}[2J\nin it" : "Hay" },
    });
  }
  await using screen = await openScreen({
    command: [...programCommand(), "ai", "chats", "terminate"],
    env: emulator.environment,
    columns: 40,
  });
  const all = await screen.waitFor("00000009");
  assertEquals(all.split("\n").filter((line) => line.includes("running")).length, 10, all);
  await screen.send("NPage");
  await screen.waitFor(/❯ 00000010-/);
  await screen.send("PPage");
  await screen.waitFor(/❯ 00000000-/);
  for (const key of "needle") await screen.send(key);
  const found = await screen.waitFor(/needle\n❯ 00000017-\.{3} {2}running, 17 min/);
  assert(!found.includes("00000009"), found);
  await screen.send("Enter");
  await screen.waitFor("End session 00000017");
  await screen.send("C-c");
  assertEquals(await screen.exitCode(), 130);
  assertEquals(emulator.session("00000017-0000-4000-8000-000000000000")?.status, "running");
});
