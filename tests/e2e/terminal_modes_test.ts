import { assert, assertEquals, assertMatch } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { agent, chat, COMMAND, ECHO, ready } from "../support/chat_screen.ts";
import { programCommand } from "../support/executable.ts";
import { crashingCommand } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { openScreen } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");

/** A shell that tells the terminal's modes before the program and after it. */
function withModes(command: readonly string[]): string[] {
  const script = 'before=$(stty -a); "$@"; code=$?; after=$(stty -a); ' +
    '[ "$before" = "$after" ] && echo "modes restored, exit $code"; sleep 60';
  return ["/bin/sh", "-c", script, "sh", ...command];
}

/** The process that a shell waits for. */
async function childOf(shell: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${shell}/task/${shell}/children`);
  return Number(children.trim().split(" ").at(-1));
}

const LONG: Step = { ...COMMAND, input: { command: "echo line\n".repeat(60) } };

/** What has the screen when the program is ended: what is typed before, and how it looks. */
const PLACES: readonly [name: string, agent: Scenario, typed: string[], shown: RegExp][] = [
  ["over the input line", ECHO, ["a draft ".repeat(15)], /^> a draft/m],
  ["over a search", ECHO, ["C-r", "abc"], /^\(.*search "abc"\)/m],
  ["in an approval", agent([COMMAND]), ["go", "Enter"], /Approve Bash\?.*\n.* left$/],
  ["in the pager", agent([LONG]), ["go", "Enter"], /^Lines 1-\d+ of 61/m],
  [
    "in a question",
    agent([{ ask: [{ question: "What next?" }] }]),
    ["go", "Enter"],
    /Answer.*\n.* left$/,
  ],
];

const ENDINGS: readonly [signal: Deno.Signal, words: string, code: ExitCode][] = [
  ["SIGHUP", "Ended by SIGHUP", ExitCode.Interrupted],
  // A mistake of the program's own.
  ["SIGUSR2", "Internal error: Out of the blue \ufffd", ExitCode.Failure],
];

for (const [place, scenario, typed, shown] of PLACES) {
  for (const [signal, words, code] of ENDINGS) {
    testWith([TMUX_NEED], `chat gives the terminal back on ${signal} ${place}`, async () => {
      await using emulator = await startServer({ scenario });
      await using screen = await chat(emulator, {
        command: withModes([
          ...(signal === "SIGUSR2" ? crashingCommand() : programCommand()),
          "ai",
          "chat",
        ]),
        columns: 72,
      });
      await ready(screen);
      await screen.send(...typed);
      await screen.waitFor(shown);
      Deno.kill(await childOf(await screen.pid()), signal);
      const text = await screen.waitFor(`modes restored, exit ${code}`);
      // We break an error between words, and the terminal breaks a hint anywhere.
      const last = text.slice(text.lastIndexOf("\nError: ") + 1)
        .replaceAll("\n  ", " ").replaceAll("\n", "");
      assertMatch(
        last,
        new RegExp(`^Error: Left session "[-0-9a-f]+": ${words}Hint: .*To come back:`),
      );
      assert(!/search|^> a draft|\d s left|Lines 1-/m.test(text), text);
      assertEquals([text.split("Error:").length, text.includes(".ts:")], [2, false], text);
    });
  }
}

for (const signal of ["SIGTERM", "SIGQUIT"] as const) {
  testWith([TMUX_NEED], `chat gives the terminal back on ${signal}`, async () => {
    await using emulator = await startServer({ scenario: ECHO });
    await using screen = await chat(emulator, {
      command: withModes([...programCommand(), "ai", "chat"]),
    });
    await ready(screen);
    Deno.kill(await childOf(await screen.pid()), signal);
    await screen.waitFor(`modes restored, exit ${ExitCode.Interrupted}`);
  });
}

testWith([TMUX_NEED], "chat gives the terminal back when SIGINT comes twice", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using screen = await chat(emulator, {
    command: withModes([...programCommand(), "ai", "chat"]),
  });
  await ready(screen);
  const program = await childOf(await screen.pid());
  Deno.kill(program, "SIGINT");
  await screen.waitFor("again to leave");
  Deno.kill(program, "SIGINT");
  await screen.waitFor(`modes restored, exit ${ExitCode.Done}`);
});

testWith([TMUX_NEED], "chat goes on after Ctrl-Z and fg", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using screen = await openScreen({
    command: ["/bin/bash", "--norc", "--noprofile", "-i"],
    env: { ...emulator.environment, HISTFILE: "" },
  });
  await screen.waitFor(/[$#]$/);
  await screen.send(`${programCommand().join(" ")} ai chat`, "Enter");
  await ready(screen);
  await screen.send("my draft");
  await screen.waitFor("> my draft");
  await screen.send("C-z");
  await screen.waitFor("Stopped");
  await screen.send("fg", "Enter");
  await screen.waitFor(/fg\n[\s\S]*ai chat\nidle\n> my draft$/);
  await screen.send("C-u", "C-j");
  await screen.paste("one\ntwo");
  await screen.waitFor(/^>\n {2}one\n {2}two$/m);
  await screen.send("Enter");
  await screen.waitFor(/You said:\s+one\n\s*two/);
});

testWith(
  [TMUX_NEED],
  "chat paints itself anew when it was stopped by another program",
  async () => {
    await using emulator = await startServer({ scenario: ECHO });
    await using screen = await chat(emulator);
    await ready(screen);
    const program = await screen.pid();
    Deno.kill(program, "SIGSTOP");
    Deno.kill(program, "SIGCONT");
    await screen.send("still here");
    await screen.waitFor(/^> still here$/m);
    // Nobody could wake a program that has no shell.
    await screen.send("C-z", "!");
    await screen.waitFor(/^> still here!$/m);
  },
);
