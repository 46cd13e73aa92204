import { assertEquals, assertThrows } from "@std/assert";
import type { StreamEvent } from "../../../src/api/session_stream.ts";
import { createSecrets } from "../../../src/app/secrets.ts";
import { type RecordableStream, Recorder } from "../../../src/chat/recorder.ts";
import type { Final } from "../../../src/chat/transcript.ts";
import type { ClientMessage } from "../../../src/protocol/frames.ts";
import { openRecording, type Recording } from "../../../src/recording/recording.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { temporaryFolder } from "../../support/home.ts";

/** A stream of given events, which keeps what is sent, or refuses to send. */
class FakeStream implements RecordableStream {
  readonly skipped = 3;
  readonly canSend = true;
  readonly state = "attached";
  readonly lastHeardAt = undefined;
  readonly sent: ClientMessage[] = [];
  refusal: Error | undefined;
  onSend = () => {};
  readonly #events: readonly StreamEvent[];

  constructor(events: readonly StreamEvent[] = []) {
    this.#events = events;
  }

  async *events() {
    await Promise.resolve();
    yield* this.#events;
    return { type: "detached" } as const;
  }

  send(message: ClientMessage): void {
    this.onSend();
    if (this.refusal !== undefined) throw this.refusal;
    this.sent.push(message);
  }

  detach(): void {}
}

function frames(...all: { type: string; payload: Record<string, unknown> }[]): StreamEvent {
  return {
    type: "frames",
    frames: all.map((frame) => ({ frame, text: ` ${JSON.stringify(frame)} ` })),
  };
}

/** Records with that stream, and gives the recorder, and how to read what was recorded. */
async function recorderOf(stream: FakeStream, path: string, secret?: string) {
  const recording: Recording = await openRecording(path, new FakeClock());
  const secrets = createSecrets();
  secrets.add(secret);
  const recorder = new Recorder(stream, recording, secrets);
  const lines = () =>
    Deno.readTextFileSync(path).trimEnd().split("\n").filter((line) => line !== "").map((line) => {
      const { schema_version: _, seq: __, time: ___, prev: ____, ...entry } = JSON.parse(line);
      return entry;
    });
  return { recorder, recording, lines };
}

const FINAL: Final = { status: "ended", reason: "completed", exit_code: 0, session_id: "s-1" };

Deno.test("Recorder.events passes everything on, and has recorded it before", async () => {
  using folder = temporaryFolder();
  const events: StreamEvent[] = [
    { type: "read-only-fallback" },
    { type: "attached", readOnly: true, resumed: false, downFor: 0 },
    frames({ type: "assistant", payload: { content: "one" } }, { type: "x", payload: {} }),
    { type: "gap", from: 0, to: 60_000 } as StreamEvent,
  ];
  const { recorder, recording, lines } = await recorderOf(
    new FakeStream(events),
    folder.join("recording"),
  );
  using _recording = recording;
  const stream = recorder.events();
  const counts: number[] = [];
  for (const event of events) {
    assertEquals((await stream.next()).value, event);
    counts.push(lines().length);
  }
  assertEquals(counts, [1, 2, 4, 5]);
  assertEquals(await stream.next(), { value: { type: "detached" }, done: true });
  assertEquals(lines(), [
    { type: "transport", event: "read-only-fallback" },
    { type: "transport", event: "attached", detail: { read_only: true } },
    { type: "frame", frame: ' {"type":"assistant","payload":{"content":"one"}} ' },
    { type: "frame", frame: ' {"type":"x","payload":{}} ' },
    {
      type: "transport",
      event: "gap",
      detail: { from: "1970-01-01T00:00:00.000Z", to: "1970-01-01T00:01:00.000Z" },
    },
  ]);
});

Deno.test("Recorder.send records each message before it is sent, but no heartbeats", async () => {
  using folder = temporaryFolder();
  const stream = new FakeStream();
  const { recorder, recording, lines } = await recorderOf(stream, folder.join("recording"));
  using _recording = recording;
  const counts: number[] = [];
  stream.onSend = () => counts.push(lines().length);
  const messages: ClientMessage[] = [
    { type: "prompt", payload: { text: "hello\nworld" } },
    { type: "interrupt" },
    { type: "heartbeat" },
    {
      type: "ask_user_question_response",
      payload: { question_id: "q", answers: { Scope: "Host" } },
    },
  ];
  for (const message of messages) recorder.send(message);
  assertEquals(stream.sent, messages);
  assertEquals(counts, [1, 2, 2, 3]);
  assertEquals(lines(), [
    { type: "prompt", text: "hello\nworld" },
    { type: "interrupt" },
    { type: "answer", question_id: "q", answers: { Scope: "Host" } },
  ]);
});

Deno.test("Recorder.send records that a message was not sent after all", async () => {
  using folder = temporaryFolder();
  const stream = new FakeStream();
  stream.refusal = new Error("The connection is not open");
  const { recorder, recording, lines } = await recorderOf(stream, folder.join("recording"));
  using _recording = recording;
  assertThrows(() => recorder.send({ type: "prompt", payload: { text: "lost" } }), Error, "open");
  assertEquals(lines(), [
    { type: "prompt", text: "lost" },
    { type: "unsent", line: 1, reason: "The connection is not open" },
  ]);
});

Deno.test("Recorder.send records a decision with the request's tool and hash, also of the history", async () => {
  using folder = temporaryFolder();
  const request = (id: string) => ({
    type: "tool_approval_request",
    payload: { tool_use_id: id, tool_name: "Bash", tool_input: { b: 1, a: "é" } },
  });
  const { recorder, recording, lines } = await recorderOf(
    new FakeStream([
      frames({ type: "history", payload: { messages: [request("t-1")] } }),
      frames(request("t-2")),
      frames({ type: "tool_result", payload: { tool_use_id: "t-2" } }),
    ]),
    folder.join("recording"),
  );
  using _recording = recording;
  await Array.fromAsync(recorder.events());
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode('{"b":1,"a":"é"}'));
  for (const id of ["t-1", "t-2"]) {
    const decision = { tool_use_id: id, approved: true, approval_scope: "once" } as const;
    recorder.send({ type: "tool_approval_response", payload: decision });
    assertEquals(lines().at(-1), {
      type: "decision",
      // A request that has its result is forgotten: nobody waits for the answer.
      ...(id === "t-1" ? { tool_name: "Bash", input_sha256: new Uint8Array(digest).toHex() } : {}),
      decision,
    });
  }
});

Deno.test("Recorder.send masks secrets in what is recorded, and in nothing that is sent", async () => {
  using folder = temporaryFolder();
  const secret = "0e6d9a52-7a58-4f0a-8a63-1c0d7c1b2e22";
  const stream = new FakeStream([frames({ type: "user", payload: { text: secret } })]);
  const { recorder, recording, lines } = await recorderOf(
    stream,
    folder.join("recording"),
    secret,
  );
  using _recording = recording;
  const message: ClientMessage = {
    type: "tool_approval_response",
    payload: {
      tool_use_id: "t",
      approved: true,
      approval_scope: "once",
      updated_input: { args: ["--key", secret] },
    },
  };
  recorder.send(message);
  await Array.fromAsync(recorder.events());
  assertEquals(stream.sent, [message]);
  const [decision, frame] = lines();
  assertEquals(decision.decision.updated_input, { args: ["--key", "[masked]"] });
  assertEquals(JSON.parse(frame.frame).payload.text, secret);
});

Deno.test("Recorder.end records the end, which is a success only with a whole recording", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const { recorder, recording, lines } = await recorderOf(new FakeStream(), path);
  using _recording = recording;
  assertEquals(recorder.end(FINAL), FINAL);
  assertEquals(lines(), [{ type: "final", ...FINAL, skipped_frames: 3 }]);
  await Deno.truncate(path);
  assertEquals(recorder.end(FINAL), { ...FINAL, exit_code: 1 });
  assertEquals(recorder.end({ ...FINAL, exit_code: 7 }).exit_code, 7);
});
