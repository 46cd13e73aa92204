import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../../src/app/root.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { ACTIVE, ATTACKS } from "../support/attacks.ts";
import { runCommand } from "../support/command.ts";
import { FakeClock, fakeProcess } from "../support/fakes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { runProgram, sourceCommand, startProgram } from "../support/program.ts";
import { FINAL, frameEntries, frameEntry, record, START, verify } from "../support/recordings.ts";
import { startServer } from "../support/server.ts";
import { LINUX, testWith, tool } from "../support/skip.ts";
import { FlowingTime } from "../support/stream.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";

const SESSION = "5e55-1011";

/** A scenario in which the agent answers every prompt with these steps. */
function scenarioOf(...steps: Step[]): Scenario {
  return {
    start_delay_ms: 0,
    pace_ms: 0,
    usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 },
    scripts: [{ steps }],
  };
}

const INVESTIGATION = scenarioOf(
  { say: "You said: {{prompt}}" },
  {
    tool: "Bash",
    input: { command: "grep -r 'é\u202e' /var/log", timeout: 1.5 },
    result: "nothing",
    approval: "always",
    denied: [{ say: "Refused: {{denial}}" }],
  },
  { ask: [{ header: "Scope", question: "How far?", options: [{ label: "Host" }] }] },
  { result: { summary: "answered" } },
);

/** The lines of a recording, parsed. */
async function readRecords(path: string) {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Replays on a machine with neither configuration nor network. */
async function replay(path: string, ...flags: string[]) {
  const process = fakeProcess();
  const code = await run(["ai", "replay", path, ...flags], process);
  const { stdout, stderr } = process.terminal;
  return { code, stdout: stdout.text, stderr: stderr.text };
}

function attachArgs(path: string, ...flags: string[]): string[] {
  return ["ai", "session", "attach", "--id", SESSION, "--record", path, ...flags];
}

/** A server with one session of the caller's, running and silent. */
async function serverWithSession() {
  const emulator = await startServer();
  return { emulator, session: emulator.createSession({ id: SESSION }) };
}

/** Has a chat with an approval and a question, to its end. */
async function recordChat(emulator: Emulator, path: string, prompt: string) {
  await using program = startProgram(["ai", "chat", prompt, "--record", path], {
    env: emulator.environment,
  });
  await program.stderr.waitFor("Approve Bash?");
  await program.write("session\n");
  await program.stderr.waitFor("Number or text");
  await program.write("1\n");
  await program.stdout.waitFor("result: answered");
  await program.closeInput();
  return await program.result();
}

Deno.test("chat --record keeps who, what was sent and decided, and how it ended", async () => {
  await using emulator = await startServer({ scenario: INVESTIGATION });
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const { code, stderr } = await recordChat(emulator, path, "look around");
  assertEquals(code, ExitCode.Done);
  const records = await readRecords(path);
  const [start] = records;
  const { analyst } = emulator.accounts.users;
  assertEquals([start.type, start.caller.uid, start.caller.oid, start.host], [
    "start",
    analyst.uid,
    emulator.environment["LC_OID"],
    new URL(emulator.url).host,
  ]);
  assertEquals([start.read_only, start.approvals], [false, "person"]);
  const own = records.filter(({ type }) => ["prompt", "decision", "answer"].includes(type));
  assertEquals(own.map(({ type }) => type), ["prompt", "decision", "answer"]);
  const [prompt, decision, answer] = own;
  assertEquals(prompt.text, "look around");
  assertEquals(answer.answers, { Scope: "Host" });
  const request = records.filter(({ type }) => type === "frame")
    .map(({ frame }) => JSON.parse(frame))
    .find(({ type }) => type === "tool_approval_request");
  const input = new TextEncoder().encode(JSON.stringify(request.payload.tool_input));
  assertEquals([decision.tool_name, decision.decision, decision.input_sha256], [
    "Bash",
    { tool_use_id: request.payload.tool_use_id, approved: true, approval_scope: "session" },
    new Uint8Array(await crypto.subtle.digest("SHA-256", input)).toHex(),
  ]);
  const final = records.at(-1);
  assertEquals([final.type, final.status, final.exit_code], ["final", "detached", 0]);
  const { sha256, lines, fault } = await verify(path);
  assertEquals(fault, undefined);
  assertStringIncludes(
    stderr,
    `Recorded to "${path}": ${lines} lines, SHA-256 of the last ${sha256}`,
  );
});

Deno.test("chat --record writes a decision before it is sent", async () => {
  await using emulator = await startServer({ scenario: INVESTIGATION });
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await using program = startProgram(["ai", "chat", "look", "--record", path], {
    env: emulator.environment,
  });
  await program.stderr.waitFor("Approve Bash?");
  const [, id = ""] = /"session_id":"([^"]+)"/.exec(await Deno.readTextFile(path)) ?? [];
  const sent = emulator.session(id)?.received("tool_approval_response");
  await program.write("y\n");
  await sent;
  program.kill("SIGKILL");
  await program.result();
  const types = (await readRecords(path)).map(({ type }) => type);
  assert(types.includes("prompt") && types.includes("decision"), types.join());
});

Deno.test("chat --record keeps no secret of the caller's, not even one that was typed", async () => {
  await using emulator = await startServer({ scenario: INVESTIGATION });
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const key = emulator.environment["LC_API_KEY"] ?? "";
  await recordChat(emulator, path, `my key is ${key}`);
  const own = (await readRecords(path)).filter(({ type }) => type !== "frame");
  assert(!JSON.stringify(own).includes(key));
  const prompt = own.find(({ type }) => type === "prompt");
  assertMatch(prompt.text, /^my key is \S+$/);
});

Deno.test("attach --record survives kill -9 while frames stream, and is continued", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  using folder = temporaryFolder();
  const path = folder.join("recording");
  for (const [round, frames] of [1, 300, 2_500].entries()) {
    await using program = startProgram(attachArgs(path, "--raw", "--no-history"), {
      env: emulator.environment,
    });
    await session.attached();
    const pushing = (async () => {
      for (let n = 0; session.connections > 0; n++) {
        const frame = { type: "assistant", payload: { content: `frame ${round} ${n}` } };
        await session.push(frame, { recorded: false });
        // To a program that is gone, frames go without waiting: its end has to be seen.
        if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
    })();
    await program.stdout.waitFor(`frame ${round} ${frames}`);
    program.kill("SIGKILL");
    const { stdout } = await program.result();
    await pushing;
    await session.detached();
    const shown = stdout.slice(0, stdout.lastIndexOf("\n")).split("\n");
    const lines = (await Deno.readTextFile(path)).split("\n");
    // An earlier round may have left a line that is cut off, and this one its last.
    const begin = lines.findLastIndex((line) => line.includes('"type":"start"'));
    const recorded = lines.slice(begin, -1).map((line) => JSON.parse(line))
      .filter(({ type }) => type === "frame").map(({ frame }) => frame);
    assert(recorded.length >= shown.length, `${recorded.length} of ${shown.length} are recorded`);
    assertEquals(recorded.slice(0, shown.length), shown);
    const { fault } = await verify(path);
    assert(fault === undefined || fault.kind === "torn", fault?.kind);
  }
  await using program = startProgram(attachArgs(path), { env: emulator.environment });
  await session.attached();
  session.end("completed", 0);
  assertEquals((await program.result()).code, ExitCode.Done);
  const { fault, isComplete } = await verify(path);
  assertEquals([fault, isComplete], [undefined, true]);
  const starts = (await Deno.readTextFile(path)).match(/^\{.*"type":"start"/gm) ?? [];
  assertEquals(starts.length, 4);
});

Deno.test("attach --record keeps what became of the connection, and an end by SIGTERM", async () => {
  await using emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const session = emulator.createSession({ id: SESSION, owner: { oid: acme.oid } });
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await using program = startProgram(attachArgs(path), { env: emulator.environment });
  await session.attached();
  await program.stderr.waitFor("read-only");
  await session.push({ type: "result", payload: { summary: "shown" } });
  await program.stdout.waitFor("shown");
  program.kill("SIGTERM");
  assertEquals((await program.result()).code, ExitCode.Interrupted);
  const records = await readRecords(path);
  assertEquals(
    records.filter(({ type }) => type === "transport").map(({ event }) => event),
    ["read-only-fallback", "attached"],
  );
  const final = records.at(-1);
  assertEquals([final.type, final.status, final.exit_code], [
    "final",
    "failed",
    ExitCode.Interrupted,
  ]);
});

Deno.test("attach --record keeps a lost link in its place, and replay shows it there", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await using program = startProgram(attachArgs(path), { env: emulator.environment });
  await session.attached();
  await session.push({ type: "assistant", payload: { content: "before" } });
  await program.stdout.waitFor("before");
  session.cut();
  await program.stderr.waitFor("Connected again");
  await session.push({ type: "assistant", payload: { content: "after" } });
  await program.stdout.waitFor("after");
  session.end("completed", 0);
  const live = await program.result();
  assertEquals(live.code, ExitCode.Done);
  const records = await readRecords(path);
  const transports = records.filter(({ type }) => type === "transport");
  assertEquals(transports.map(({ event }) => event), ["attached", "reconnecting", "attached"]);
  assertEquals(transports[2].detail.resumed, true);
  const { stdout, stderr } = await replay(path);
  assertEquals(stdout, live.stdout);
  assertMatch(stderr, /connection reconnecting attempt=1 cause=/);
});

Deno.test("--record refuses a file that is no recording, and asks the service nothing", async () => {
  await using emulator = await startServer();
  using folder = temporaryFolder();
  const path = folder.join("notes");
  await Deno.writeTextFile(path, "my notes\n", { mode: 0o600 });
  for (const args of [attachArgs(path), ["ai", "chat", "hello", "--record", path]]) {
    const { code, stderr } = await runCommand(args, { env: emulator.environment });
    assertEquals(code, ExitCode.Usage);
    assertStringIncludes(stderr, `Refusing to record to "${path}": it exists, and is no recording`);
  }
  assertEquals(await Deno.readTextFile(path), "my notes\n");
  assertEquals(emulator.requests, []);
});

testWith([LINUX], "what the runtime keeps from the program is told in words", async () => {
  for (
    const args of [
      ["ai", "chat", "--record", "/dev/full"],
      ["ai", "replay", "/proc/self/mem"],
      ["ai", "session", "list", "--ca-file", "/proc/self/mem"],
    ]
  ) {
    const env = { LC_API_URL: "https://127.0.0.1:1", LC_OID: "o", LC_API_KEY: "k" };
    const { code, stderr } = await runProgram(args, { env });
    assertEquals(code, ExitCode.Usage);
    assertMatch(stderr, /^Error: Cannot [^:]*: it is a device or belongs to the system, .*\n$/);
  }
});

Deno.test("--record leaves nothing behind where there is nothing to attach to", async () => {
  await using emulator = await startServer();
  using folder = temporaryFolder();
  const { code } = await runCommand(["ai", "chat", "--record", folder.join("recording")], {
    env: { ...emulator.environment, LC_API_KEY: "wrong" },
  });
  assertEquals(code, ExitCode.Auth);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

/** The command with a limit on the size of files, in blocks of 512 bytes. */
function withFileLimit(blocks: number): string[] {
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;
  return ["sh", "-c", script, "sh", ...sourceCommand()];
}

testWith(
  [tool("sh")],
  "a recording that cannot be written is told at once, and is exit 1",
  async () => {
    const { emulator, session } = await serverWithSession();
    await using _stop = emulator;
    using folder = temporaryFolder();
    const path = folder.join("recording");
    await using program = startProgram(attachArgs(path, "-o", "jsonl", "--quiet"), {
      env: { ...emulator.environment, PATH: Deno.env.get("PATH") ?? "" },
      command: withFileLimit(2_048),
    });
    await session.attached();
    for (let n = 0; n < 16; n++) {
      await session.push({ type: "assistant", payload: { content: "x".repeat(100_000) } });
    }
    await program.stderr.waitFor(`Recording to "${path}" has stopped: File too large`);
    await session.push({ type: "result", payload: { summary: "the conversation goes on" } });
    await program.stdout.waitFor("the conversation goes on");
    session.end("completed", 0);
    const { code, stdout } = await program.result();
    assertEquals(code, ExitCode.Failure);
    const final = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    assertEquals([final.type, final.status, final.exit_code], ["final", "ended", ExitCode.Failure]);
    const { fault, lines, isEnded } = await verify(path);
    assertEquals([fault, isEnded], [undefined, true]);
    assert(lines > 5 && lines < 16, `${lines}`);
  },
);

/** Frames of every kind, some of them as only another server would send them. */
const FRAMES: readonly (string | object)[] = [
  { type: "user", payload: { text: "what happened?" } },
  { type: "assistant", payload: { content: [{ type: "text", text: "日本 \u202e\x1b[31m 😀" }] } },
  '{"type":"usage_delta","payload":{"exact":12345678901234567890.10}}',
  '{ "type": "x",\n  "payload": { "a": [1,\r\n 2] } }',
  { type: "system", payload: { subtype: "model_set", message: "noise" } },
  { type: "tool_use", payload: { id: "t", name: "Bash", input: { command: "ls\u2028" } } },
  { type: "tool_result", payload: { tool_use_id: "t", content: "x".repeat(10_000) } },
  { type: "error", payload: { code: "E", message: "broken \ud800" } },
  { type: "history", payload: { messages: [{ type: "user", payload: { text: "again" } }] } },
  "not json",
  { type: "result", payload: { summary: "done" } },
];

for (const flags of [["--raw"], [], ["--verbose"]]) {
  const mode = flags[0] ?? "without flags";
  Deno.test(`replay ${mode} prints what attach ${mode} printed`, async () => {
    const { emulator, session } = await serverWithSession();
    await using _stop = emulator;
    using folder = temporaryFolder();
    const path = folder.join("recording");
    await using program = startProgram(attachArgs(path, ...flags), { env: emulator.environment });
    await session.attached();
    for (let n = 0; n < 60; n++) {
      const frame = FRAMES[(n * 7 + n % 5) % FRAMES.length] ?? {};
      await session.push(frame as string, { binary: n % 3 === 0 && typeof frame === "string" });
    }
    for (const content of ["It", "It grows", "It grows\nby lines"]) {
      await session.push({ type: "assistant", payload: { id: "m1", content } });
    }
    session.end("completed", 0);
    const live = await program.result();
    const replayed = await replay(path, ...flags);
    assertEquals(live.stdout.split("It grows").length, flags[0] === "--raw" ? 3 : 2);
    assertEquals([live.code, replayed.code], [ExitCode.Done, ExitCode.Done]);
    assert(live.stdout.length > 10_000);
    assertEquals(replayed.stdout, live.stdout);
  });
}

Deno.test("replay tells of a gap where the live stream had one, in the same words", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock, faults: [{ kind: "no-history" }] });
  await using proxy = new TcpProxy(emulator.port);
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const session = emulator.createSession({ id: SESSION });
  const env = { ...emulator.environment, LC_AI_URL: proxy.url, LC_EPHEMERAL_CREDS: "1" };
  const process = fakeProcess({ env, clock, network: { fetch, WebSocket } });
  const { stdout, stderr } = process.terminal;
  const result = run(attachArgs(path), process);
  await using time = new FlowingTime(clock);
  await session.attached();
  const say = (content: string) => session.push({ type: "assistant", payload: { content } });
  await say("before");
  await stdout.waitFor("before");
  emulator.addFault({ kind: "status", path: "/v1/sessions/", code: 500 });
  proxy.refuse();
  proxy.cut();
  await session.detached();
  await say("missed by all");
  await time.skip(5 * 60_000);
  proxy.accept();
  await session.attached();
  await say("after");
  await stdout.waitFor("after");
  session.end("completed", 0);
  assertEquals(await result, ExitCode.Done);
  const gap = /--- Lost: what was said between 03:0\d:\d\d and 03:\d\d:\d\d ---\n/;
  const [lost] = stderr.text.match(gap) ?? [];
  const replayed = await replay(path);
  assertEquals([replayed.code, replayed.stdout], [ExitCode.Done, stdout.text]);
  assertStringIncludes(replayed.stderr, lost ?? "no gap");
  assertEquals((await replay(path, "--verify")).code, ExitCode.Done);
});

Deno.test("replay shows what was sent and decided where it happened, and banners on stderr", async () => {
  await using emulator = await startServer({ scenario: INVESTIGATION });
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await recordChat(emulator, path, "look around");
  const { code, stdout, stderr } = await replay(path, "--no-color");
  assertEquals(code, ExitCode.Done);
  assertMatch(
    stdout,
    /^\[[\d:]{8}\] prompt:\n {2}look around\n[^]*approval requested for Bash: [^]*\n\[[\d:]{8}\] decision: approved Bash \(\S+\), for the session\n[^]*\n\[[\d:]{8}\] answer: Scope=Host\n[^]*result: answered\n$/,
  );
  assertMatch(
    stderr,
    /^--- Session \S+ on 127\.0\.0\.1:\d+, recorded by limacharlie-ai\/\S+ for/,
  );
  assertMatch(stderr, /\] connection attached read_only=false\n/);
  assertMatch(
    stderr,
    /\n--- detached: the input has ended \(exit code 0\) at \d{4}-\d\d-\d\dT.*Z ---\n$/,
  );
  const quiet = await replay(path, "--quiet");
  assertEquals([quiet.stdout, quiet.stderr], [stdout, ""]);
});

Deno.test("replay -o jsonl gives the live envelopes, with number and time", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await using program = startProgram(attachArgs(path, "-o", "jsonl"), {
    env: emulator.environment,
  });
  await session.attached();
  await session.push('{"type":"usage_delta","payload":{"exact":12345678901234567890.10}}');
  session.end("completed", 0);
  const live = (await program.result()).stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  const { code, stdout } = await replay(path, "-o", "jsonl");
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stdout, "12345678901234567890.10");
  const replayed = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(replayed.map(({ seq }) => seq), replayed.map((_, index) => index + 1));
  const wanted = live.filter(({ type }) => type !== "notice");
  const found = replayed.filter(({ type }) => type !== "start")
    .map(({ seq: _, time: __, skipped_frames: ___, ...envelope }) => envelope);
  assertEquals(found, wanted);
});

Deno.test("replay tells what was lost in the words of the live stream, also with --quiet", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const detail = { from: "2026-01-02T03:04:05.000Z", to: "2026-01-02T03:09:05.000Z" };
  await record(path, [START, { type: "transport", event: "gap", detail }, FINAL]);
  const words = "--- Lost: what was said between 03:04:05 and 03:09:05 ---\n";
  for (const flags of [["--quiet"], ["--raw"], ["--raw", "--quiet"]]) {
    const { stdout, stderr } = await replay(path, ...flags);
    assertEquals([stdout, stderr], ["", words], flags.join(" "));
  }
  assertStringIncludes((await replay(path)).stderr, words);
});

Deno.test("replay --verify tells lines and hash of a whole recording", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(3), FINAL]);
  const { sha256 } = await verify(path);
  const { code, stdout, stderr } = await replay(path, "--verify");
  assertEquals([code, stderr], [ExitCode.Done, ""]);
  assertEquals(stdout, `"${path}" is whole: 5 lines, SHA-256 of the last ${sha256}\n`);
  const json = await replay(path, "--verify", "-o", "json");
  assertEquals(JSON.parse(json.stdout), { file: path, lines: 5, sha256, complete: true, torn: 0 });
});

Deno.test("replay --verify tells of an end that is not recorded, and of marked cuts", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(3)]);
  await Deno.truncate(path, (await Deno.stat(path)).size - 9);
  const torn = await replay(path, "--verify");
  assertEquals([torn.code, torn.stdout], [ExitCode.Failure, ""]);
  assertStringIncludes(torn.stderr, "Line 4 is cut off, and no whole one follows");
  await record(path, [START]);
  const { code, stdout } = await replay(path, "--verify");
  assertEquals(code, ExitCode.Done);
  assertMatch(stdout, /: 6 lines, 1 of them cut off and marked, without the end of the last/);
});

const TAMPERINGS: readonly [name: string, change: (lines: string[]) => string[], words: RegExp][] =
  [
    ["changed", (l) => l.with(2, (l[2] ?? "").replace("line 1", "line 9")), /^Line 3 was changed/],
    ["removed", (l) => l.toSpliced(2, 1), /^Line 3 is not number 3, which is missing/],
    ["swapped", (l) => l.with(2, l[3] ?? "").with(3, l[2] ?? ""), /^Line 4 is out of place: .* 3/],
  ];

for (const [name, change, words] of TAMPERINGS) {
  Deno.test(`replay tells on which line a recording was tampered with: ${name}`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("recording");
    await record(path, [START, ...frameEntries(4), FINAL]);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    await Deno.writeTextFile(path, change(lines).map((line) => `${line}\n`).join(""));
    const verified = await replay(path, "--verify", "-o", "json");
    assertEquals([verified.code, verified.stdout], [ExitCode.Failure, ""]);
    const { error } = JSON.parse(verified.stderr);
    const prefix = `Recording "${path}" is broken: `;
    assert(error.startsWith(prefix), error);
    assertMatch(error.slice(prefix.length), words);
    const shown = await replay(path);
    assertEquals(shown.code, ExitCode.Failure);
    assertMatch(shown.stderr, /\n!!! Line \d/);
    assertMatch(shown.stdout, /line 3/);
  });
}

Deno.test("replay refuses what is no recording, what is not there, and other formats", async () => {
  using folder = temporaryFolder();
  const path = folder.join("file");
  await Deno.writeTextFile(path, "hello\n");
  await Deno.writeTextFile(folder.join("empty"), "");
  const refusals: [args: string[], words: string][] = [
    [[path], "it is no recording"],
    [[path, "--verify"], "it is no recording"],
    [[folder.join("empty")], "it is no recording"],
    [[folder.join("empty"), "--verify"], "it is no recording"],
    [[folder.join("none")], "there is no such file or folder"],
    [[folder.path], "it is a folder"],
    [["/dev/zero"], "it is a device"],
    [[path, "-o", "table"], "cannot be replayed as table"],
  ];
  for (const [[file = "", ...flags], words] of refusals) {
    const { code, stdout, stderr } = await replay(file, ...flags);
    assertEquals([code, stdout], [ExitCode.Usage, ""], words);
    assertStringIncludes(stderr, words);
  }
  assertEquals((await runProgram(["ai", "replay"])).code, ExitCode.Usage);
});

Deno.test("replay sends nothing to the terminal that acts on it, wherever it stands", async () => {
  using folder = temporaryFolder();
  for (const [name, attack] of ATTACKS) {
    const path = folder.join(name.replaceAll(/\W/g, "-"));
    await record(path, [
      { ...START, session_id: attack, program: attack, host: attack, caller: { oid: attack } },
      { type: "transport", event: attack, detail: { [attack]: attack } },
      { type: "prompt", text: attack },
      {
        type: "decision",
        tool_name: attack,
        input_sha256: attack,
        decision: {
          tool_use_id: attack,
          approved: true,
          approval_scope: "session",
          approval_pattern: attack,
          updated_input: { [attack]: attack },
          message: attack,
        },
      },
      { type: "answer", question_id: attack, answers: { [attack]: attack } },
      { type: "unsent", line: 1, reason: attack },
      { type: "frame", frame: attack },
      frameEntry({ type: "assistant", timestamp: attack, payload: { content: attack } }),
      frameEntry({ type: attack, payload: { [attack]: attack } }),
      { ...FINAL, status: attack, reason: attack },
      { type: attack, text: attack } as unknown as typeof FINAL,
    ]);
    for (const flags of [[], ["--raw"], ["--verbose"], ["-o", "jsonl"]]) {
      const { code, stdout, stderr } = await replay(path, ...flags);
      assertEquals(code, ExitCode.Done);
      const found = ACTIVE.exec((stdout + stderr).replaceAll("\n", ""));
      assertEquals(found?.[0], undefined, `${name} ${flags.join(" ")}`);
    }
  }
});

/** Whole numbers below a limit, the same ones in every run. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

async function writeDamaged(folder: TemporaryFolder, whole: Uint8Array, seed: number) {
  const random = randomNumbers(seed);
  const bytes = whole.slice();
  const end = random(4) === 0 ? random(bytes.length) : bytes.length;
  for (let n = random(20); n >= 0; n--) bytes[random(bytes.length)] = random(256);
  const path = folder.join("damaged");
  await Deno.writeFile(path, bytes.slice(0, end));
  return path;
}

Deno.test("replay of a damaged recording never crashes, and never is a success", async () => {
  using folder = temporaryFolder();
  const source = folder.join("whole");
  await record(source, [START, ...frameEntries(4), { type: "prompt", text: "p" }, FINAL]);
  const whole = await Deno.readFile(source);
  for (let seed = 1; seed <= 250; seed++) {
    const path = await writeDamaged(folder, whole, seed);
    for (const flags of [[], ["--raw"], ["-o", "jsonl"], ["--verify"]]) {
      const { code, stdout, stderr } = await replay(path, ...flags);
      const isTold = code === ExitCode.Failure || code === ExitCode.Usage;
      // Of the last line only its hash, kept elsewhere, can tell.
      const { fault } = await verify(path);
      assert(isTold || fault === undefined, `seed ${seed} ${flags.join(" ")}`);
      assert(!stderr.includes("Internal"), `seed ${seed}: ${stderr}`);
      assertEquals(ACTIVE.exec((stdout + stderr).replaceAll("\n", ""))?.[0], undefined, `${seed}`);
    }
  }
});

Deno.test("replay stops quietly when nobody reads on", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(20_000), FINAL]);
  await using program = startProgram(["ai", "replay", path]);
  await program.stdout.waitFor("line 1");
  await program.closeOutput();
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assert(!stderr.includes("Error"), stderr);
});
