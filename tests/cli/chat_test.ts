import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LARGEST_MESSAGE_BYTES } from "../../src/api/attachment.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

/** A scenario in which the agent answers every prompt with these steps. */
function scenarioOf(...steps: Step[]): Scenario {
  return {
    start_delay_ms: 0,
    pace_ms: 0,
    usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 },
    scripts: [{ steps }],
  };
}

const ECHO = scenarioOf({ say: "You said: {{prompt}}" }, { result: { summary: "answered" } });
const TOOL: Step = {
  tool: "Bash",
  input: { command: "uname -a" },
  result: "ran {{input.command}}",
  approval: "always",
  denied: [{ say: "Refused: {{denial}}" }],
};

/** What the one session of a server was sent, by type. */
function received(emulator: Emulator, type: string) {
  const id = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"))?.path.split("/").at(
    -1,
  );
  return emulator.receivedFrames(id ?? "")
    .map(({ data }) => JSON.parse(String(data)))
    .filter((message) => message.type === type)
    .map(({ payload }) => payload);
}

Deno.test("chat sends PROMPT first, then each line of its input as it comes", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using program = startProgram(["ai", "chat", "first"], { env: emulator.environment });
  await program.stdout.waitFor("You said: first");
  await program.write("second\n\n  third  \n");
  await program.stdout.waitFor(/You said: +third/);
  await program.closeInput();
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(received(emulator, "prompt"), [{ text: "first" }, { text: "second" }, {
    text: "  third  ",
  }]);
  assertMatch(stderr, /To come back: limacharlie ai session attach --id \S+ --interactive/);
});

Deno.test("chat sees the agent's turns to their end when its input has ended before", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  const { code, stdout } = await runProgram(["ai", "chat"], {
    env: emulator.environment,
    stdin: "one\ntwo\nthree",
  });
  assertEquals(code, ExitCode.Done);
  assertEquals(stdout.match(/result: answered/g)?.length, 3);
});

Deno.test("chat sends what follows a line that is too large to be sent, and is no success", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  for (const flags of [["-o", "jsonl"], ["--quiet"]]) {
    const { code, stdout, stderr } = await runProgram(["ai", "chat", ...flags], {
      env: emulator.environment,
      stdin: `${"x".repeat(LARGEST_MESSAGE_BYTES)}\nsecond\n`,
    });
    assertStringIncludes(stdout, "You said: second");
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, "not all that was said");
    assertEquals(`${stdout}${stderr}`.includes("xxx"), false);
  }
});

Deno.test("chat without a prompt or any input detaches", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  const { code } = await runProgram(["ai", "chat"], { env: emulator.environment });
  assertEquals(code, ExitCode.Done);
});

const DECISIONS: readonly [line: string, answer: object][] = [
  ["y", { approved: true, approval_scope: "once" }],
  ["YES", { approved: true, approval_scope: "once" }],
  ["session", { approved: true, approval_scope: "session" }],
  ["n", { approved: false, approval_scope: "once", message: "Denied by the operator" }],
  ["", { approved: false, approval_scope: "once", message: "Denied by the operator" }],
  ["constructor", { approved: false, approval_scope: "once", message: "Denied by the operator" }],
  ["yeah", { approved: false, approval_scope: "once", message: "Denied by the operator" }],
];

for (const [line, answer] of DECISIONS) {
  Deno.test(`chat takes ${JSON.stringify(line)} from a pipe as the answer to an approval`, async () => {
    await using emulator = await startServer({ scenario: scenarioOf(TOOL, { result: {} }) });
    await using program = startProgram(["ai", "chat", "go"], { env: emulator.environment });
    await program.stderr.waitFor("Approve Bash?");
    await program.write(`${line}\n`);
    await program.stdout.waitFor(/tool_result|Refused/);
    await program.closeInput();
    assertEquals((await program.result()).code, ExitCode.Done);
    const [{ tool_use_id: _, ...sent }] = received(emulator, "tool_approval_response");
    assertEquals(sent, answer);
  });
}

Deno.test("chat exits 8 when an approval is asked and its input has ended", async () => {
  await using emulator = await startServer({ scenario: scenarioOf(TOOL) });
  const { code, stdout, stderr } = await runProgram(["ai", "chat", "go"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.NobodyToAsk);
  assertStringIncludes(stdout, "uname -a");
  assertStringIncludes(stderr, "nobody");
  assertEquals(received(emulator, "tool_approval_response"), []);
});

Deno.test("chat answers several questions: by number, by several numbers, and in words", async () => {
  const scenario = scenarioOf({
    ask: [
      { header: "Where", question: "Which one?", options: ["here", { label: "there" }] },
      { header: "What", question: "Which ones?", options: ["a", "b", "c"], multiSelect: true },
      { question: "And why?" },
    ],
  }, { result: { summary: "thanks" } });
  await using emulator = await startServer({ scenario });
  await using program = startProgram(["ai", "chat", "go"], { env: emulator.environment });
  for (const answer of ["2", "1, 3", "because"]) {
    await program.stderr.waitFor(/Number.*\n|Answer.*\n/);
    await program.write(`${answer}\n`);
  }
  await program.stdout.waitFor("result: thanks");
  await program.closeInput();
  assertEquals((await program.result()).code, ExitCode.Done);
  const [{ answers }] = received(emulator, "ask_user_question_response");
  assertEquals(answers, { Where: "there", What: "a, c", "And why?": "because" });
});

Deno.test("chat obeys /interrupt and /quit, and sends neither", async () => {
  const slow = scenarioOf({ say: "Working" }, { wait_ms: 60_000 }, { say: "never" });
  await using emulator = await startServer({ scenario: slow });
  await using program = startProgram(["ai", "chat", "go"], { env: emulator.environment });
  await program.stdout.waitFor("Working");
  await program.write("/interrupt\n");
  await program.stderr.waitFor("Interrupt sent");
  await program.write("/nonsense\n//slash\n/quit\n");
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stderr, "unknown command /nonsense");
  assertEquals(received(emulator, "prompt"), [{ text: "go" }, { text: "/slash" }]);
  assertEquals(received(emulator, "interrupt").length, 1);
});

Deno.test("chat exits 7 when the session fails", async () => {
  const failing = scenarioOf({ fail: { error: "Claude process died", details: "137" } });
  await using emulator = await startServer({ scenario: failing });
  await using program = startProgram(["ai", "chat", "go"], { env: emulator.environment });
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.SessionFailed);
  assertStringIncludes(stderr, "Claude process died");
});

Deno.test("chat registers, then creates a session with just the fields that were given", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  const flags = ["--model", "m", "--max-turns", "3", "--max-budget-usd", "0.5", "--name", "n"];
  const lists = [
    "--allowed-tools",
    "Read,Grep",
    "--denied-tools=",
    "--plugin",
    "p",
    "--plugin",
    "q",
  ];
  const more = ["--task-budget-tokens", "9", "--permission-mode", "plan", "--idempotent-key", "k"];
  await runProgram(["ai", "chat", ...flags, ...lists, ...more], { env: emulator.environment });
  const posts = emulator.requests.filter(({ method, path }) => method === "POST" && path !== "/");
  assertEquals(posts.map(({ path }) => path).slice(-2), ["/v1/register", "/v1/sessions"]);
  assertEquals(JSON.parse(posts.at(-1)?.body ?? ""), {
    name: "n",
    idempotent_key: "k",
    model: "m",
    max_turns: 3,
    max_budget_usd: 0.5,
    task_budget_tokens: 9,
    permission_mode: "plan",
    allowed_tools: ["Read", "Grep"],
    denied_tools: [],
    plugins: ["p", "q"],
  });
});

Deno.test("chat says where to store a credential when there is none, and creates nothing", async () => {
  await using emulator = await startServer();
  const { uid, apiKey } = emulator.accounts.users.newcomer;
  const { code, stdout, stderr } = await runProgram(["ai", "chat", "hi"], {
    env: { ...emulator.environment, LC_UID: uid, LC_API_KEY: apiKey },
  });
  assertEquals([code, stdout], [ExitCode.Auth, ""]);
  assertStringIncludes(stderr, "ai auth claude login");
  assertStringIncludes(stderr, "set-key");
  assert(
    !emulator.requests.some(({ method, path }) => method === "POST" && path === "/v1/sessions"),
  );
});

Deno.test("chat says so when there are ten sessions already", async () => {
  await using emulator = await startServer();
  for (let count = 0; count < 10; count++) emulator.createSession();
  const { code, stderr } = await runProgram(["ai", "chat", "hi"], { env: emulator.environment });
  assert(code !== ExitCode.Done);
  assertMatch(stderr, /^Error: .*session.*\n/);
});

Deno.test("chat refuses a format that no stream can have, before it creates anything", async () => {
  await using emulator = await startServer();
  const { code, stderr } = await runProgram(["ai", "chat", "-o", "yaml", "hi"], {
    env: emulator.environment,
  });
  assertEquals([code, emulator.requests], [ExitCode.Usage, []]);
  assertStringIncludes(stderr, "yaml");
});
