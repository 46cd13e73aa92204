import { assertEquals } from "@std/assert";
import { answerable, ready } from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

testWith([tool("tmux")], "the demo is talked with on a narrow terminal", async () => {
  const command = ["/bin/sh", "-c", '"$@"; echo "left with $?"; exec cat', "sh"];
  await using screen = await openScreen({
    command: [...command, ...programCommand(), "demo"],
    columns: 40,
    rows: 50,
  });
  await ready(screen);
  const lines = (await screen.capture()).split("\n");
  const from = lines.findIndex((line) => line.startsWith("Ask it something"));
  const to = lines.findIndex((line) => line.startsWith("/help"));
  // Rows that are broken between words neither begin nor end in a part of one.
  assertEquals(
    lines.slice(from, to).map((line) => line.trim()).join(" "),
    "Ask it something, such as: A PowerShell alert fired on WS-ACCT-22. What happened there?",
  );
  await screen.send("What happened?", "Enter");
  await answerable(screen, "Approve Bash");
  await screen.send("y", "Enter");
  await answerable(screen, "Number or text ›");
  await screen.send("3", "Enter");
  await screen.waitFor(/result:[\s\S]*^idle/m);
  await screen.send("C-d");
  await screen.waitFor("left with 0");
});
