import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { EmulatedSession, Emulator } from "../../src/emulator/emulator.ts";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const SESSION = "0198c7aa-0000-7000-8000-00000000a11e";
const PROMPT: JsonObject = { type: "user", payload: { text: "look at this" } };
const RESULT: JsonObject = { type: "result", payload: { summary: "looked" } };
const REQUEST: JsonObject = {
  type: "tool_approval_request",
  payload: { tool_use_id: "t1", tool_name: "Bash", tool_input: { command: "id" } },
};

const QUESTION: JsonObject = {
  type: "ask_user_question",
  payload: { question_id: "q1", questions: [{ header: "Host", question: "Which host?" }] },
};

function lineOf(condition: string, flags: readonly string[]) {
  return ["ai", "session", "wait", "--id", SESSION, "--until", condition, ...flags];
}

function startWaiting(emulator: Emulator, condition: string, ...flags: string[]) {
  return startProgram(lineOf(condition, flags), { env: emulator.environment });
}

function wait(emulator: Emulator, condition: string, ...flags: string[]) {
  return runProgram(lineOf(condition, flags), { env: emulator.environment });
}

/** A session in which this was said before. */
async function fixture(history: readonly JsonObject[], options: object = {}) {
  const emulator = await startServer();
  const session = emulator.createSession({ id: SESSION, history, ...options });
  return { emulator, session };
}

const CASES: readonly (readonly [
  name: string,
  condition: string,
  history: readonly JsonObject[],
  then: (session: EmulatedSession) => Promise<unknown>,
  code: number,
  answer: object,
])[] = [
  [
    "says that an idle session is idle",
    "idle",
    [PROMPT, RESULT],
    () => Promise.resolve(),
    ExitCode.Done,
    { event: "idle", status: "running" },
  ],
  [
    "waits for the end of the turn",
    "idle",
    [PROMPT],
    (session) => session.push(RESULT),
    ExitCode.Done,
    { event: "idle", status: "running" },
  ],
  [
    "says what is asked",
    "approval",
    [PROMPT],
    (session) => session.push(REQUEST),
    ExitCode.Done,
    {
      event: "approval",
      status: "running",
      request: {
        type: "tool_approval_request",
        id: "t1",
        tool_name: "Bash",
        tool_input: { command: "id" },
      },
      requests: 1,
    },
  ],
  [
    "says what is asked already, a question too",
    "approval",
    [PROMPT, QUESTION],
    () => Promise.resolve(),
    ExitCode.Done,
    {
      event: "approval",
      status: "running",
      request: { type: "ask_user_question", id: "q1", questions: ["Which host?"] },
      requests: 1,
    },
  ],
  [
    "waits for the end of the session",
    "ended",
    [PROMPT],
    (session) => Promise.resolve(session.end("failed", 3)),
    ExitCode.Done,
    { event: "ended", status: "ended", reason: "failed", exit_code: 3 },
  ],
  [
    "takes a session that ended well for idle",
    "idle",
    [PROMPT],
    (session) => Promise.resolve(session.end("completed", 0)),
    ExitCode.Done,
    { event: "ended", status: "ended", reason: "completed", exit_code: 0 },
  ],
  [
    "exits 7 when the session fails before it is idle",
    "idle",
    [PROMPT],
    (session) => Promise.resolve(session.end("failed", 1)),
    ExitCode.SessionFailed,
    { event: "ended", status: "ended", reason: "failed", exit_code: 1 },
  ],
  [
    "exits 1 when the session ends without asking",
    "approval",
    [PROMPT],
    (session) => Promise.resolve(session.end("completed")),
    ExitCode.Failure,
    { event: "ended", status: "ended", reason: "completed" },
  ],
];

for (const [name, condition, history, then, code, answer] of CASES) {
  Deno.test(`wait --until ${condition} ${name}`, async () => {
    const { emulator, session } = await fixture(history);
    await using _stop = emulator;
    await using program = startWaiting(emulator, condition, "-o", "json");
    await session.attached();
    await then(session);
    const result = await program.result();
    assertEquals(result.code, code, result.stderr);
    assertEquals(JSON.parse(result.stdout), { session_id: SESSION, ...answer });
    assert(
      emulator.receivedFrames(SESSION).every(({ data }) => String(data).includes("heartbeat")),
    );
  });
}

Deno.test("wait knows of a session's end without attaching to it", async () => {
  const end = { reason: "user_requested" };
  const { emulator } = await fixture([], { status: "ended", end });
  await using _stop = emulator;
  const { code, stdout } = await wait(emulator, "ended");
  assertEquals([code, JSON.parse(stdout).reason], [ExitCode.Done, "user_requested"]);
  assertEquals(emulator.requests.filter(({ path }) => path.startsWith("/v1/ws/")), []);
});

Deno.test("wait --until idle does not take a session for idle before its first turn", async () => {
  const { emulator, session } = await fixture([], { fields: { initial_prompt: "go" } });
  await using _stop = emulator;
  await using program = startWaiting(emulator, "idle", "--timeout", "3s");
  await session.attached();
  const { code, stdout } = await program.result();
  assertEquals([code, stdout], [ExitCode.TimedOut, ""]);
});

Deno.test("wait asks for the history where the server sends none", async () => {
  const { emulator } = await fixture([PROMPT, RESULT]);
  await using _stop = emulator;
  emulator.addFault({ kind: "no-history" });
  const { code, stdout } = await wait(emulator, "idle");
  assertEquals([code, JSON.parse(stdout).event], [ExitCode.Done, "idle"]);
});

Deno.test("wait goes on where the connection was lost", async () => {
  const { emulator, session } = await fixture([PROMPT]);
  await using _stop = emulator;
  await using program = startWaiting(emulator, "approval");
  await session.attached();
  session.cut();
  await session.detached();
  await session.push(REQUEST);
  const { code, stdout, stderr } = await program.result();
  assertEquals([code, JSON.parse(stdout).request.id], [ExitCode.Done, "t1"]);
  assertStringIncludes(stderr, "Connection lost");
});

Deno.test("wait exits 9 when the time is over, and says what the agent does", async () => {
  const { emulator } = await fixture([PROMPT]);
  await using _stop = emulator;
  const { code, stdout, stderr } = await wait(emulator, "idle", "--timeout", "2s");
  assertEquals([code, stdout], [ExitCode.TimedOut, ""]);
  assertStringIncludes(stderr, `"${SESSION}"`);
  assertStringIncludes(stderr, "thinking");
});

Deno.test("wait exits 9 also where the history never comes", async () => {
  const { emulator } = await fixture([PROMPT]);
  await using _stop = emulator;
  emulator.addFault({ kind: "no-history" });
  emulator.addFault({ kind: "hang", path: `/v1/sessions/${SESSION}/history` });
  const { code, stdout } = await wait(emulator, "idle", "--timeout", "3s");
  assertEquals([code, stdout], [ExitCode.TimedOut, ""]);
});

Deno.test("wait exits 6 where the connection is lost for good", async () => {
  const { emulator, session } = await fixture([PROMPT]);
  await using _stop = emulator;
  await using program = startWaiting(emulator, "idle", "--reconnect-timeout", "0");
  await session.attached();
  session.cut();
  const { code, stdout, stderr } = await program.result();
  assertEquals([code, stdout], [ExitCode.ConnectionLost, ""]);
  assertStringIncludes(stderr, `"${SESSION}"`);
});

Deno.test("wait exits 3 for a session that is not there", async () => {
  await using emulator = await startServer();
  const { code, stdout } = await wait(emulator, "idle");
  assertEquals([code, stdout], [ExitCode.NotFound, ""]);
});

Deno.test("wait refuses a condition and a time that are none, before any request", async () => {
  await using emulator = await startServer();
  for (const flags of [["--until", "done"], ["--until", "idle", "--timeout", "soon"]]) {
    const { code, stderr } = await runProgram(["ai", "session", "wait", "--id", "x", ...flags], {
      env: emulator.environment,
    });
    assertEquals(code, ExitCode.Usage);
    assertStringIncludes(stderr, flags.at(-1) ?? "");
  }
  assertEquals(emulator.requests, []);
});
