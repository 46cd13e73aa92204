import { assertEquals, assertStringIncludes } from "@std/assert";
import { USERS } from "../../../src/emulator/accounts.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { connect } from "./client.ts";

Deno.test("Attachment.run drops a client that is silent for 60 seconds", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  const socket = await connect(emulator, session.id);
  await session.attached();
  await socket.opened();
  await clock.advance(45_000);
  socket.send({ type: "heartbeat" });
  await session.received("heartbeat");
  await clock.advance(59_999);
  assertEquals(session.connections, 1);
  await clock.advance(1);
  assertEquals((await socket.closed).code, 4101);
  assertEquals(session.connections, 0);
});

Deno.test("Attachment.run refuses what is no message of the protocol, and goes on", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ scripted: true });
  await using socket = await connect(emulator, session.id);
  await socket.opened();
  const approval = { tool_use_id: "t", approved: true, approval_scope: "once" };
  const wrong: readonly [unknown, string][] = [
    ["text", "not an object"],
    [{ payload: {} }, "not an object with a type"],
    [{ type: "dance" }, '"dance"'],
    [{ type: "prompt", payload: { text: " " } }, "no text"],
    [{ type: "prompt" }, "no text"],
    [{ type: "tool_approval_response", payload: { ...approval, tool_use_id: 1 } }, "tool_use_id"],
    [{ type: "tool_approval_response", payload: { ...approval, approved: "y" } }, "approved"],
    [{ type: "tool_approval_response", payload: { ...approval, approval_scope: "x" } }, "scope"],
    [
      { type: "tool_approval_response", payload: { ...approval, approval_pattern: 1 } },
      "approval_pattern",
    ],
    [{ type: "tool_approval_response", payload: { ...approval, message: 1 } }, "message"],
    [{ type: "tool_approval_response", payload: { ...approval, updated_input: 1 } }, "updated"],
    [{ type: "tool_approval_response", payload: approval }, '"t"'],
    [{ type: "ask_user_question_response", payload: { answers: {} } }, "question_id"],
    [{ type: "ask_user_question_response", payload: { question_id: "q" } }, "answers"],
    [
      { type: "ask_user_question_response", payload: { question_id: "q", answers: { a: 1 } } },
      '"a"',
    ],
    [{ type: "ask_user_question_response", payload: { question_id: "q", answers: {} } }, '"q"'],
  ];
  socket.sendText("{");
  assertEquals((await socket.frame("error")).payload, {
    code: "invalid_message",
    message: "message is not JSON",
  });
  for (const [index, [message, problem]] of wrong.entries()) {
    socket.send(message);
    const { payload } = await socket.frame("error", index + 2);
    assertEquals(payload["code"], "invalid_message");
    assertStringIncludes(String(payload["message"]), problem);
  }
  socket.send({ type: "heartbeat", unknown: true });
  await session.received("heartbeat");
});

Deno.test("Attachment.run reads binary messages as it reads text", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await socket.opened();
  socket.send(new TextEncoder().encode('{"type":"prompt","payload":{"text":"bytes"}}'));
  assertEquals(await session.received("prompt"), { type: "prompt", payload: { text: "bytes" } });
});

Deno.test("Attachment.run limits a connection to 100 messages a second", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await socket.opened();
  for (let count = 0; count < 101; count++) socket.send({ type: "heartbeat" });
  const { payload } = await socket.frame("error");
  assertEquals(payload["code"], "rate_limited");
  assertEquals(emulator.receivedFrames(session.id).length, 101);
  await clock.advance(1000);
  socket.send({ type: "heartbeat" });
  await session.received("heartbeat", 101);
  assertEquals(socket.types.filter((type) => type === "error").length, 1);
});

Deno.test("Session.accept limits a session to 60 prompts a minute", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await socket.opened();
  for (let count = 0; count < 61; count++) socket.prompt(`prompt ${count}`);
  assertEquals((await socket.frame("error")).payload["code"], "rate_limited");
  await session.received("prompt", 60);
  await clock.advance(30_000);
  socket.send({ type: "heartbeat" });
  await session.received("heartbeat");
  await clock.advance(30_000);
  socket.prompt("again");
  assertEquals(await session.received("prompt", 61), {
    type: "prompt",
    payload: { text: "again" },
  });
});

Deno.test("Attachment.run closes with 1009 when a message is larger than 1 MiB", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  const text = (size: number) => {
    const empty = JSON.stringify({ type: "prompt", payload: { text: "" } }).length;
    return JSON.stringify({ type: "prompt", payload: { text: "x".repeat(size - empty) } });
  };
  const socket = await connect(emulator, session.id);
  await socket.opened();
  socket.sendText(text(1024 * 1024));
  await session.received("prompt");
  socket.sendText(text(1024 * 1024 + 1));
  assertEquals((await socket.closed).code, 1009);
});

Deno.test("EmulatedSession.push sends objects, text and bytes as they are", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await session.attached();
  const bytes = new Uint8Array([0xff, 0x00, 0x7b]);
  await session.push({ type: "assistant", timestamp: "then", payload: { content: "a" } });
  await session.push({ type: "assistant", payload: {} });
  await session.push("not json");
  await session.push(bytes);
  await session.push('{"type":"system"}', { binary: true });
  await session.push("unseen", { recorded: false });
  await socket.received(7);
  const envelope = { timestamp: new Date(clock.now()).toISOString(), session_id: session.id };
  assertEquals(JSON.parse(String(socket.messages[1])), {
    type: "assistant",
    timestamp: "then",
    session_id: session.id,
    payload: { content: "a" },
  });
  assertEquals(JSON.parse(String(socket.messages[2])), {
    type: "assistant",
    ...envelope,
    payload: {},
  });
  assertEquals(socket.messages.slice(3), [
    "not json",
    bytes,
    new TextEncoder().encode('{"type":"system"}'),
    "unseen",
  ]);
});

Deno.test("EmulatedSession.push sends frames of 10 MiB", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await session.attached();
  const text = JSON.stringify({ type: "assistant", payload: { content: "é".repeat(5_000_000) } });
  await session.push(text);
  await socket.received(2);
  assertEquals(socket.messages[1], text);
});

Deno.test("Emulator.sentFrames has every frame exactly, by connection", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  await using one = await connect(emulator, session.id);
  await session.attached();
  await using other = await connect(emulator, session.id);
  await session.attached(2);
  await session.push('{ "type" : "system" }');
  await Promise.all([one.received(2), other.received(2)]);
  const sent = emulator.sentFrames(session.id);
  for (const [connection, socket] of [[1, one], [2, other]] as const) {
    const frames = sent.filter((frame) => frame.connection === connection);
    assertEquals(frames.map(({ data }) => data), socket.messages);
  }
  assertEquals(sent.at(-1), { connection: 2, data: '{ "type" : "system" }', at: clock.now() });
});

Deno.test("Emulator.receivedFrames has every message of a client exactly", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await socket.opened();
  socket.sendText('{ "type": "heartbeat" }');
  socket.sendText("garbage");
  await socket.frame("error");
  const texts = emulator.receivedFrames(session.id).map(({ data }) => data);
  assertEquals(texts, ['{ "type": "heartbeat" }', "garbage"]);
});

Deno.test("EmulatedSession.close closes with a code and a reason", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  const socket = await connect(emulator, session.id);
  await session.attached();
  session.close(4500, "out of order");
  const { code, reason, wasClean } = await socket.closed;
  assertEquals([code, reason, wasClean], [4500, "out of order", true]);
  await session.detached();
  assertEquals(session.status, "running");
});

Deno.test("EmulatedSession.cut ends the TCP connection without a close frame", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  const socket = await connect(emulator, session.id);
  await session.attached();
  await session.push("the last one");
  session.cut();
  assertEquals((await socket.closed).wasClean, false);
  assertEquals(socket.messages.at(-1), "the last one");
});

Deno.test("EmulatedSession.end says why, and closes with 4100", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  const socket = await connect(emulator, session.id);
  await session.attached();
  session.end("max_duration_exceeded", 1);
  assertEquals((await socket.closed).code, 4100);
  assertEquals((await socket.frame("session_end")).payload, {
    reason: "max_duration_exceeded",
    exit_code: 1,
  });
});

Deno.test("Session.start ends a session when its time to live is over", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession({ settings: { ttl_seconds: 90 } });
  await clock.advance(89_999);
  assertEquals(session.status, "running");
  await clock.advance(1);
  assertEquals(session.status, "ended");
  assertEquals(session.toJSON()["end_reason"], "max_duration_exceeded");
});

Deno.test("EmulatedSession.received takes messages of the owner alone", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  await using socket = await connect(emulator, session.id, { holder: USERS.colleague });
  await socket.opened();
  socket.prompt("one");
  socket.send({ type: "interrupt" });
  socket.prompt("two");
  assertEquals(await session.received("prompt", 2), { type: "prompt", payload: { text: "two" } });
  assertEquals(await session.received("interrupt"), { type: "interrupt" });
});
