import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CliError } from "../../src/app/errors.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { run } from "../../src/app/root.ts";
import { systemClock } from "../../src/app/system.ts";
import type { EmulatedSession, Emulator } from "../../src/emulator/emulator.ts";
import { fakeProcess, FakeTerminal } from "../support/fakes.ts";
import { crashingCommand, type ProgramResult, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const SESSION = "5e55-e4d5";
const ATTACH = ["ai", "session", "attach", "--id", SESSION, "--reconnect-timeout", "0"];
const COME_BACK = `limacharlie ai session attach --id ${SESSION}`;

/** What an ending can be brought about with. */
interface Stage {
  readonly emulator: Emulator;
  readonly session: EmulatedSession;
  readonly terminal: FakeTerminal;
  readonly stop: AbortController;
  interrupt(): void;
}

interface Ending {
  readonly name: string;
  bringAbout(stage: Stage): void | Promise<void>;
  readonly code: ExitCode;
  readonly status: string;
  /** What is said of it. */
  readonly cause: string;
  /** Whether the session can be come back to. */
  readonly isThere?: false;
  /** Arguments beside those that attach. */
  readonly args?: readonly string[];
}

const ENDINGS: readonly Ending[] = [
  {
    name: "the session ends well",
    bringAbout: ({ session }) => session.end("completed", 0),
    ...{ code: ExitCode.Done, status: "ended", cause: "completed" },
  },
  {
    name: "the session fails",
    bringAbout: ({ session }) => session.end("failed", 3),
    ...{ code: ExitCode.SessionFailed, status: "ended", cause: "failed" },
  },
  {
    name: "the server says no more than that it has ended",
    bringAbout: ({ session }) => session.close(4100),
    ...{ code: ExitCode.SessionFailed, status: "ended", cause: "unknown" },
  },
  {
    name: "the connection is lost",
    bringAbout: ({ session }) => session.cut(),
    ...{ code: ExitCode.ConnectionLost, status: "lost", cause: "the connection broke" },
  },
  {
    name: "the session is gone",
    bringAbout: ({ session }) => session.close(4004),
    ...{ code: ExitCode.NotFound, status: "failed", cause: "no such session", isThere: false },
  },
  {
    name: "the token is refused again",
    bringAbout({ emulator, session }) {
      emulator.addFault({ kind: "status", path: "/v1/ws/", code: 401 });
      session.close(4001);
    },
    ...{ code: ExitCode.Auth, status: "failed", cause: "the token was refused twice" },
  },
  {
    name: "a person detaches",
    bringAbout: ({ interrupt }) => interrupt(),
    ...{ code: ExitCode.Done, status: "detached", cause: "Detached" },
  },
  {
    name: "there is no more input",
    bringAbout: ({ terminal }) => terminal.stdin.end(),
    ...{ code: ExitCode.Done, status: "detached", cause: "the input has ended" },
    args: ["--interactive"],
  },
  {
    name: "nobody can decide",
    async bringAbout({ session, terminal }) {
      const payload = { tool_use_id: "t", tool_name: "Bash" };
      await session.push({ type: "tool_approval_request", payload });
      await terminal.stderr.waitFor("Approve Bash?");
      terminal.stdin.end();
    },
    ...{ code: ExitCode.NobodyToAsk, status: "undecided", cause: "nobody can give" },
    args: ["--interactive"],
  },
  {
    name: "the system ends the program",
    bringAbout: ({ stop }) =>
      stop.abort(new CliError("Ended by SIGTERM", { exitCode: ExitCode.Interrupted })),
    ...{ code: ExitCode.Interrupted, status: "failed", cause: "Ended by SIGTERM" },
  },
];

const MODES: readonly (readonly string[])[] = [[], ["--quiet"], ["--raw"], ["-o", "jsonl"]];

function linesOf(text: string) {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Asserts what is said of an ending in a mode of output. */
function assertTold(ending: Omit<Ending, "bringAbout">, mode: string, result: ProgramResult) {
  const { code, status, cause, isThere = true } = ending;
  assertEquals(result.code, code, result.stderr);
  if (mode === "--quiet" && code === ExitCode.Done) {
    assertEquals(result.stderr, "");
  } else {
    assertStringIncludes(result.stderr, cause);
    assertStringIncludes(result.stderr, SESSION);
    assertEquals(result.stderr.includes(COME_BACK), isThere, result.stderr);
  }
  if (mode !== "-o jsonl") return;
  const finals = linesOf(result.stdout).filter(({ type }) => type === "final");
  assertEquals(finals, linesOf(result.stdout).slice(-1));
  const [final] = finals;
  assertStringIncludes(final.reason.toLowerCase(), cause.toLowerCase());
  const { status: said, exit_code, session_id } = final;
  assertEquals([said, exit_code, session_id], [status, code, SESSION]);
}

for (const ending of ENDINGS) {
  Deno.test(`attach says how to come back when ${ending.name}`, async () => {
    for (const mode of MODES) {
      await using emulator = await startServer();
      const session = emulator.createSession({ id: SESSION });
      const terminal = new FakeTerminal();
      const stop = new AbortController();
      const fake = fakeProcess({
        env: { ...emulator.environment, LC_EPHEMERAL_CREDS: "1" },
        network: { fetch, WebSocket },
        signal: stop.signal,
        terminal,
      });
      const { stdout, stderr } = terminal;
      const result = run([...ATTACH, ...mode, ...ending.args ?? []], {
        ...fake,
        clock: systemClock,
      });
      await session.attached();
      await session.push({ type: "result", payload: { summary: "hello" } });
      await stdout.waitFor("hello");
      await ending.bringAbout({ emulator, session, terminal, stop, interrupt: fake.interrupt });
      const code = await result;
      assertTold(ending, mode.join(" "), { code, stdout: stdout.text, stderr: stderr.text });
    }
  });
}

const SIGNALS: readonly Deno.Signal[] = ["SIGTERM", "SIGHUP"];

for (const signal of SIGNALS) {
  Deno.test(`attach -o jsonl ends in a final line on ${signal}, too`, async () => {
    await using emulator = await startServer();
    const session = emulator.createSession({ id: SESSION });
    await using program = startProgram([...ATTACH, "-o", "jsonl"], { env: emulator.environment });
    await program.stdout.waitFor('"history"');
    program.kill(signal);
    assertTold(
      { name: signal, code: ExitCode.Interrupted, status: "failed", cause: `Ended by ${signal}` },
      "-o jsonl",
      await program.result(),
    );
    assertEquals(session.status, "running");
  });
}

Deno.test("attach -o jsonl ends in a final line where the program breaks down", async () => {
  await using emulator = await startServer();
  emulator.createSession({ id: SESSION });
  await using program = startProgram([...ATTACH, "-o", "jsonl"], {
    env: emulator.environment,
    command: crashingCommand(),
  });
  await program.stdout.waitFor('"history"');
  program.kill("SIGUSR2");
  const cause = "Internal error: Out of the blue";
  assertTold(
    { name: "crash", code: ExitCode.Failure, status: "failed", cause },
    "-o jsonl",
    await program.result(),
  );
});

Deno.test("attach -o jsonl ends in a final line on stderr where nobody reads stdout", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: SESSION });
  await using program = startProgram([...ATTACH, "-o", "jsonl"], { env: emulator.environment });
  await program.stdout.waitFor('"history"');
  await program.closeOutput();
  await session.push({ type: "assistant", payload: { content: "anybody there?" } });
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  const lines = stderr.trimEnd().split("\n");
  const final = JSON.parse(lines.pop() ?? "");
  assertEquals([final.type, final.status, final.session_id], ["final", "detached", SESSION]);
  assertStringIncludes(lines.join("\n"), COME_BACK);
});

Deno.test("attach and chat -o jsonl end in a final line also before there is a conversation", async () => {
  await using emulator = await startServer();
  using _fault = emulator.addFault({ kind: "status", path: "/jwt", code: 401 });
  for (const [args, id] of [[ATTACH, SESSION], [["ai", "chat", "hello"], null]] as const) {
    await using program = startProgram([...args, "-o", "jsonl"], { env: emulator.environment });
    const { code, stdout } = await program.result();
    assertEquals(code, ExitCode.Auth);
    const lines = linesOf(stdout);
    assertEquals(lines.map(({ type }) => type), ["final"]);
    assertEquals([lines[0].exit_code, lines[0].session_id], [code, id]);
    assert(lines[0].reason.length > 0);
  }
});
