import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { FAULT_SYNTAX, parseFault } from "../../../src/emulator/faults.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { api, asOrg, asUser, connect, type Socket } from "./client.ts";

Deno.test("parseFault() reads a kind and its fields", () => {
  assertEquals(parseFault("drop:after=5"), { kind: "drop", after: 5 });
  assertEquals(parseFault("garbage:times=2,after=0"), { kind: "garbage", after: 0, times: 2 });
  assertEquals(parseFault("slow:bytes-per-second=100"), { kind: "slow", bytesPerSecond: 100 });
  assertEquals(parseFault("html"), { kind: "html" });
  assertEquals(
    parseFault("status:path=/v1/org/sessions,code=429,times=2,retry-after=1"),
    { kind: "status", path: "/v1/org/sessions", code: 429, times: 2, retryAfter: 1 },
  );
  assertEquals(parseFault("reset:path=/a:b=c"), { kind: "reset", path: "/a:b=c" });
});

Deno.test("parseFault() names the field that is wrong, and its position", () => {
  const wrong: readonly [string, RegExp][] = [
    ["", /character 1: "" is no fault/],
    ["dorp:after=5", /character 1: "dorp" is no fault/],
    ["toString", /character 1: "toString" is no fault/],
    ["drop", /character 5: "after" is missing/],
    ["drop:", /character 6: "drop" has no field ""/],
    ["drop:before=5", /character 6: "drop" has no field "before"/],
    ["drop:constructor=5", /character 6: "drop" has no field "constructor"/],
    ["drop:after", /character 6: "after" has no value/],
    ["drop:after=", /character 12: "after" must be a whole number/],
    ["drop:after=1.5", /character 12: "after" must be a whole number/],
    ["drop:after=1,times=0", /character 20: "times" must be a whole number from 1 on/],
    ["drop:after=1,after=2", /character 14: "after" is given twice/],
    ["status:path=/x", /"code" is missing/],
    ["status:code=99", /"code" must be a whole number from 200 to 599/],
    ["html:path=", /"path" must be text/],
  ];
  for (const [spec, message] of wrong) {
    const error = assertThrows(() => parseFault(spec), CliError);
    assertMatch(error.message, message);
    assertEquals(error.exitCode, ExitCode.Usage);
  }
});

Deno.test("FAULT_SYNTAX shows every fault as it is typed", () => {
  assertEquals(FAULT_SYNTAX.includes("drop:after=…[,times=…]"), true);
  assertEquals(FAULT_SYNTAX.includes("html[:path=…][,method=…][,times=…]"), true);
  assertEquals(FAULT_SYNTAX.includes("overlap"), true);
});

/** A session's socket, after the session has sent so many frames. */
async function listen(emulator: Emulator, frames: number): Promise<Socket> {
  const session = emulator.createSession();
  const socket = await connect(emulator, session.id);
  await session.attached();
  for (let index = 1; index <= frames; index++) {
    await session.push({ type: "assistant", payload: { content: `frame ${index}` } });
  }
  return socket;
}

Deno.test("Attachment.deliver cuts the connection after as many frames as a drop says", async () => {
  await using emulator = await startServer({ faults: [parseFault("drop:after=3")] });
  for (let connection = 0; connection < 2; connection++) {
    const socket = await listen(emulator, 5);
    assertEquals((await socket.closed).wasClean, false);
    assertEquals(socket.messages.length, 3);
  }
});

Deno.test("Attachment.run cuts the connection before the first frame when a drop says so", async () => {
  await using emulator = await startServer({ faults: [parseFault("drop:after=0,times=1")] });
  const { id } = emulator.createSession();
  const socket = await connect(emulator, id);
  assertEquals((await socket.closed).wasClean, false);
  assertEquals(socket.messages, []);
  await using next = await connect(emulator, id);
  await next.frame("history");
});

Deno.test("Attachment.deliver lets nothing through a black hole, and keeps the connection", async () => {
  await using emulator = await startServer({ faults: [parseFault("black-hole:after=2,times=1")] });
  const session = emulator.createSession();
  const lost = await connect(emulator, session.id);
  await session.attached();
  await session.push("one");
  await session.detached();
  await session.push("two");
  await lost.received(2);
  assertEquals(lost.messages[1], "one");
  lost.send({ type: "heartbeat" });
  await using found = await connect(emulator, session.id);
  await found.received(2);
  assertEquals(found.messages[1], "two");
  assertEquals(lost.messages.length, 2);
  assertEquals(emulator.receivedFrames(session.id), []);
});

Deno.test("Attachment.deliver slips in garbage, closes and duplicates when it is asked to", async () => {
  await using garbage = await startServer({ faults: [parseFault("garbage:after=2,times=1")] });
  const dirty = await listen(garbage, 2);
  await dirty.received(4);
  assertThrows(() => JSON.parse(String(dirty.messages[2])), SyntaxError);
  assertEquals(dirty.types, ["history", "assistant", "assistant"]);
  await dirty.close();

  await using closing = await startServer({ faults: [parseFault("close:after=2,code=4101")] });
  const closed = await listen(closing, 5);
  assertEquals((await closed.closed).code, 4101);
  assertEquals(closed.messages.length, 2);

  await using doubling = await startServer({ faults: [parseFault("duplicate:every=3")] });
  await using doubled = await listen(doubling, 3);
  await doubled.received(5);
  assertEquals(doubled.messages[2], doubled.messages[3]);
  assertEquals(doubled.messages.length, 5);
});

Deno.test("Link.write holds everything back when there is a delay", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock, faults: [parseFault("delay:ms=300")] });
  const answer = api(emulator).get("/v1/nowhere");
  await clock.sleepers(1);
  assertEquals(clock.pending, [300]);
  await clock.advance(300);
  assertEquals((await answer).status, 404);
});

Deno.test("Link.write trickles when the network is slow", async () => {
  const clock = new FakeClock();
  const faults = [parseFault("slow:bytes-per-second=50")];
  await using emulator = await startServer({ clock, faults });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: emulator.port });
  await conn.write(new TextEncoder().encode("GET /x HTTP/1.1\r\n\r\n"));
  const buffer = new Uint8Array(4096);
  const sizes: number[] = [];
  for (let count = 0; count < 3; count++) {
    sizes.push(await conn.read(buffer) ?? 0);
    await clock.sleepers(1);
    assertEquals(clock.pending, [100]);
    await clock.advance(100);
  }
  assertEquals(sizes, [5, 5, 5]);
});

Deno.test("FaultPlan.strikeRequest answers with a status as often as it says", async () => {
  const faults = [parseFault("status:path=/v1/org/sessions,code=429,times=2,retry-after=7")];
  await using emulator = await startServer({ faults });
  const org = asOrg(emulator);
  const limited = await org.get("/v1/org/sessions?limit=1");
  assertEquals([limited.status, limited.headers.get("retry-after")], [429, "7"]);
  assertEquals((await org.get("/v1/org/usage/identities")).status, 200);
  assertEquals((await org.get("/v1/org/sessions/unknown")).status, 429);
  assertEquals((await org.get("/v1/org/sessions")).status, 200);
  assertEquals(emulator.requests.map(({ status }) => status), [429, 200, 429, 200]);
});

Deno.test("FaultPlan.strikeRequest tells methods apart", async () => {
  const faults = [parseFault("status:code=503,method=post")];
  await using emulator = await startServer({ faults });
  const user = await asUser(emulator);
  assertEquals((await user.get("/v1/sessions")).status, 200);
  assertEquals((await user.post("/v1/sessions", {})).status, 503);
});

Deno.test("Server.start answers HTML, half a body, or nothing when it is asked to", async () => {
  await using emulator = await startServer();
  const url = `${emulator.url}/v1/orgs/${emulator.accounts.organizations.acme.oid}/url`;
  {
    using _ = emulator.addFault(parseFault("html"));
    const response = await fetch(url);
    assertEquals([response.status, response.headers.get("content-type")], [200, "text/html"]);
    assertMatch(await response.text(), /^<!DOCTYPE html>/);
  }
  {
    using _ = emulator.addFault(parseFault("truncate-body"));
    const response = await fetch(url);
    await assertRejects(() => response.text(), TypeError);
  }
  {
    using _ = emulator.addFault(parseFault("reset"));
    await assertRejects(() => fetch(url), TypeError);
    assertEquals(emulator.requests.at(-1)?.status, 0);
  }
  assertEquals((await (await fetch(url)).json()).url.ai, emulator.url);
});

Deno.test("Server.start never answers a request that hangs", async () => {
  await using emulator = await startServer({ faults: [parseFault("hang:path=/v1/who")] });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: emulator.port });
  await conn.write(new TextEncoder().encode("GET /v1/who HTTP/1.1\r\n\r\n"));
  const read = conn.read(new Uint8Array(1));
  assertEquals((await api(emulator).get("/v1/other")).status, 404);
  assertEquals(emulator.requests.map(({ status }) => status), [0, 404]);
  await emulator.stop();
  assertEquals(await read, null);
});

Deno.test("Server.start carries out a request whose answer breaks off", async () => {
  const faults = [parseFault("truncate-body:method=DELETE,times=1")];
  await using emulator = await startServer({ faults });
  const session = emulator.createSession();
  const user = await asUser(emulator);
  await assertRejects(() => user.delete(`/v1/sessions/${session.id}`), TypeError);
  assertEquals(session.status, "ended");
});

Deno.test("mintToken() makes tokens that live as long as a fault says", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({
    clock,
    faults: [parseFault("token-expiry:seconds=5")],
  });
  const user = await asUser(emulator);
  await clock.advance(4_000);
  assertEquals((await user.get("/v1/sessions")).status, 200);
  await clock.advance(1_000);
  assertEquals((await user.get("/v1/sessions")).status, 401);
});
