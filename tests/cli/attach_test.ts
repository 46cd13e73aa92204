import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Fault } from "../../src/emulator/faults.ts";
import { startServer } from "../support/server.ts";
import { type Program, runProgram, sourceCommand, startProgram } from "../support/program.ts";
import { testWith, tool } from "../support/skip.ts";
import { createCertificates, TLS_NEED } from "../support/tls.ts";

const SESSION = "5e55-1011";
const MEBIBYTE = 1024 * 1024;

/** A server with one session of the caller's, running and silent. */
async function serverWithSession(...faults: Fault[]) {
  const emulator = await startServer({ faults });
  const session = emulator.createSession({ id: SESSION });
  return { emulator, session };
}

function attach(emulator: Emulator, ...flags: string[]) {
  return startProgram(["ai", "session", "attach", "--id", SESSION, ...flags], {
    env: emulator.environment,
  });
}

/** The data of every frame that the server sent, as text. */
function sentTexts(emulator: Emulator): string[] {
  return emulator.sentFrames(SESSION).map(({ data }) =>
    typeof data === "string" ? data : new TextDecoder().decode(data)
  );
}

testWith(
  [tool("perl")],
  "attach prints all of a frame to a pipe that another program has set not to block",
  async () => {
    const { emulator, session } = await serverWithSession();
    await using _stop = emulator;
    const unblock = "use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK) or die; exec @ARGV";
    await using program = startProgram(["ai", "session", "attach", "--id", SESSION, "--raw"], {
      env: emulator.environment,
      command: ["perl", "-e", unblock, ...sourceCommand()],
    });
    await session.attached();
    await session.push({ type: "assistant", payload: { content: "x".repeat(8 * MEBIBYTE) } });
    session.end("completed", 0);
    const { code, stdout } = await program.result();
    assertEquals(code, ExitCode.Done);
    assertEquals(stdout.trimEnd().split("\n"), sentTexts(emulator));
  },
);

Deno.test("attach --raw prints exactly the frames that the server sent", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator, "--raw");
  await session.attached();
  await session.push({
    type: "assistant",
    payload: { content: "日本 \u202e\u001b[31m \ud83d\ude00" },
  });
  await session.push('{"type":"usage_delta","payload":{"exact":12345678901234567890.10}}');
  await session.push('{ "type": "x",\n  "payload": { "a": [1,\r\n 2] } }');
  await session.push({ type: "system", payload: { subtype: "model_set", message: "m" } });
  session.end("completed", 0);
  const { code, stdout } = await program.result();
  assertEquals(code, ExitCode.Done);
  const printed = stdout.trimEnd().split("\n");
  assertEquals(
    printed.map((line) => JSON.parse(line)),
    sentTexts(emulator).map((text) => JSON.parse(text)),
  );
  assertStringIncludes(stdout, "12345678901234567890.10");
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(stdout));
});

Deno.test("attach takes binary frames, and a frame of 10 MiB", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator, "--raw");
  await session.attached();
  const large = "x".repeat(10 * MEBIBYTE - 100);
  await session.push({ type: "assistant", payload: { content: "é" } }, { binary: true });
  await session.push({ type: "tool_result", payload: { tool_use_id: "t", content: large } });
  session.end("completed");
  const { code, stdout } = await program.result();
  assertEquals(code, ExitCode.Done);
  const frames = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(frames.map(({ type }) => type), [
    "history",
    "assistant",
    "tool_result",
    "session_end",
  ]);
  assertEquals(frames[1].payload.content, "é");
  assertEquals(frames[2].payload.content, large);
});

Deno.test("attach skips and counts frames that are not JSON", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator);
  await session.attached();
  await session.push("not json");
  await session.push("[1]");
  await session.push({ type: "result", payload: { summary: "still here" } });
  session.end("completed");
  const { code, stdout, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stdout, "result: still here");
  assertStringIncludes(stderr, "2 frames were not JSON");
});

Deno.test("attach shows the history between banners, without the noise", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({
    id: SESSION,
    history: [
      { type: "user", payload: { text: "earlier question" } },
      { type: "system", payload: { subtype: "model_set", message: "plumbing" } },
      { type: "assistant", payload: { content: [{ type: "text", text: "earlier answer" }] } },
    ],
  });
  await using program = attach(emulator);
  await program.stderr.waitFor(/--- History \(3 messages\) ---\n--- Live stream ---/);
  session.end("completed");
  const { stdout } = await program.result();
  assertMatch(stdout, /user:\n {2}earlier question\n.*assistant:\n {2}earlier answer\n/);
  assert(!stdout.includes("plumbing"));
});

Deno.test("attach --verbose shows the noise, --no-history no history", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({
    id: SESSION,
    history: [{ type: "user", payload: { text: "earlier question" } }],
  });
  await using program = attach(emulator, "--verbose", "--no-history");
  await session.attached();
  await session.push({ type: "system", payload: { subtype: "model_set", message: "plumbing" } });
  session.end("completed");
  const { stdout, stderr } = await program.result();
  assertMatch(stdout, /\[\d{4}-\d\d-\d\dT[^\]]+\] system\[model_set\]: plumbing\n/);
  assert(!stdout.includes("earlier question") && !stderr.includes("History"));
});

const ENDS: readonly [reason: string, exitCode: number | undefined, code: number][] = [
  ["completed", 0, ExitCode.Done],
  ["user_requested", undefined, ExitCode.Done],
  ["completed", 3, ExitCode.SessionFailed],
  ["failed", undefined, ExitCode.SessionFailed],
  ["max_duration_exceeded", undefined, ExitCode.SessionFailed],
];

for (const [reason, exitCode, code] of ENDS) {
  Deno.test(`attach exits ${code} when a session ends with ${reason} and ${exitCode}`, async () => {
    const { emulator, session } = await serverWithSession();
    await using _stop = emulator;
    await using program = attach(emulator);
    await session.attached();
    session.end(reason, exitCode);
    const result = await program.result();
    assertEquals(result.code, code);
    assertStringIncludes(result.stdout, `session ended: ${reason}`);
    assertStringIncludes(result.stderr, SESSION);
  });
}

Deno.test("attach to a session that has ended exits by how it ended", async () => {
  await using emulator = await startServer();
  emulator.createSession({ id: SESSION, status: "ended", end: { reason: "failed", exitCode: 1 } });
  await using program = attach(emulator);
  const { code, stdout, stderr } = await program.result();
  assertEquals(code, ExitCode.SessionFailed);
  assertStringIncludes(stdout + stderr, "failed");
});

Deno.test("attach learns by REST how a session ended that only closed the link", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator);
  await session.attached();
  session.close(4100);
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.SessionFailed);
  assertStringIncludes(stderr, "unknown");
});

Deno.test("attach waits for a session that is starting", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: SESSION, status: "starting" });
  await using program = attach(emulator);
  await program.stderr.waitFor("starting");
  session.start();
  await session.attached();
  session.end("completed");
  assertEquals((await program.result()).code, ExitCode.Done);
});

Deno.test("attach falls back to read-only, with one notice, for a session of the organization", async () => {
  await using emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const session = emulator.createSession({ id: SESSION, owner: { oid: acme.oid } });
  await using program = attach(emulator, "--interactive");
  await program.write("does this go anywhere?\n");
  await session.attached();
  session.end("completed");
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(stderr.match(/You do not own this session/g)?.length, 1);
  assertEquals(emulator.receivedFrames(SESSION), []);
});

/** Asserts that a program went on to the organization's endpoint, and said so once. */
async function assertFellBack(emulator: Emulator, program: Program) {
  const { stderr } = await program.result();
  assertEquals(stderr.match(/You do not own this session/g)?.length, 1);
  const upgrades = emulator.requests.filter(({ path }) => path.startsWith("/v1/ws/"));
  assertEquals(upgrades.map(({ path }) => path), [
    `/v1/ws/sessions/${SESSION}`,
    `/v1/ws/org/sessions/${SESSION}`,
  ]);
}

Deno.test("attach falls back to read-only, with one notice, on a visible 403", async () => {
  // The REST API says that the session is the caller's; the upgrade knows better.
  const { emulator } = await serverWithSession({
    kind: "status",
    path: "/v1/ws/sessions/",
    code: 403,
  });
  await using _stop = emulator;
  await using program = attach(emulator);
  await assertFellBack(emulator, program);
});

Deno.test("attach falls back to read-only, with one notice, on close code 4003", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator);
  await session.attached();
  session.close(4003);
  await assertFellBack(emulator, program);
});

Deno.test("attach --read-only goes to the organization's endpoint at once", async () => {
  await using emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const session = emulator.createSession({ id: SESSION, owner: { oid: acme.oid } });
  await using program = attach(emulator, "--read-only");
  await session.attached();
  session.end("completed");
  const { stderr } = await program.result();
  assert(!stderr.includes("You do not own"));
  assertEquals(emulator.requests.filter(({ path }) => path === `/v1/sessions/${SESSION}`), []);
});

Deno.test("attach opens the socket once", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator);
  await session.attached();
  session.end("completed");
  await program.result();
  assertEquals(emulator.requests.filter(({ status }) => status === 101).length, 1);
});

Deno.test("attach mints a token anew when the first is refused", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  emulator.addFault({ kind: "status", path: "/v1/ws/", code: 401, times: 1 });
  await using program = attach(emulator);
  await session.attached();
  session.end("completed");
  assertEquals((await program.result()).code, ExitCode.Done);
});

Deno.test("attach exits 3 for a session that is not there", async () => {
  await using emulator = await startServer();
  await using program = attach(emulator);
  const { code, stdout, stderr } = await program.result();
  assertEquals([code, stdout], [ExitCode.NotFound, ""]);
  assertMatch(stderr, new RegExp(`^Error: .*"${SESSION}".*\nHint: .*\n$`));
});

Deno.test("attach exits 6 and says how to come back when the connection is lost", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator, "--reconnect-timeout", "0");
  await session.attached();
  session.cut();
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.ConnectionLost);
  assertStringIncludes(stderr, `limacharlie ai session attach --id ${SESSION}`);
});

Deno.test("attach refuses an id that no session can have, before any request", async () => {
  await using emulator = await startServer();
  for (const id of ["a/b", "a\u0007b", " ", ""]) {
    const { code, stdout, stderr } = await runProgram(["ai", "session", "attach", `--id=${id}`], {
      env: emulator.environment,
    });
    assertEquals([code, stdout], [ExitCode.Usage, ""], stderr);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f]/.test(stderr));
  }
  assertEquals(emulator.requests, []);
});

Deno.test("attach without --id is bad usage", async () => {
  const { code, stderr } = await runProgram(["ai", "session", "attach"]);
  assertEquals(code, ExitCode.Usage);
  assertStringIncludes(stderr, "--id");
});

Deno.test("attach -o jsonl wraps frames in envelopes, and ends in a final one", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator, "-o", "jsonl");
  await session.attached();
  await session.push({ type: "result", payload: { summary: "done" } });
  session.end("failed", 2);
  const { code, stdout } = await program.result();
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(new Set(lines.map((line) => line.schema_version)), new Set([1]));
  assertEquals(
    lines.filter(({ type }) => type === "frame").map(({ frame }) => frame),
    sentTexts(emulator).map((text) => JSON.parse(text)),
  );
  assertEquals(lines.at(-1), {
    schema_version: 1,
    type: "final",
    status: "ended",
    reason: "failed",
    exit_code: code,
    session_id: SESSION,
  });
});

Deno.test("attach detaches on Ctrl-C, and leaves the session running", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator);
  await session.attached();
  await program.stderr.waitFor("Attached");
  program.kill("SIGINT");
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertStringIncludes(stderr, "To come back:");
  assertEquals(session.status, "running");
});

Deno.test("attach says what of its input came too late for a session that has ended", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  session.end("completed");
  const args = ["ai", "session", "attach", "--id", SESSION, "--interactive"];
  const outcome = async (stdin: string) => {
    const { code, stderr } = await runProgram(args, { env: emulator.environment, stdin });
    return [code, /Not sent: .*/.exec(stderr)?.[0]];
  };
  assertEquals(await outcome("go on\n"), [ExitCode.Failure, "Not sent: go on"]);
  assertEquals(await outcome(""), [ExitCode.Done, undefined]);
  await using idle = startProgram(args, { env: emulator.environment });
  assertEquals((await idle.result()).code, ExitCode.Done);
});

Deno.test("attach ends quietly when the reader of its output goes away", async () => {
  const { emulator, session } = await serverWithSession();
  await using _stop = emulator;
  await using program = attach(emulator, "--raw");
  await program.stdout.waitFor("history");
  await program.closeOutput();
  const pushing = setInterval(() => {
    session.push({ type: "assistant", payload: { content: "x".repeat(1_000) } }).catch(() => {});
  }, 10);
  try {
    const { stderr } = await program.result();
    assert(!/error|at .*\.ts/i.test(stderr), stderr);
  } finally {
    clearInterval(pushing);
  }
});

testWith([TLS_NEED], "attach watches read-only over wss:// with a private CA", async () => {
  using certificates = await createCertificates();
  await using emulator = await startServer({ tls: certificates });
  const { acme } = emulator.accounts.organizations;
  const session = emulator.createSession({ id: SESSION, owner: { oid: acme.oid } });
  await using program = startProgram(["ai", "session", "attach", "--id", SESSION], {
    env: { ...emulator.environment, DENO_CERT: certificates.caFile },
  });
  await session.attached();
  session.end("completed");
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(stderr.match(/You do not own this session/g)?.length, 1);
});
