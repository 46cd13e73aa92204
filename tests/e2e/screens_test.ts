import { assertEquals } from "@std/assert";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { agent, answerable, chat, COMMAND, ready, received } from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { assertGolden } from "../support/golden.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";

const TMUX_NEED = tool("tmux");

/** Ids, which may be broken over rows. */
const UUID = new RegExp(
  [8, 4, 4, 4, 12].map((length) => `(?:[0-9a-f]\\s*){${length}}`).join("-"),
  "g",
);

const TOOL_ID = /toolu_\s*(?:[0-9a-f]\s*){24}/g;

/** A screen without what differs from run to run, all of it of the same width. */
function settled(screen: string): string {
  return screen
    .replaceAll(/\[\d\d:\d\d:\d\d\]/g, "[HH:MM:SS]")
    .replaceAll(UUID, (id) => id.replaceAll(/\S/g, "0"))
    .replaceAll(TOOL_ID, (id) => id.replaceAll(/[0-9a-f]/g, "0"))
    .replaceAll(/4 m \d\d s/g, "4 m NN s")
    .replaceAll(/(waiting for you|thinking|heard) \d s/g, "$1 N s");
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

/** An agent whose first word of a prompt says what it does. */
const MANIFOLD: Scenario = {
  ...agent([]),
  scripts: [
    {
      prompt: "^read",
      steps: [
        {
          tool: "Read",
          input: { file_path: "/var/log/auth.log" },
          result: Array.from({ length: 30 }, (_, line) => `${line} session opened`).join("\n"),
        },
        { result: {} },
      ],
    },
    {
      prompt: "^run",
      steps: [
        {
          ...COMMAND,
          input: {
            command: Array.from(
              { length: 40 },
              (_, line) =>
                `grep -c 'q${line}.dll' /cases/2026/ws-22/detections.jsonl # 端末 ${line}`,
            ).join("\n"),
            description: "Count what was seen of each library",
          },
        },
        { result: {} },
      ],
    },
    { prompt: "^wait", steps: [{ say: "I wait." }, { wait_ms: 60_000 }] },
    { steps: [{ say: "You said: {{prompt}}" }, { result: {} }] },
  ],
};

for (const columns of [40, 80, 120]) {
  testWith(
    [TMUX_NEED],
    `chat looks as it should while it is used, at ${columns} columns`,
    async () => {
      await using emulator = await startServer({ scenario: MANIFOLD });
      await using screen = await chat(emulator, {
        command: [...programCommand(), "ai", "chat", "--max-budget-usd", "2.50"],
        columns,
        rows: 60,
      });
      const look = async (name: string, until: RegExp) => {
        const text = settled(await screen.waitFor(until)) + "\n";
        await assertGolden(`conversation/${name}_${columns}_columns.txt`, text);
      };
      await ready(screen);
      await screen.send("C-l", "/help", "Enter");
      await look("help", /Ctrl-D[^>]*^idle.*\n>$/m);
      await screen.send("C-l", "/", "Tab");
      await look("completion", /quit\n[^>]*^> \/$/m);
      await screen.send("C-u", "C-l", "/status", "Enter");
      await look("status", /requests[^>]*^idle.*\n>$/m);
      await screen.resize(columns, 24);
      for (const prompt of ["isolate WS-22", "what did WS-23 run?"]) {
        await screen.send(prompt, "Enter");
        await screen.waitFor(`You said: ${prompt}`);
      }
      await screen.waitFor(/^idle/m);
      await screen.send("C-l", "C-r", "WS-2", "C-r");
      await look("search", /^\(search "WS-2"\) isolate/m);
      await screen.send("z");
      await look("failed_search", /^\(not found/m);
      await screen.send("C-g", "C-l", "read the log", "Enter");
      await look("folded", /\/expand 1[^>]*^idle.*\n>$/m);
      await screen.send("C-l", "run it", "Enter");
      await look("pager", /Lines 1-.*4 m \d\d s left/);
      await screen.send("G", "Enter");
      await answerable(screen, "Approve Bash");
      await look("paged_approval", /Approve Bash/);
      await screen.send("n", "Enter");
      await screen.waitFor(/Not done[^>]*^idle/m);
      await screen.send("C-l", "wait", "Enter");
      await screen.waitFor("I wait.");
      await screen.send("and then go on with the other hosts", "Enter");
      await look("working", /^queued: and then/m);
    },
  );
}
