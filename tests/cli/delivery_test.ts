import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { run } from "../../src/app/root.ts";
import type { EmulatedSession } from "../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import type { ClientMessage } from "../../src/protocol/frames.ts";
import { FakeClock, fakeProcess, FakePrompter, FakeTerminal } from "../support/fakes.ts";
import { startServer } from "../support/server.ts";
import { FlowingTime } from "../support/stream.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";

const SESSION = "5e55-de11";

function scenario(...steps: Step[]): Scenario {
  return {
    start_delay_ms: 0,
    pace_ms: 0,
    usage: { input_tokens: 1, output_tokens: 1, cost_usd: 0.001 },
    scripts: [{ steps: [...steps, { result: { summary: "turn over" } }] }],
  };
}

const SAY = scenario({ say: "You said: {{prompt}}" });
const WAIT = scenario({ error: { code: "slow", message: "this takes long" } }, {
  wait_ms: 600_000,
});
const CALL = scenario({ tool: "Bash", input: { command: "id" }, result: "0", approval: "always" });
const ASK = scenario({
  ask: [{ header: "Host", question: "Which host?", options: [{ label: "alpha" }] }],
});

/** A message that can get lost: what leads to it, and what is typed to send it. */
interface Case {
  readonly type: ClientMessage["type"];
  readonly scenario: Scenario;
  /** Said to the agent before, where it takes that. */
  readonly before?: string;
  /** What then is on stderr when it is the time to type. */
  readonly until?: string;
  readonly typed: string;
  readonly name: string;
  /** What stands in the transcript when it has arrived. */
  readonly shows: string;
}

const CASES: readonly Case[] = [
  {
    type: "prompt",
    scenario: SAY,
    typed: "hello",
    name: 'Your message "hello"',
    shows: "You said: hello",
  },
  {
    type: "tool_approval_response",
    scenario: CALL,
    ...{ before: "go", until: "Approve Bash?", typed: "y" },
    name: "Your approval",
    shows: "turn over",
  },
  {
    type: "ask_user_question_response",
    scenario: ASK,
    ...{ before: "go", until: "Number or text", typed: "1" },
    name: "Your answer",
    shows: "turn over",
  },
  {
    type: "interrupt",
    scenario: WAIT,
    ...{ before: "go", until: "this takes long", typed: "/interrupt" },
    name: "Your interrupt",
    shows: "interrupted",
  },
];

interface Options {
  readonly flags?: readonly string[];
  /** What a person at a terminal answers; a pipe is read unless given. */
  readonly answers?: readonly string[];
}

/** A conversation by way of a proxy, on a clock that passes by itself. */
async function converse(
  wanted: Scenario,
  use: (stage: Stage) => Promise<void>,
  { flags = [], answers }: Options = {},
) {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock, scenario: wanted });
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession({ id: SESSION, scripted: true });
  const terminal = new FakeTerminal({ terminal: answers !== undefined });
  const prompter = new FakePrompter(answers);
  const env = { ...emulator.environment, LC_AI_URL: proxy.url, LC_EPHEMERAL_CREDS: "1" };
  const process = fakeProcess({ env, terminal, prompter, clock, network: { fetch, WebSocket } });
  const result = run(
    ["ai", "session", "attach", "--id", SESSION, "--interactive", ...flags],
    process,
  );
  await using _time = new FlowingTime(clock);
  const sent = (type: ClientMessage["type"]) =>
    emulator.receivedFrames(SESSION).filter(({ data }) => JSON.parse(String(data)).type === type)
      .length;
  const both = () => terminal.stdout.text + terminal.stderr.text;
  await (answers === undefined ? terminal.stderr : terminal.stdout).waitFor("Attached");
  await use({ session, proxy, terminal, sent, both, result });
  session.end("completed", 0);
  await result;
}

interface Stage {
  readonly session: EmulatedSession;
  readonly proxy: TcpProxy;
  readonly terminal: FakeTerminal;
  /** How many messages of a type have arrived. */
  sent(type: ClientMessage["type"]): number;
  both(): string;
  readonly result: Promise<ExitCode>;
}

/** Leads to where the message can be sent. */
async function lead({ before, until }: Case, { terminal }: Stage) {
  if (before === undefined || until === undefined) return;
  terminal.stdin.type(`${before}\n`);
  await terminal.stderr.waitFor(until);
}

for (const each of CASES) {
  const { type, typed, name, shows } = each;
  Deno.test(`a ${type} that was lost before it arrived is told of as unknown, and never sent again by itself`, async () => {
    await converse(each.scenario, async (stage) => {
      await lead(each, stage);
      stage.proxy.swallow();
      stage.terminal.stdin.type(`${typed}\n`);
      // It has left when the program has read it, and its socket has taken it.
      await stage.terminal.stdin.taken();
      stage.proxy.cut();
      await stage.terminal.stderr.waitFor("Connected again");
      await stage.terminal.stderr.waitFor(`${name} may be lost with the connection`);
      assertEquals(stage.sent(type), 0);
      assert(!stage.both().includes(shows));
    });
  });

  Deno.test(`a ${type} whose link was lost after it arrived is told of as delivered`, async () => {
    await converse(each.scenario, async (stage) => {
      await lead(each, stage);
      stage.proxy.stall();
      stage.terminal.stdin.type(`${typed}\n`);
      await stage.session.received(type);
      stage.proxy.cut();
      stage.proxy.resume();
      await stage.terminal.stderr.waitFor("Connected again");
      await stage.terminal.stderr.waitFor(`${name} has arrived`);
      await stage.terminal.stdout.waitFor(shows);
      assertEquals(stage.sent(type), 1);
      assert(!stage.both().includes("may be lost"));
    });
  });
}

Deno.test("/resend sends again what may be lost, once", async () => {
  await converse(SAY, async ({ proxy, terminal, sent }) => {
    proxy.swallow();
    terminal.stdin.type("hello\n");
    await terminal.stdin.taken();
    proxy.cut();
    await terminal.stderr.waitFor("/resend sends it");
    terminal.stdin.type("/resend\n");
    await terminal.stdout.waitFor("You said: hello");
    await terminal.stdout.waitFor("turn over");
    terminal.stdin.type("/resend\n");
    await terminal.stderr.waitFor("Nothing of yours may be lost");
    assertEquals(sent("prompt"), 1);
    assert(!terminal.stderr.text.includes("has arrived"), terminal.stderr.text);
  });
});

Deno.test("what may be lost is no success when the input has ended", async () => {
  await converse(SAY, async ({ proxy, terminal, result }) => {
    proxy.swallow();
    terminal.stdin.type("hello\n");
    await terminal.stdin.taken();
    proxy.cut();
    terminal.stdin.end();
    assertEquals(await result, ExitCode.ConnectionLost);
    assertStringIncludes(terminal.stderr.text, "nobody knows whether the message has arrived");
  });
});

Deno.test("a question that the session's end leaves open was not answered elsewhere", async () => {
  await converse(ASK, async ({ session, terminal, result }) => {
    terminal.stdin.type("go\n");
    await terminal.stderr.waitFor("Number or text");
    session.end("failed", 1);
    assertEquals(await result, ExitCode.SessionFailed);
    assertStringIncludes(terminal.stderr.text, "ended before an answer was given");
    assert(!terminal.stderr.text.includes("Answered elsewhere"));
  });
});

const LATE_CALL = scenario({ wait_ms: 1_000 }, {
  tool: "Bash",
  input: { command: "id" },
  result: "0",
  approval: "always",
});

Deno.test("a policy's approval that may be lost is not sent again by the policy", async () => {
  await converse(LATE_CALL, async ({ proxy, session, terminal, sent }) => {
    terminal.stdin.type("go\n");
    await session.received("prompt");
    proxy.mute();
    await terminal.stderr.waitFor("Approved, this call only");
    proxy.cut();
    proxy.unmute();
    await terminal.stderr.waitFor("Your approval may be lost");
    terminal.stdin.type("anything else?\n");
    await session.received("prompt", 2);
    assertEquals(sent("tool_approval_response"), 0);
  }, { flags: ["--on-approval", "allow:Bash"] });
});

Deno.test("a person is asked again for an approval that may be lost, and sends it again", async () => {
  await converse(LATE_CALL, async ({ proxy, session, terminal, sent }) => {
    const { stdin, stdout } = terminal;
    stdin.type("go\r");
    await session.received("prompt");
    proxy.mute();
    await stdout.waitFor("Approved, this call only");
    proxy.cut();
    proxy.unmute();
    await stdout.waitFor("Your approval may be lost");
    await stdout.waitFor("Approved for this session");
    await stdout.waitFor("turn over");
    assertEquals(sent("tool_approval_response"), 1);
  }, { answers: ["y", "session", "y"] });
});

Deno.test("chat --once does not wait for the answer to a prompt that may be lost, and is no success", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock, scenario: SAY });
  await using proxy = new TcpProxy(emulator.port);
  const prompted = Promise.withResolvers<void>();
  class WatchedSocket extends WebSocket {
    override send(data: string): void {
      const isPrompt = data.includes("hello");
      if (isPrompt) proxy.mute();
      super.send(data);
      if (isPrompt) prompted.resolve();
    }
  }
  const env = { ...emulator.environment, LC_AI_URL: proxy.url, LC_EPHEMERAL_CREDS: "1" };
  const process = fakeProcess({ env, clock, network: { fetch, WebSocket: WatchedSocket } });
  const result = run(["ai", "chat", "--once", "--quiet", "hello"], process);
  await using _time = new FlowingTime(clock);
  await prompted.promise;
  proxy.cut();
  proxy.unmute();
  assertEquals(await result, ExitCode.ConnectionLost);
  assertEquals(process.terminal.stdout.text, "");
  assertStringIncludes(
    process.terminal.stderr.text,
    "nobody knows whether the message has arrived",
  );
  const upgraded = emulator.requests.find(({ status }) => status === 101);
  const id = upgraded?.path.split("/").at(-1) ?? "";
  const arrived = emulator.receivedFrames(id).map(({ data }) => String(data));
  assertEquals(arrived.filter((text) => text.includes("hello")), []);
});
