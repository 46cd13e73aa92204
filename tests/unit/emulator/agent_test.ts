import { assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ORGANIZATIONS } from "../../../src/emulator/accounts.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../../src/emulator/scenario.ts";
import { DEFAULT_SCENARIO } from "../../../src/emulator/scenarios/investigation.ts";
import { textOf } from "../../../src/protocol/content.ts";
import type { JsonObject } from "../../../src/protocol/frames.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { asOrg, asUser, connect, type Socket } from "./client.ts";

/** A scenario in which every prompt runs these steps. */
function scenarioOf(...steps: readonly Step[]): Scenario {
  return { ...DEFAULT_SCENARIO, scripts: [{ steps }] };
}

/** A chat in a session with these settings. */
async function chat(emulator: Emulator, settings: JsonObject = {}): Promise<Socket> {
  const { id } = emulator.createSession({ scripted: true, settings });
  return await connect(emulator, id);
}

/** What the agent said, and what tools gave back. */
function texts(socket: Socket): string[] {
  return socket.frames.flatMap(({ type, payload }) => {
    if (type === "tool_result") return [String(payload["content"])];
    return type === "assistant" ? [textOf(payload)].filter(Boolean) : [];
  });
}

const bash = (command: string, rest: object = {}): Step => ({
  tool: "Bash",
  input: { command },
  result: "ran {{input.command}}",
  ...rest,
});

Deno.test("DEFAULT_SCENARIO plays an investigation with one approval and one question on any prompt", async () => {
  await using emulator = await startServer();
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("anything at all");
  const { payload: approval } = await socket.frame("tool_approval_request");
  assertEquals(Object.keys(approval), ["tool_use_id", "tool_name", "tool_input"]);
  socket.approve({ tool_use_id: approval["tool_use_id"] });
  const { payload: question } = await socket.frame("ask_user_question");
  socket.answer({ question_id: question["question_id"], answers: { Containment: "Nothing yet" } });
  const { payload: result } = await socket.frame("result");
  assertStringIncludes(String(result["summary"]), "Nothing yet");
  const types = new Set(socket.types);
  for (
    const type of [
      ...["history", "session_status", "system", "sdk_session_id", "user", "assistant"],
      ...["tool_use", "tool_result", "usage_delta", "result"],
    ]
  ) assertEquals(types.has(type), true, type);
  const count = (type: string) => socket.types.filter((each) => each === type).length;
  assertEquals([count("tool_approval_request"), count("ask_user_question")], [1, 1]);
  socket.prompt("and now?");
  await socket.frame("result", 2);
  assertEquals([count("tool_approval_request"), count("ask_user_question")], [1, 1]);
});

Deno.test("DEFAULT_SCENARIO runs on its own in a session of the organization", async () => {
  await using emulator = await startServer();
  const body = { prompt: "Triage", anthropic_key: "sk-ant-x" };
  const { session_id: id } = (await asOrg(emulator).post("/v1/api/sessions", body)).body;
  const socket = await connect(emulator, id, { org: true });
  assertEquals((await socket.closed).code, 4100);
  assertEquals(socket.frames.at(-1)?.payload, { reason: "completed", exit_code: 0 });
  assertEquals(socket.types.includes("tool_approval_request"), false);
});

Deno.test("Agent.accept sends a text again while it grows, in frames with one id", async () => {
  await using emulator = await startServer({
    scenario: scenarioOf({ say: ["one {{prompt}}\n\nlast", "other"], grow_ms: 1 }),
  });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("two");
  await socket.frame("result");
  assertEquals(texts(socket), ["one", "one two", "one two\n\nlast", "other"]);
  const ids = socket.frames.filter(({ type }) => type === "assistant").map(({ payload }) =>
    payload["id"]
  );
  assertEquals(ids.map((id) => ids.indexOf(id)), [0, 0, 0, 3]);
});

Deno.test("Agent.accept streams a text in several frames when it is a list", async () => {
  await using emulator = await startServer({
    scenario: scenarioOf({ say: ["one", "two {{prompt}}", "{{unknown}}"] }),
  });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("for you");
  await socket.frame("result");
  assertEquals(texts(socket), ["one", "two for you", "{{unknown}}"]);
});

Deno.test("Agent.accept waits for an approval, and runs the tool with the input that was approved", async () => {
  const scenario = scenarioOf(bash("rm one", { usage: { cost_usd: 1 } }), { say: "done" });
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("tool_approval_request");
  assertEquals(payload["tool_input"], { command: "rm one" });
  assertEquals(socket.types.includes("tool_use"), false);
  socket.approve({ tool_use_id: payload["tool_use_id"], updated_input: { command: "ls one" } });
  await socket.frame("result");
  assertEquals((await socket.frame("tool_use")).payload, {
    id: payload["tool_use_id"],
    name: "Bash",
    input: { command: "ls one" },
  });
  assertEquals(texts(socket), ["ran ls one", "done"]);
});

Deno.test("Agent.accept obeys a denial, and says why it was denied", async () => {
  const scenario = scenarioOf(bash("rm one", { denied: [{ say: "Not: {{denial}}" }] }), {
    say: "done",
  });
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("tool_approval_request");
  socket.approve({ tool_use_id: payload["tool_use_id"], approved: false, message: "too risky" });
  await socket.frame("result");
  assertEquals(texts(socket), ["Denied: too risky", "Not: too risky", "done"]);
  assertEquals((await socket.frame("tool_result")).payload["is_error"], true);
  assertEquals(socket.types.includes("tool_use"), false);
});

Deno.test("Agent.accept asks again after an approval for once, and not after one for the session", async () => {
  const scenario = scenarioOf(bash("lc get a"), bash("lc get b"), bash("lc get c"));
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const first = await socket.frame("tool_approval_request", 1);
  socket.approve({ tool_use_id: first.payload["tool_use_id"] });
  const second = await socket.frame("tool_approval_request", 2);
  assertNotEquals(second.payload["tool_use_id"], first.payload["tool_use_id"]);
  socket.approve({ tool_use_id: second.payload["tool_use_id"], approval_scope: "session" });
  await socket.frame("result");
  socket.prompt("again");
  await socket.frame("result", 2);
  const asked = socket.types.filter((type) => type === "tool_approval_request");
  assertEquals(asked.length, 2);
});

Deno.test("Agent.accept allows for the session what the pattern of an approval covers", async () => {
  const scenario = scenarioOf(bash("lc get a"), bash("lc get b"), bash("lc set c"));
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("tool_approval_request");
  socket.approve({
    tool_use_id: payload["tool_use_id"],
    approval_scope: "session",
    approval_pattern: "Bash(lc get:*)",
  });
  const next = await socket.frame("tool_approval_request", 2);
  assertEquals(next.payload["tool_input"], { command: "lc set c" });
});

Deno.test("Agent.accept keeps to the tool lists and the permission mode", async () => {
  const scenario = scenarioOf(bash("rm one"), { ...bash("lc set"), approval: "never" } as Step);
  await using emulator = await startServer({ scenario });
  const results = async (settings: JsonObject) => {
    await using socket = await chat(emulator, settings);
    await socket.opened();
    socket.prompt("go");
    await socket.frame("result");
    return texts(socket);
  };
  const ran = ["ran rm one", "ran lc set"];
  assertEquals(await results({ permission_mode: "bypassPermissions" }), ran);
  assertEquals(await results({ allowed_tools: ["Bash(rm:*)"] }), ran);
  assertEquals(
    await results({ permission_mode: "bypassPermissions", denied_tools: ["Bash(rm:*)"] }),
    ["Denied: Bash is denied in this session", "ran lc set"],
  );
});

Deno.test("Agent.accept asks in spite of every list when a step says so, until the session allows it", async () => {
  const scenario = scenarioOf(bash("ls", { approval: "always" }));
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator, { permission_mode: "bypassPermissions" });
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("tool_approval_request");
  socket.approve({ tool_use_id: payload["tool_use_id"], approval_scope: "session" });
  await socket.frame("result");
  socket.prompt("again");
  await socket.frame("result", 2);
  assertEquals(socket.types.filter((type) => type === "tool_approval_request").length, 1);
});

Deno.test("Agent.accept asks several questions at once, and uses their answers", async () => {
  const scenario = scenarioOf({
    ask: [
      { header: "Where", question: "Where to look?", options: ["A", "B"], multiSelect: true },
      { question: "For whom?" },
    ],
  }, { say: "{{answers.Where}} for {{answers.For whom?}}" });
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("ask_user_question");
  assertEquals(payload["questions"], [
    { header: "Where", question: "Where to look?", options: ["A", "B"], multiSelect: true },
    { question: "For whom?" },
  ]);
  const answers = { "Where": "A, B", "For whom?": "the board" };
  socket.answer({ question_id: "another", answers });
  assertEquals((await socket.frame("error")).payload["code"], "invalid_message");
  socket.answer({ question_id: payload["question_id"], answers });
  await socket.frame("result");
  assertEquals(texts(socket), ["A, B for the board"]);
});

Deno.test("Agent.accept fails the session when nobody decides for five minutes", async () => {
  const decisions: readonly [Step, string][] = [
    [bash("rm one"), "tool_approval_request"],
    [{ ask: [{ question: "Why?" }] }, "ask_user_question"],
  ];
  for (const [step, asked] of decisions) {
    const clock = new FakeClock();
    await using emulator = await startServer({ clock, scenario: scenarioOf(step) });
    const session = emulator.createSession({ scripted: true });
    const socket = await connect(emulator, session.id);
    await socket.opened();
    socket.prompt("go");
    await socket.frame(asked);
    // A client that lives, so that it is the decision that runs out of time.
    for (let minute = 1; minute <= 9; minute++) {
      await clock.advance(30_000);
      socket.send({ type: "heartbeat" });
      await session.received("heartbeat", minute);
    }
    await clock.advance(29_999);
    assertEquals(session.status, "running");
    await clock.advance(1);
    assertEquals((await socket.closed).code, 4100);
    assertEquals(socket.types.slice(-2), ["session_error", "session_end"]);
    assertEquals(socket.frames.at(-1)?.payload, { reason: "failed", exit_code: 1 });
  }
});

Deno.test("Agent.accept stops its turn when it is interrupted, and goes on with the next prompt", async () => {
  const scenario = scenarioOf({ say: "{{prompt}} begins" }, bash("rm one"), { say: "never said" });
  await using emulator = await startServer({ scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("first");
  const { payload } = await socket.frame("tool_approval_request");
  socket.prompt("second");
  socket.send({ type: "interrupt" });
  const { payload: result } = await socket.frame("result");
  assertEquals([result["success"], result["subtype"]], [false, "interrupted"]);
  await socket.frame("tool_approval_request", 2);
  assertEquals(texts(socket), ["first begins", "second begins"]);
  socket.approve({ tool_use_id: payload["tool_use_id"] });
  assertEquals((await socket.frame("error")).payload["code"], "invalid_message");
});

Deno.test("Agent.accept stops waiting when it is interrupted", async () => {
  const clock = new FakeClock();
  const scenario = scenarioOf({ say: "a" }, { wait_ms: 3600_000 }, { say: "b" });
  await using emulator = await startServer({ clock, scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  await socket.frame("assistant");
  socket.send({ type: "interrupt" });
  await socket.frame("result");
  assertEquals(texts(socket), ["a"]);
});

Deno.test("Agent.accept takes time between its steps when it has a pace", async () => {
  const clock = new FakeClock();
  const scenario = { ...scenarioOf({ say: "a" }, { say: "b" }), pace_ms: 500 };
  await using emulator = await startServer({ clock, scenario });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  await socket.frame("user");
  await clock.advance(500);
  await socket.frame("assistant");
  await clock.advance(499);
  assertEquals(texts(socket), ["a"]);
  await clock.advance(1);
  const { payload } = await socket.frame("result");
  assertEquals([texts(socket), payload["duration_ms"]], [["a", "b"], 1000]);
});

Deno.test("Agent.accept ends the session when another turn would be one too many", async () => {
  const scenario = scenarioOf({ say: "one" }, { say: "two" }, { say: "three" });
  await using emulator = await startServer({ scenario });
  const socket = await chat(emulator, { max_turns: 2 });
  await socket.opened();
  socket.prompt("go");
  assertEquals((await socket.closed).code, 4100);
  assertEquals(texts(socket), ["one", "two"]);
  const { payload } = await socket.frame("result");
  assertEquals([payload["success"], payload["subtype"], payload["num_turns"]], [
    false,
    "error_max_turns",
    2,
  ]);
  assertEquals(socket.frames.at(-1)?.payload, { reason: "failed", exit_code: 1 });
});

Deno.test("Agent.accept ends the session when the budget is used up", async () => {
  const scenario = scenarioOf(
    { say: "one", usage: { cost_usd: 0.06 } },
    { say: "two", usage: { cost_usd: 0.05 } },
    { say: "three" },
  );
  await using emulator = await startServer({ scenario });
  const user = await asUser(emulator);
  const { session } = (await user.post("/v1/sessions", { max_budget_usd: 0.1 })).body;
  const socket = await connect(emulator, session.id);
  await socket.opened();
  socket.prompt("go");
  assertEquals((await socket.closed).code, 4100);
  assertEquals(texts(socket), ["one", "two"]);
  const { payload } = await socket.frame("result");
  assertEquals(payload["subtype"], "error_max_budget_usd");
  assertMatch(String(payload["summary"]), /\$0\.1 .*\$0\.1100/);
  const after = (await user.get(`/v1/sessions/${session.id}`)).body.session;
  assertEquals([after.total_cost_usd, after.end_reason], [0.11, "failed"]);
  assertEquals(after.error_message, payload["summary"]);
});

Deno.test("Agent.accept adds up tokens and money", async () => {
  const usage = { input_tokens: 10, output_tokens: 2, cost_usd: 0.5 };
  const steps: readonly Step[] = [{ say: "one" }, { say: "two", usage: { output_tokens: 3 } }];
  await using emulator = await startServer({ scenario: { ...scenarioOf(...steps), usage } });
  await using socket = await chat(emulator);
  await socket.opened();
  socket.prompt("go");
  const { payload } = await socket.frame("result");
  assertEquals([payload["total_cost_usd"], payload["usage"]], [1, {
    input_tokens: 20,
    output_tokens: 5,
  }]);
  assertEquals((await socket.frame("usage_delta", 2)).payload, { ...usage, output_tokens: 3 });
});

Deno.test("Agent.accept ends a one-shot session after its first prompt", async () => {
  await using emulator = await startServer({ scenario: scenarioOf({ say: "done" }) });
  const socket = await chat(emulator, { one_shot: true });
  await socket.opened();
  socket.prompt("go");
  assertEquals((await socket.closed).code, 4100);
  assertEquals(socket.frames.at(-1)?.payload, { reason: "completed", exit_code: 0 });
});

Deno.test("Agent.stop ends the turn when the session is terminated", async () => {
  await using emulator = await startServer({ scenario: scenarioOf(bash("rm one")) });
  const session = emulator.createSession({ scripted: true });
  const socket = await connect(emulator, session.id);
  await socket.opened();
  socket.prompt("go");
  await socket.frame("tool_approval_request");
  await (await asUser(emulator)).delete(`/v1/sessions/${session.id}`);
  assertEquals((await socket.closed).code, 4100);
  assertEquals(socket.types.includes("result"), false);
  assertEquals(socket.frames.at(-1)?.payload, { reason: "user_requested" });
});

Deno.test("Agent.accept plays failures, errors, frames and ends as they are written", async () => {
  const scenario: Scenario = {
    ...DEFAULT_SCENARIO,
    scripts: [
      {
        prompt: "^fail",
        steps: [{ error: { code: "c", message: "m" } }, { fail: { error: "e", details: "d" } }],
      },
      { prompt: "END$", steps: [{ end: { reason: "job_completed" } }, { say: "never" }] },
      { once: true, steps: [{ say: "only once" }, { result: { summary: "s {{prompt}}" } }] },
      {
        steps: [
          { frame: { type: "custom", payload: { a: 1 } } },
          { system: { subtype: "x", message: "y" } },
        ],
      },
    ],
  };
  await using emulator = await startServer({ scenario });
  const failed = await chat(emulator);
  await failed.opened();
  failed.prompt("one");
  assertEquals((await failed.frame("result")).payload["summary"], "s one");
  failed.prompt("two");
  await failed.frame("result", 2);
  assertEquals((await failed.frame("custom")).payload, { a: 1 });
  failed.prompt("fail now");
  await failed.closed;
  assertEquals((await failed.frame("error")).payload, { code: "c", message: "m" });
  assertEquals((await failed.frame("session_error")).payload, { error: "e", details: "d" });
  assertEquals(texts(failed), ["only once"]);
  const ended = await chat(emulator);
  await ended.opened();
  ended.prompt("the end");
  await ended.closed;
  assertEquals(ended.frames.at(-1)?.payload, { reason: "job_completed" });
  assertEquals(texts(ended), []);
});

Deno.test("Session.startAfter begins after the scenario's delay", async () => {
  const clock = new FakeClock();
  const scenario = { ...DEFAULT_SCENARIO, start_delay_ms: 2000 };
  await using emulator = await startServer({ clock, scenario });
  const user = await asUser(emulator);
  const create = async () => (await user.post("/v1/sessions", {})).body.session.id;
  const id = await create();
  await clock.advance(1999);
  assertEquals(emulator.session(id)?.status, "starting");
  await clock.advance(1);
  assertEquals(emulator.session(id)?.status, "running");
  using _ = emulator.addFault({ kind: "start-delay", ms: 5000 });
  const slow = await create();
  await clock.advance(2000);
  assertEquals(emulator.session(slow)?.status, "starting");
});

Deno.test("Agent.prompt answers sessions of the organization by scripts of their own", async () => {
  const scenario: Scenario = {
    ...DEFAULT_SCENARIO,
    scripts: [
      { owner: "user", steps: [{ say: "for a user" }] },
      { owner: "org", steps: [{ say: "for an organization" }] },
    ],
  };
  await using emulator = await startServer({ scenario });
  const owner = { oid: ORGANIZATIONS.acme.oid };
  const body = { prompt: "go", anthropic_key: "k" };
  const { session_id: id } = (await asOrg(emulator).post("/v1/api/sessions", body)).body;
  assertEquals(emulator.session(id)?.owner, owner);
  const socket = await connect(emulator, id, { org: true });
  await socket.closed;
  assertEquals(texts(socket), ["for an organization"]);
});
