import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { NotSentError } from "../../../src/api/attachment.ts";
import type { StreamEnd } from "../../../src/api/session_stream.ts";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { expiryOf } from "../../../src/config/token_cache.ts";
import type { EmulatedSession } from "../../../src/emulator/emulator.ts";
import type { Fault } from "../../../src/emulator/faults.ts";
import type { Frame, JsonObject } from "../../../src/protocol/frames.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { type Caller, FlowingTime, signIn, WatchedStream } from "../../support/stream.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";

const MINUTE = 60_000;

/** A server and a caller on one clock, which stands still unless the test lets it go on. */
async function fixture(...faults: Fault[]) {
  const clock = new FakeClock();
  const emulator = await startServer({ clock, faults });
  return { clock, emulator, caller: await signIn(emulator, { clock }) };
}

function say(text: string): JsonObject {
  return { type: "assistant", payload: { content: text } };
}

/** What of a transcript a person could tell apart. */
function essence(frames: readonly Frame[]) {
  return frames.map(({ type, timestamp, payload }) => ({ type, timestamp, payload }));
}

/** @param skipped so many of the first frames are not shown */
async function assertUncut(
  watched: WatchedStream,
  { service }: Caller,
  { id }: EmulatedSession,
  skipped = 0,
) {
  const { frames } = await service.userSessions.history(id);
  const shown = watched.transcript.filter(({ type }) => type !== "session_end");
  assertEquals(essence(shown), essence(frames.slice(skipped)));
  assertEquals(watched.of("gap"), []);
}

const PAST = ["before", "and before"].map((text) => ({
  ...say(text),
  timestamp: "2026-01-02T03:00:00Z",
}));

/** What the agent says: two of these it says twice, in the same moment. */
const SAID: readonly JsonObject[] = [
  say("one"),
  { type: "tool_approval_request", payload: { tool_use_id: "t", tool_name: "Bash" } },
  say("twice"),
  say("twice"),
  { type: "usage_delta", payload: { input_tokens: 1 } },
  { type: "usage_delta", payload: { input_tokens: 1 } },
  { type: "tool_result", payload: { tool_use_id: "t", content: [{ type: "text", text: "ok" }] } },
  { type: "result", payload: { summary: "done" } },
];

const SERVERS: readonly (readonly [name: string, faults: readonly Fault[]])[] = [
  ["sends the history", []],
  ["sends the history with what it replays", [{ kind: "overlap" }]],
  ["sends no history", [{ kind: "no-history" }]],
];
const AWAY = [0, 5_000, 5 * MINUTE];

/** Cuts a stream after so many frames, and lets it come back when more were missed. */
async function cutAfter(shown: number, missed: number, away: number, faults: readonly Fault[]) {
  const { clock, emulator, caller } = await fixture(...faults);
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession({ history: PAST });
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await using time = new FlowingTime(clock, 20_000);
  const sendsNone = faults[0]?.kind === "no-history";
  await watched.event("attached");
  for (const frame of SAID.slice(0, shown)) await session.push(frame);
  await watched.shown(shown + (sendsNone ? 0 : PAST.length));
  proxy.refuse();
  proxy.cut();
  await session.detached();
  for (const frame of SAID.slice(shown, shown + missed)) await session.push(frame);
  await time.skip(away);
  proxy.accept();
  await watched.event("attached", 2);
  for (const frame of SAID.slice(shown + missed)) await session.push(frame);
  session.end("completed");
  assertEquals((await watched.end).type, "session-end");
  // Where nothing was shown before the cut, the whole history is shown.
  await assertUncut(watched, caller, session, sendsNone && shown > 0 ? PAST.length : 0);
}

for (const [name, faults] of SERVERS) {
  for (const away of AWAY) {
    Deno.test(`SessionStream.events() goes on after each frame, ${away / 1000} s later, when a server ${name}`, async () => {
      const cuts = Array.from({ length: SAID.length + 1 }, (_, shown) => shown);
      await Promise.all(
        cuts.flatMap((shown) => [0, 1, 3].map((missed) => cutAfter(shown, missed, away, faults))),
      );
    });
  }
}

for (const every of [1, 2, 3]) {
  for (const [name, faults] of SERVERS) {
    Deno.test(`SessionStream.events() tells what is said twice from what is sent twice, every ${every}., when a server ${name}`, async () => {
      const { clock, emulator, caller } = await fixture(...faults, { kind: "duplicate", every });
      await using _stop = emulator;
      const session = emulator.createSession({ history: PAST });
      await using watched = new WatchedStream(caller, session.id);
      await using _time = new FlowingTime(clock);
      await watched.event("attached");
      for (const frame of SAID) await session.push(frame);
      session.cut();
      await watched.event("attached", 2);
      for (const frame of SAID) await session.push(frame);
      session.end("completed");
      await watched.end;
      const { frames } = await caller.service.userSessions.history(session.id);
      const shown = watched.transcript.filter(({ type }) => type !== "session_end");
      const past = faults[0]?.kind === "no-history" ? PAST.length : 0;
      assertEquals(essence(shown), essence(frames.slice(past)));
    });
  }
}

const EARLIER = "2026-01-02T03:00:00Z";
const LATER = "2026-01-02T03:30:00Z";

/** What a server's clock can say of what was said before a link was lost, and while it was. */
const CLOCKS: readonly (readonly [
  name: string,
  before: readonly string[],
  missed: readonly string[],
])[] = [
  ["was ahead by years", ["2050-01-02T03:00:00Z", "2050-01-02T03:00:01Z"], [LATER]],
  ["was ahead once", [EARLIER, "2050-01-02T03:00:00Z"], [LATER]],
  ["was behind by years", ["1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z"], [LATER]],
  ["was not set once", [EARLIER], [LATER, "0001-01-01T00:00:00Z"]],
  ["was not set in between", [EARLIER], ["0001-01-01T00:00:00Z", EARLIER]],
  ["said no time", ["2060", "word 2060"], [LATER]],
];

for (const [name, faults] of SERVERS) {
  for (const [clocks, before, missed] of CLOCKS) {
    Deno.test(`SessionStream.events() loses nothing when a clock ${clocks}, and a server ${name}`, async () => {
      const { clock, emulator, caller } = await fixture(...faults);
      await using _stop = emulator;
      const session = emulator.createSession();
      await using watched = new WatchedStream(caller, session.id);
      await using _time = new FlowingTime(clock);
      await watched.event("attached");
      for (const timestamp of before) await session.push({ ...say("same"), timestamp });
      await watched.shown(before.length);
      session.cut();
      await session.detached();
      for (const timestamp of missed) await session.push({ ...say("same"), timestamp });
      await watched.event("attached", 2);
      for (const text of ["first", "second"]) await session.push(say(text));
      session.end("completed");
      await watched.end;
      await assertUncut(watched, caller, session);
    });
  }
}

/** A stream that has lost its link after one frame, and has another, where no history can be had. */
async function relinkedWithoutHistory(timestamp: string) {
  await using opening = new AsyncDisposableStack();
  const { clock, emulator, caller } = await fixture({ kind: "no-history" });
  opening.use(emulator);
  const session = emulator.createSession();
  const watched = opening.use(new WatchedStream(caller, session.id));
  opening.use(new FlowingTime(clock));
  await watched.event("attached");
  await session.push({ ...say("known"), timestamp });
  await watched.shown(1);
  opening.use(emulator.addFault({ kind: "status", path: "/v1/sessions/", code: 500 }));
  session.cut();
  await session.detached();
  await watched.event("attached", 2);
  const open = opening.move();
  return { session, watched, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

Deno.test("SessionStream.events() believes a link after a clock was ahead, where no history can be had", async () => {
  await using relinked = await relinkedWithoutHistory("2050-01-02T03:00:00Z");
  const { session, watched } = relinked;
  for (const text of ["first", "second"]) await session.push(say(text));
  session.end("completed");
  await watched.end;
  const shown = watched.transcript.filter(({ type }) => type === "assistant");
  assertEquals(shown.map(({ payload }) => payload["content"]), ["known", "first", "second"]);
});

Deno.test("SessionStream.events() asks once for what is said many times in a row", async () => {
  const { emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await watched.event("attached");
  proxy.stall();
  for (let count = 0; count < 20; count++) await session.push(say("ha"));
  proxy.resume();
  session.end("completed");
  await watched.end;
  await assertUncut(watched, caller, session);
  const looks = emulator.requests.filter(({ path }) => path.endsWith("/history"));
  // The last one is the test's own.
  assertEquals(looks.length, 2);
});

Deno.test("SessionStream.events() waits for no later history where one knows what came next", async () => {
  const { clock, emulator, caller } = await fixture({ kind: "duplicate", every: 1 });
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await watched.event("attached");
  proxy.stall();
  const said = Array.from({ length: 10 }, (_, count) => say(`word ${count}`));
  for (const frame of said) await session.push(frame);
  proxy.resume();
  await using _time = new FlowingTime(clock);
  session.end("completed");
  await watched.end;
  await assertUncut(watched, caller, session);
  const looks = emulator.requests.filter(({ path }) => path.endsWith("/history"));
  // One for each, a second for the last, one for the session's end, and the test's own.
  assertEquals(looks.length, said.length + 3);
});

Deno.test("SessionStream.events() goes on when the first link is cut at any byte", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const long = say("x".repeat(300));
  for (let bytes = 1; bytes < 1_900; bytes += 17) {
    const session = emulator.createSession({ history: PAST });
    proxy.cutNext(bytes);
    await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
    await using _time = new FlowingTime(clock);
    await watched.until(() => proxy.accepted > 0 && proxy.open > 0);
    for (const frame of [say("one"), long, say("twice"), say("twice")]) await session.push(frame);
    session.end("completed");
    await watched.end;
    await assertUncut(watched, caller, session);
  }
});

Deno.test("SessionStream.events() marks what cannot be filled with its times", async () => {
  await using relinked = await relinkedWithoutHistory("2026-01-02T03:05:00Z");
  const { session, watched } = relinked;
  await session.push({ ...say("later"), timestamp: "2026-01-02T03:09:00Z" });
  await watched.shown(2);
  const types = watched.events.map(({ type }) => type);
  assertEquals(types, ["attached", "frames", "reconnecting", "attached", "gap", "frames"]);
  const [gap] = watched.of("gap");
  assertEquals(gap?.from, Date.parse("2026-01-02T03:05:00Z"));
});

Deno.test("SessionStream.events() reconnects at once, then with growing pauses up to 30 s", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await using time = new FlowingTime(clock, 5_000);
  await watched.event("attached");
  proxy.refuse();
  proxy.cut();
  while (watched.of("reconnecting").length < 12) await time.skip(10_000);
  const events = watched.of("reconnecting").slice(0, 12);
  assertEquals(events.map(({ attempt }) => attempt), events.map((_, index) => index + 1));
  assertStringIncludes(events[0]?.cause ?? "", "1006");
  const [first, ...later] = events;
  assert(first !== undefined && first.nextAt <= first.giveUpAt - 10 * MINUTE);
  for (const { nextAt, giveUpAt } of later) assert(nextAt <= giveUpAt);
  // A call that nobody answered is no sign of the server.
  assert(clock.now() - (watched.stream.lastHeardAt ?? Infinity) > 30_000);
  proxy.accept();
  const { resumed, downFor } = await watched.event("attached", 2);
  assert(resumed && downFor > 30_000);
});

Deno.test("SessionStream.events() ends as lost when the time for reconnecting is over", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, {
    aiUrl: proxy.url,
    reconnectTimeout: 90_000,
  });
  await using time = new FlowingTime(clock, 5_000);
  await watched.event("attached");
  const lostAt = clock.now();
  proxy.refuse();
  proxy.cut();
  let end: StreamEnd | undefined;
  watched.end.then((value) => end = value, () => {});
  while (end === undefined) await time.skip(5_000);
  assertEquals(end.type, "lost");
  assert(clock.now() - lostAt >= 90_000);
  assertEquals(watched.stream.state, "over");
});

Deno.test("SessionStream.events() never reconnects when that is not wanted", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { reconnectTimeout: 0 });
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  session.cut();
  assertEquals((await watched.end).type, "lost");
  assertEquals(watched.of("reconnecting"), []);
});

Deno.test("SessionStream.detach() stops waiting for the next attempt at once", async () => {
  const { emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await watched.event("attached");
  proxy.refuse();
  proxy.cut();
  await watched.event("reconnecting", 2);
  // The clock stands still: nothing but detaching can end the wait.
  watched.stream.detach();
  assertEquals(await watched.end, { type: "detached" });
});

const GOING_ON = [1000, 1001, 1006, 1011, 4101, 4500];

Deno.test("SessionStream.events() goes on after every close code that is no last word", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using _time = new FlowingTime(clock);
  for (const [index, code] of GOING_ON.entries()) {
    await watched.event("attached", index + 1);
    if (code === 1006) session.cut();
    else session.close(code);
  }
  await watched.event("attached", GOING_ON.length + 1);
  for (const [index, { cause }] of watched.of("reconnecting").entries()) {
    assertStringIncludes(cause, `(${GOING_ON[index]}`);
  }
});

Deno.test("SessionStream.events() ends with the session's own end that came while it was away", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  proxy.refuse();
  proxy.cut();
  await session.detached();
  await session.push(say("last words"));
  session.end("failed", 3);
  // The WebSocket stays out of reach; the REST API has the last words and the end.
  assertEquals(await watched.end, {
    type: "session-end",
    end: { reason: "failed", exitCode: 3 },
    shown: false,
  });
  await assertUncut(watched, caller, session);
});

Deno.test("SessionStream.events() mints one token for a refusal, and gives up at the second", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  const minted = () => emulator.requests.filter(({ path }) => path === "/jwt").length;
  const before = minted();
  session.close(4001);
  await watched.event("attached", 2);
  assertEquals(minted(), before + 1);
  await session.push(say("fine again"));
  await watched.shown(1);
  using _fault = emulator.addFault({ kind: "status", path: "/v1/ws/", code: 401 });
  session.cut();
  const error = await assertRejects(() => watched.end, CliError);
  assertEquals(error.exitCode, ExitCode.Auth);
  assertEquals(minted(), before + 2);
});

Deno.test("SessionStream.events() never dials with a token that is about to expire", async () => {
  const { clock, emulator, caller } = await fixture({ kind: "token-expiry", seconds: 200 });
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  const lastToken = () => {
    const dial = emulator.requests.findLast(({ path }) => path.startsWith("/v1/ws/"));
    return dial?.headers["sec-websocket-protocol"]?.split(", ")[1] ?? "";
  };
  await watched.event("attached");
  const used = new Set([lastToken()]);
  for (const minutes of [2, 0.5, 3, 4]) {
    await time.skip(minutes * MINUTE);
    const links = watched.of("attached").length;
    session.cut();
    await watched.event("attached", links + 1);
    used.add(lastToken());
    const left = (expiryOf(lastToken()) ?? 0) * 1000 - clock.now();
    assert(left > 55_000, `${left} ms left`);
  }
  assert(used.size >= 4);
  assertEquals(emulator.requests.filter(({ status }) => status === 401), []);
});

Deno.test("SessionStream.events() renews the token of a link that lasts", async () => {
  const { clock, emulator, caller } = await fixture({ kind: "token-expiry", seconds: 900 });
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  await watched.event("attached");
  const left = () => (caller.service.token.expiresAt ?? 0) - clock.now();
  await time.skip(12 * MINUTE);
  assert(left() > 10 * MINUTE, `${left()} ms left`);
  const fault = emulator.addFault({ kind: "status", path: "/jwt", code: 403 });
  while (left() > 2 * MINUTE) await time.skip(MINUTE);
  fault[Symbol.dispose]();
  await time.skip(2 * MINUTE);
  assert(left() > 10 * MINUTE, `${left()} ms left`);
  assertEquals(emulator.requests.filter(({ status }) => status === 401), []);
});

Deno.test("SessionStream.events() waits for a session that starts, and attaches once", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession({ status: "starting" });
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  await watched.event("starting");
  assertEquals(watched.stream.state, "starting");
  await time.skip(10_000);
  session.start();
  await watched.event("attached");
  assertEquals(watched.events.map(({ type }) => type), ["starting", "attached"]);
});

for (const family of ["caller", "organization"]) {
  Deno.test(`SessionStream.events() notices within a minute that a link to a session of the ${family} is dead`, async () => {
    const { clock, emulator, caller } = await fixture();
    await using _stop = emulator;
    await using proxy = new TcpProxy(emulator.port);
    const { oid } = emulator.accounts.organizations.acme;
    const isOwn = family === "caller";
    const session = emulator.createSession(isOwn ? {} : { owner: { oid } });
    // Only the WebSocket goes by the proxy, as if a router had forgotten this one connection.
    await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
    await using _time = new FlowingTime(clock);
    await session.push(say("heard"));
    await watched.shown(1);
    const deadSince = clock.now();
    proxy.swallow();
    await session.push(say("swallowed"));
    const { cause } = await watched.event("reconnecting");
    assert(clock.now() - deadSince <= 60_000, `${clock.now() - deadSince} ms`);
    assertStringIncludes(cause, "while the session went on");
    await watched.shown(2);
    const { userSessions, orgSessions } = caller.service;
    const { frames } = await (isOwn ? userSessions : orgSessions).history(session.id);
    assertEquals(essence(watched.transcript), essence(frames));
  });
}

Deno.test("SessionStream.events() notices within a minute that nothing goes through at all", async () => {
  const { clock, emulator } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const caller = await signIn(emulator, { clock, aiUrl: proxy.url });
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  const deadSince = clock.now();
  proxy.swallow();
  const { cause } = await watched.event("reconnecting");
  assert(clock.now() - deadSince <= 60_000, `${clock.now() - deadSince} ms`);
  assertStringIncludes(cause, "cannot be reached");
});

Deno.test("SessionStream.events() keeps a link on which nothing is said because nothing happens", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession({ history: PAST });
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  await watched.event("attached");
  await time.skip(4 * MINUTE);
  assertEquals(watched.events.map(({ type }) => type), ["attached", "frames"]);
  assert(clock.now() - (watched.stream.lastHeardAt ?? 0) >= 4 * MINUTE);
});

Deno.test("SessionStream.events() dials again after the machine has slept", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  let slept = 0;
  const waking = {
    now: () => clock.now() + slept,
    sleep: (milliseconds: number, signal?: AbortSignal) => clock.sleep(milliseconds, signal),
  };
  await using watched = new WatchedStream(caller, session.id, { clock: waking });
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  slept = 8 * 60 * MINUTE;
  const { cause } = await watched.event("reconnecting");
  assertStringIncludes(cause, "asleep");
  await watched.event("attached", 2);
});

Deno.test("SessionStream.send() tells what became of a prompt whose link was lost", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  await using _time = new FlowingTime(clock);
  const { stream } = watched;
  await watched.event("attached");
  const arrived = { type: "prompt", payload: { text: "this arrives" } } as const;
  const swallowed = { type: "prompt", payload: { text: "this does not" } } as const;
  stream.send(arrived);
  await session.received("prompt");
  proxy.swallow();
  stream.send(swallowed);
  // Its echo comes when nobody can hear it.
  await session.push({ type: "user", payload: { content: "this arrives" } });
  proxy.cut();
  await watched.until(() => watched.of("delivery").length === 2);
  assertEquals(watched.of("delivery"), [
    { type: "delivery", message: arrived, state: "delivered" },
    { type: "delivery", message: swallowed, state: "unknown" },
  ]);
  assertEquals(await session.received("prompt"), arrived);
  const prompts = emulator.receivedFrames(session.id).filter(({ data }) =>
    String(data).includes('"prompt"')
  );
  assertEquals(prompts.length, 1);
  // The agent was busy, and takes it up later after all.
  await session.push({ type: "user", payload: { content: "this does not" } });
  await watched.event("delivery", 3);
  assertEquals(watched.of("delivery")[2]?.state, "delivered");
});

Deno.test("SessionStream.send() says nothing of what was echoed before the link was lost", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  await watched.event("attached");
  watched.stream.send({ type: "prompt", payload: { text: "hello" } });
  await session.received("prompt");
  await session.push({ type: "user", payload: { text: "hello" } });
  await watched.shown(1);
  session.cut();
  await watched.event("attached", 2);
  await time.skip(10_000);
  assertEquals(watched.of("delivery"), []);
});

Deno.test("SessionStream.events() proves that a message arrived before it drops a silent link", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id);
  await using time = new FlowingTime(clock);
  await watched.event("attached");
  // A busy agent takes it up later, so that nothing tells that it arrived.
  watched.stream.send({ type: "prompt", payload: { text: "next" } });
  await time.skip(60_000);
  await watched.event("attached", 2);
  await time.skip(10_000);
  assertEquals(watched.of("delivery"), []);
});

Deno.test("SessionStream.send() refuses while the link is down, and says why", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession();
  await using watched = new WatchedStream(caller, session.id, { aiUrl: proxy.url });
  const { stream } = watched;
  const prompt = (text: string) => stream.send({ type: "prompt", payload: { text } });
  assertEquals(stream.canSend, false);
  assertEquals(assertThrows(() => prompt("early"), NotSentError).reason, "not-attached");
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  assertEquals(stream.canSend, true);
  const large = "é".repeat(600 * 1024);
  assertEquals(assertThrows(() => prompt(large), NotSentError).reason, "too-large");
  proxy.refuse();
  proxy.cut();
  await watched.event("reconnecting");
  assertEquals([stream.canSend, stream.state], [false, "reconnecting"]);
  assertEquals(assertThrows(() => prompt("down"), NotSentError).reason, "not-attached");
  assertEquals(emulator.receivedFrames(session.id), []);
});

Deno.test("SessionStream.send() refuses on a session of somebody else", async () => {
  const { clock, emulator, caller } = await fixture();
  await using _stop = emulator;
  const { oid } = emulator.accounts.organizations.acme;
  const session = emulator.createSession({ owner: { oid } });
  await using watched = new WatchedStream(caller, session.id);
  await using _time = new FlowingTime(clock);
  await watched.event("attached");
  assertEquals(watched.stream.canSend, false);
  const send = () => watched.stream.send({ type: "interrupt" });
  assertEquals(assertThrows(send, NotSentError).reason, "read-only");
  session.cut();
  assertEquals((await watched.event("attached", 2)).readOnly, true);
  assertEquals(watched.of("read-only-fallback").length, 1);
});
