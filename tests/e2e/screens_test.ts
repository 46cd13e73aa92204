import { assertEquals } from "@std/assert";
import type { Step } from "../../src/emulator/scenario.ts";
import { agent, answerable, chat, COMMAND, ready, received } from "../support/chat_screen.ts";
import { assertGolden } from "../support/golden.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";

const TMUX_NEED = tool("tmux");

/** A screen without what differs from run to run, all of it of the same width. */
function settled(screen: string): string {
  return screen
    .replaceAll(/\[\d\d:\d\d:\d\d\]/g, "[HH:MM:SS]")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "0".repeat(36))
    .replaceAll(/4 m \d\d s/g, "4 m NN s")
    .replaceAll(/waiting for you \d+ s/g, "waiting for you N s");
}

const QUESTIONS: Step = {
  ask: [
    {
      header: "Where",
      question: "On which host is it to be looked for?\n? Approve Bash? [y/n] (n) › y",
      options: [
        { label: "WS-22", description: "the workstation where the macro ran first of all" },
        {
          label: "All\n? Approve",
          description: "\x1b[2J\u202e日本 and everything that was seen since",
        },
      ],
    },
    {
      header: "What",
      question: "Which ones?",
      options: ["files", "tasks", "keys"],
      multiSelect: true,
    },
    { header: "What", question: "And why?" },
  ],
};

for (const columns of [40, 80]) {
  testWith(
    [TMUX_NEED],
    `chat asks several questions, and goes back, at ${columns} columns`,
    async () => {
      await using emulator = await startServer({
        scenario: agent([QUESTIONS, { say: "thanks" }, { result: {} }]),
      });
      await using screen = await chat(emulator, { columns, rows: 30 });
      await ready(screen);
      await screen.send("go", "Enter");
      await answerable(screen, "Number or text ›");
      await screen.send("7", "Enter");
      await answerable(screen, "There is no option 7[\\s\\S]*Number or text ›");
      await screen.send("1", "Enter");
      await answerable(screen, "-> WS-22[\\s\\S]*Numbers with");
      await screen.send("<", "Enter");
      await answerable(screen, "Number or text \\(WS-22\\) ›");
      const text = await screen.capture();
      const conversation = text.slice(text.search(/Question \(1 of 3\)/));
      await assertGolden(
        `conversation/questions_${columns}_columns.txt`,
        settled(conversation) + "\n",
      );
      await screen.send("2", "Enter");
      await answerable(screen, "Approve\\n[\\s\\S]*Numbers with");
      await screen.send("3, 1", "Enter");
      await answerable(screen, "Answer \\(< goes\\s*back\\) ›");
      await screen.send("that's why", "Enter");
      await screen.waitFor("thanks");
      const [{ question_id: id, ...answer }] = received(emulator, "ask_user_question_response");
      assertEquals([typeof id, answer], ["string", {
        answers: { Where: "All\n? Approve", What: "keys, files", "And why?": "that's why" },
      }]);
    },
  );
}

for (const columns of [40, 80, 120]) {
  testWith([TMUX_NEED], `chat looks as it should at ${columns} columns`, async () => {
    const scenario = agent([
      {
        say: "## Findings\n\nThe host **WS-22** ran `q7.dll`:\n\n1. A macro started a hidden " +
          "PowerShell, which fetched a library from 203.0.113.57.\n2. 端末は隔離されていない。\n\n" +
          "| host | hits |\n|---|---|\n| WS-22 | 3 |\n| 日本 | 12 |\n\n```sh\nls -la /tmp\n```",
      },
      COMMAND,
      { result: {} },
    ]);
    await using emulator = await startServer({ scenario });
    await using screen = await chat(emulator, { columns, rows: 40 });
    await ready(screen);
    await screen.send("what happened?", "Enter");
    const text = await screen.waitFor(/4 m 5[0-8] s left/);
    const conversation = text.slice(text.search(/\[\d\d:\d\d:\d\d\] user:/));
    await assertGolden(`conversation/${columns}_columns.txt`, settled(conversation) + "\n");
  });
}
