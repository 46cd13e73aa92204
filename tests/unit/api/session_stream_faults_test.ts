import { assertEquals } from "@std/assert";
import type { EmulatedSession, Emulator } from "../../../src/emulator/emulator.ts";
import type { Fault } from "../../../src/emulator/faults.ts";
import type { Frame, JsonObject } from "../../../src/protocol/frames.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { type Caller, FlowingTime, signIn, WatchedStream } from "../../support/stream.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";

const SCHEDULES = 1_000;
const HOUR = 60 * 60_000;
/** So many are played at the same time, each on a server of its own: most of it is waiting. */
const LANES = 16;

/** What a schedule can do. */
interface Stage {
  readonly random: Random;
  readonly emulator: Emulator;
  readonly session: EmulatedSession;
  readonly proxy: TcpProxy;
  readonly time: FlowingTime;
  readonly watched: WatchedStream;
  readonly faults: DisposableStack;
  /** Does something the first time that it is to be done. */
  once(name: string, what: () => void): void;
}

/** Numbers that look random, and are the same for the same seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to the limit, without it. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  one<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("Nothing to choose from");
    return item;
  }
}

/** What a clock says that is wrong; mostly none is. */
const TIMES: readonly JsonObject[] = [
  ...Array.from({ length: 10 }, () => ({})),
  { timestamp: "1970-01-01T00:00:00Z" },
  { timestamp: "2050-01-02T03:04:05.678Z" },
  { timestamp: "soon" },
];

/** Frames that a session has: some are said twice, some are large, some have a wrong time. */
function frame(random: Random, count: number): JsonObject {
  const said = random.one<JsonObject>([
    { type: "assistant", payload: { content: [{ type: "text", text: `words ${count}` }] } },
    { type: "assistant", payload: { content: `words ${"x".repeat(random.below(3_000))}` } },
    { type: "tool_approval_request", payload: { tool_use_id: `t${count}`, tool_name: "Bash" } },
    { type: "tool_result", payload: { tool_use_id: `t${count}`, content: { b: 1.5, a: [null] } } },
    { type: "usage_delta", payload: { input_tokens: random.below(2) } },
    { type: "user", payload: { text: random.one(["yes", "no"]) } },
    { type: "something-new", payload: {} },
  ]);
  return { ...said, ...random.one(TIMES) };
}

async function say({ random, session }: Stage): Promise<void> {
  for (let left = 1 + random.below(4); left > 0; left--) {
    const said = frame(random, random.below(1_000));
    await session.push(said);
    if (random.below(5) === 0) await session.push(said);
  }
}

const STEPS: readonly ((stage: Stage) => unknown)[] = [
  say,
  say,
  say,
  ({ session }) => session.cut(),
  ({ proxy }) => proxy.cut(),
  ({ proxy, random }) => {
    proxy.cutNext(random.below(4_000));
    proxy.cut();
  },
  ({ proxy, random }) => {
    for (let left = random.below(4); left >= 0; left--) proxy.cutNext(200 + random.below(1_000));
    proxy.cut();
  },
  async ({ proxy, time }) => {
    proxy.swallow();
    await time.skip(60_000);
  },
  ({ proxy, random }) => {
    proxy.swallowNext(random.below(2_000));
    proxy.cut();
  },
  ({ proxy, time, random }) => {
    proxy.stall();
    return time.skip(random.below(5_000)).then(() => proxy.resume());
  },
  ({ session, random }) => session.close(random.one([1000, 1001, 1011, 4101, 4500])),
  async (stage) => {
    stage.proxy.refuse();
    stage.proxy.cut();
    await stage.session.detached();
    await say(stage);
    await stage.time.skip(stage.random.one([0, 5_000, 5 * 60_000]));
    stage.proxy.accept();
  },
  ({ emulator, once }) => once("revoke", () => emulator.revokeTokens()),
  ({ emulator, faults, random, proxy }) => {
    const code = random.one([500, 502, 503]);
    faults.use(emulator.addFault({ kind: "status", path: "/v1/ws/", code, times: 1 }));
    proxy.cut();
  },
  ({ emulator, faults, random, once }) => {
    const path = "/v1/sessions/";
    const kind = random.one(["reset", "truncate-body"] as const);
    // Three in a row, and the service counts as out of reach.
    once(kind, () => faults.use(emulator.addFault({ kind, path, times: 1 })));
  },
  ({ time, random }) => time.skip(random.below(90_000)),
  ({ watched }) => watched.event("attached"),
  () => pause(2),
];

const SERVERS: readonly (readonly Fault["kind"][])[] = [[], ["overlap"], ["no-history"]];

async function play(seed: number, emulator: Emulator, caller: Caller): Promise<void> {
  const random = new Random(seed);
  using faults = new DisposableStack();
  const server = random.one(SERVERS);
  for (const kind of server) faults.use(emulator.addFault({ kind } as Fault));
  const past = random.below(4);
  const session = emulator.createSession({
    history: Array.from({ length: past }, (_, index) => frame(random, index)),
  });
  await using proxy = new TcpProxy(emulator.port);
  await using watched = new WatchedStream(caller, session.id, {
    aiUrl: proxy.url,
    reconnectTimeout: HOUR,
  });
  await using time = new FlowingTime(caller.clock);
  const done = new Set<string>();
  const once = (name: string, what: () => void) => {
    if (!done.has(name)) what();
    done.add(name);
  };
  const stage: Stage = { random, emulator, session, proxy, time, watched, faults, once };
  // Without a history, what was said before the first link is none of ours.
  if (server[0] === "no-history") await watched.event("attached");
  for (let left = 4 + random.below(8); left > 0; left--) await random.one(STEPS)(stage);
  proxy.accept();
  proxy.resume();
  await say(stage);
  session.end("completed");
  let isOver = false;
  watched.end.finally(() => isOver = true).catch(() => {});
  while (!isOver) await time.skip(2_000);
  assertEquals((await watched.end).type, "session-end");
  const { frames } = await caller.service.userSessions.history(session.id);
  const shown = watched.transcript.filter(({ type }) => type !== "session_end");
  const hasPast = watched.of("frames").some((event) =>
    event.frames.some(({ frame }) => frame.type === "history")
  );
  const expected = hasPast ? frames : frames.slice(past);
  assertEquals(essence(shown), essence(expected), `seed ${seed}`);
  assertEquals(watched.of("gap"), [], `seed ${seed}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What of a transcript a person could tell apart. */
function essence(frames: readonly Frame[]) {
  return frames.map(({ type, timestamp, payload }) => ({ type, timestamp, payload }));
}

Deno.test(`SessionStream.events() shows what there was, whatever fails: seeds 1 to ${SCHEDULES}`, async () => {
  let seed = 0;
  const lane = async () => {
    const clock = new FakeClock();
    await using emulator = await startServer({ clock });
    const caller = await signIn(emulator, { clock });
    while (seed < SCHEDULES) {
      const own = ++seed;
      try {
        await play(own, emulator, caller);
      } catch (error) {
        throw new Error(`Seed ${own}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
});
