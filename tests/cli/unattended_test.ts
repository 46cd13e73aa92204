import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

function agent(...steps: Step[]): Scenario {
  return {
    start_delay_ms: 0,
    pace_ms: 0,
    usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 },
    scripts: [{ steps }],
  };
}

function call(command: string): Step {
  return {
    tool: "Bash",
    input: { command },
    result: `ran ${command}`,
    approval: "always",
    denied: [{ say: "Refused" }],
  };
}

const DONE: Step = { result: { summary: "done" } };

function once(emulator: Emulator, ...args: string[]) {
  return runProgram(["ai", "chat", "--once", ...args], { env: emulator.environment });
}

/** The id of the session that was attached to. */
function attachedTo(emulator: Emulator): string {
  const request = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"));
  return request?.path.split("/").at(-1) ?? "";
}

/** What was answered to the approvals, in their order. */
function decisions(emulator: Emulator): boolean[] {
  return emulator.receivedFrames(attachedTo(emulator)).map(({ data }) => JSON.parse(String(data)))
    .filter(({ type }) => type === "tool_approval_response")
    .map(({ payload }) => payload.approved);
}

Deno.test("chat --once ends with the turn, in a session that is made for one", async () => {
  await using emulator = await startServer({ scenario: agent({ say: "All quiet." }, DONE) });
  const { code, stdout } = await once(emulator, "anything?");
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stdout, "result: done");
  const created = emulator.requests.find(({ method, path }) =>
    method === "POST" && path === "/v1/sessions"
  );
  assertEquals(JSON.parse(created?.body ?? ""), { one_shot: true });
});

Deno.test("chat --once --quiet prints the answer and nothing else", async () => {
  await using emulator = await startServer({
    scenario: agent({ say: "Let me look." }, { ...call("ls"), approval: "never" } as Step, {
      say: "Two hosts:\n- a\n- b",
    }, DONE),
  });
  const { code, stdout, stderr } = await once(emulator, "--quiet", "which hosts?");
  assertEquals([code, stdout, stderr], [ExitCode.Done, "Two hosts:\n- a\n- b\n", ""]);
});

Deno.test("chat --once - reads its prompt from standard input, as one message", async () => {
  await using emulator = await startServer({
    scenario: agent({ say: "You said: {{prompt}}" }, DONE),
  });
  const { code, stdout } = await runProgram(["ai", "chat", "--once", "-q", "-"], {
    env: emulator.environment,
    stdin: "one\n\ntwo\n",
  });
  assertEquals([code, stdout], [ExitCode.Done, "You said: one\n\ntwo\n"]);
});

Deno.test("chat --once --quiet prints all that was said after the last tool, as it is", async () => {
  const markdown = ["**Two** hosts:\n- a", "And one more: `b`"];
  await using emulator = await startServer({
    scenario: agent({ say: "Let me look." }, { ...call("ls"), approval: "never" } as Step, {
      say: markdown,
    }, DONE),
  });
  const { code, stdout, stderr } = await once(emulator, "--quiet", "which hosts?");
  assertEquals([code, stdout, stderr], [ExitCode.Done, `${markdown.join("\n\n")}\n`, ""]);
});

const NO_PROMPTS: readonly [what: string, stdin: string | Uint8Array, words: string][] = [
  ["that is empty", "", "needs a prompt"],
  ["of white space", " \n\t\n", "needs a prompt"],
  ["that is not UTF-8", new Uint8Array([0x61, 0xff, 0x0a]), "not UTF-8"],
  ["that ends within a character", new Uint8Array([0x61, 0xe6, 0x97]), "not UTF-8"],
  ["that is larger than a message", "x".repeat(1024 * 1024), "larger than the 1 MB"],
  ["that is larger as JSON", "\n\n".repeat(300 * 1024) + "x", "larger than the 1 MB"],
];

for (const [what, stdin, words] of NO_PROMPTS) {
  Deno.test(`chat --once - takes no input ${what}, and creates nothing`, async () => {
    await using emulator = await startServer();
    const args = ["ai", "chat", "--once", "-"];
    const { code, stderr } = await runProgram(args, { env: emulator.environment, stdin });
    assertEquals([code, emulator.requests], [ExitCode.Usage, []]);
    assertStringIncludes(stderr, words);
  });
}

Deno.test("chat --once - sends nearly a megabyte as one message", async () => {
  await using emulator = await startServer({ scenario: agent({ say: "read" }, DONE) });
  const { code, stdout } = await runProgram(["ai", "chat", "--once", "-q", "-"], {
    env: emulator.environment,
    stdin: "\ufeff日" + "x".repeat(1_000_000) + "\r\nend\r\n",
  });
  assertEquals([code, stdout], [ExitCode.Done, "read\n"]);
  const [prompt] = emulator.receivedFrames(attachedTo(emulator))
    .map(({ data }) => JSON.parse(String(data)));
  assertEquals(prompt.payload.text, "日" + "x".repeat(1_000_000) + "\nend");
});

Deno.test("chat --once without a prompt is bad usage, and creates nothing", async () => {
  await using emulator = await startServer();
  const { code } = await once(emulator);
  assertEquals(code, ExitCode.Usage);
  assertEquals(emulator.requests, []);
});

Deno.test("chat takes a prompt that begins with a dash behind --", async () => {
  await using emulator = await startServer({ scenario: agent({ say: "{{prompt}}" }, DONE) });
  for (const prompt of ["-1 is what?", "--quiet"]) {
    const { code, stdout } = await once(emulator, "--quiet", "--", prompt);
    assertEquals([code, stdout], [ExitCode.Done, `${prompt}\n`]);
  }
});

Deno.test("chat --once -o jsonl ends in a final line where its input is no prompt", async () => {
  await using emulator = await startServer();
  const { code, stdout } = await once(emulator, "-o", "jsonl", "-");
  const { type, exit_code, session_id } = JSON.parse(stdout);
  assertEquals([type, exit_code, session_id], ["final", code, null]);
  assertEquals(code, ExitCode.Usage);
});

/** An agent that has begun with its answer, and takes its time. */
const IN_MID_TURN = agent({ say: "To begin with" }, { wait_ms: 3_600_000 }, DONE);

for (const reason of ["user_requested", "org_api_requested"]) {
  Deno.test(`chat --once is no success when its session ends in mid-turn (${reason})`, async () => {
    await using emulator = await startServer({ scenario: IN_MID_TURN });
    await using program = startProgram(["ai", "chat", "--once", "-o", "jsonl", "go"], {
      env: emulator.environment,
    });
    await program.stdout.waitFor("To begin with");
    emulator.session(attachedTo(emulator))?.end(reason);
    const { code, stdout, stderr } = await program.result();
    const final = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    assertEquals([final.status, final.reason, final.exit_code], ["ended", reason, code]);
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, "turn was not over");
  });
}

for (const flags of [["--once"], []]) {
  const command = ["chat", ...flags].join(" ");
  Deno.test(`${command} is no success when its session ends before its prompt was sent`, async () => {
    const scenario = { ...agent(DONE), start_delay_ms: 3_600_000 };
    await using emulator = await startServer({ scenario });
    await using program = startProgram(["ai", "chat", ...flags, "go"], {
      env: emulator.environment,
    });
    await program.stderr.waitFor("starting");
    emulator.session(attachedTo(emulator))?.end("completed");
    const { code, stderr } = await program.result();
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, "Not sent: go");
  });
}

Deno.test("chat --once is no success when it is interrupted, and says how to come back", async () => {
  await using emulator = await startServer({ scenario: IN_MID_TURN });
  await using program = startProgram(["ai", "chat", "--once", "go"], { env: emulator.environment });
  await program.stdout.waitFor("To begin with");
  program.kill("SIGINT");
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Interrupted);
  assertStringIncludes(stderr, `ai session attach --id ${attachedTo(emulator)}`);
  assertEquals(emulator.session(attachedTo(emulator))?.status, "running");
});

Deno.test("chat --once exits 7 when the turn fails", async () => {
  await using emulator = await startServer({
    scenario: agent({ result: { summary: "gave up", success: false } }),
  });
  assertEquals((await once(emulator, "go")).code, ExitCode.SessionFailed);
});

const POLICIES: readonly [policy: string, commands: string[], decided: boolean[], code: number][] =
  [
    ["deny", ["ls"], [false], ExitCode.Done],
    ["fail", ["ls"], [], ExitCode.NobodyToAsk],
    ["allow:Bash", ["ls", "rm -rf /"], [true, true], ExitCode.Done],
    ["allow:Read,mcp__*", ["ls"], [false], ExitCode.Done],
    ["allow:Bash(git log *)", ["git log -3", "git push"], [true, false], ExitCode.Done],
    [
      "allow:Bash(git log *)",
      ["git log; rm -rf /", "git log $(id)"],
      [false, false],
      ExitCode.Done,
    ],
    ["allow:Bash(*)", ["a; b"], [true], ExitCode.Done],
  ];

for (const [policy, commands, decided, code] of POLICIES) {
  Deno.test(`chat --on-approval ${policy} decides ${decided} on ${commands}`, async () => {
    await using emulator = await startServer({ scenario: agent(...commands.map(call), DONE) });
    const result = await once(emulator, "--on-approval", policy, "go");
    assertEquals(decisions(emulator), decided);
    assertEquals(result.code, code);
  });
}

Deno.test("chat without a policy exits 8 on an approval that nobody can answer", async () => {
  await using emulator = await startServer({ scenario: agent(call("id"), DONE) });
  for (const flags of [[], ["--quiet"]]) {
    const { code, stderr } = await once(emulator, ...flags, "go");
    assertEquals(code, ExitCode.NobodyToAsk);
    assertStringIncludes(stderr, "nobody can give to its use of Bash");
  }
});

Deno.test("chat advises no flag that was given, and names the answers that are missing", async () => {
  const ask = ["Scope", "Why not", "Next"].map((header) => ({ header, question: `${header}?` }));
  const scenario = {
    ...agent(),
    scripts: [{ prompt: "ask", steps: [{ ask }] }, { steps: [call("id")] }],
  };
  await using emulator = await startServer({ scenario });
  const lastLine = async (...args: string[]) => {
    const { code, stderr } = await once(emulator, ...args);
    assertEquals(code, ExitCode.NobodyToAsk);
    return stderr.trimEnd().split("\n").at(-1) ?? "";
  };
  assertMatch(await lastLine("go"), /--on-approval gives/);
  assertMatch(await lastLine("--on-approval", "fail", "go"), /; --on-approval fail leaves/);
  const asked = await lastLine("--answer", "Scope=1", "ask");
  assertStringIncludes(asked, "--answer 'Why not=TEXT' --answer Next=TEXT");
});

Deno.test("chat refuses a policy that is none, before any request", async () => {
  await using emulator = await startServer();
  for (const flags of [["--on-approval", "maybe"], ["--answer", "no-equals-sign"]]) {
    const { code, stderr } = await once(emulator, ...flags, "go");
    assertEquals(code, ExitCode.Usage);
    assertStringIncludes(stderr, flags[1] ?? "");
  }
  assertEquals(emulator.requests, []);
});

Deno.test("chat --answer answers questions by their header", async () => {
  const scenario = agent(
    {
      ask: [
        { header: "Scope", question: "How far?", options: ["one host", "all hosts"] },
        { header: "Why", question: "Why?" },
      ],
    },
    { say: "{{answers.Scope}}, {{answers.Why}}" },
    DONE,
  );
  await using emulator = await startServer({ scenario });
  const answers = ["--answer", "Scope=2", "--answer", "Why=drill=yes"];
  const { code, stdout } = await once(emulator, "-q", ...answers, "go");
  assertEquals([code, stdout], [ExitCode.Done, "all hosts, drill=yes\n"]);
});

Deno.test("chat exits 8 on a question that has no answer", async () => {
  const scenario = agent({ ask: [{ header: "Scope", question: "How far?" }] }, DONE);
  await using emulator = await startServer({ scenario });
  const { code, stdout } = await once(emulator, "--answer", "Other=x", "go");
  assertEquals(code, ExitCode.NobodyToAsk);
  assert(stdout.includes("How far?"));
});

Deno.test("attach refuses a policy where it only watches, before any request", async () => {
  await using emulator = await startServer();
  for (const flags of [["--on-approval", "deny"], ["--answer", "A=1"]]) {
    const args = ["ai", "session", "attach", "--id", "0f0f", ...flags];
    const { code, stderr } = await runProgram(args, { env: emulator.environment });
    assertEquals([code, emulator.requests], [ExitCode.Usage, []]);
    assertStringIncludes(stderr, "--interactive");
  }
});

Deno.test("chat --once says which answers it had no use for", async () => {
  await using emulator = await startServer({ scenario: agent({ say: "Hello" }, DONE) });
  const { code, stderr } = await once(emulator, "--answer", "Scpoe=1", "go");
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stderr, "Scpoe");
});
