import { join } from "node:path";
import type { EmulatedSession, Emulator } from "../../src/emulator/emulator.ts";
import { type Frame, historyOf, type JsonObject, toFrame } from "../../src/protocol/frames.ts";
import { makeRandom, type Random } from "../../tests/support/random.ts";
import { startServer } from "../../tests/support/server.ts";
import { TcpProxy } from "../../tests/support/tcp_proxy.ts";
import { DENO, DEPENDENCY_OPTIONS, ROOT } from "../deno_call.ts";
import { V8_FLAGS } from "../executable.ts";
import { LINUX_ONLY } from "./client.ts";
import { compressedClock } from "./compressed_clock.ts";
import { linesOf } from "./lines.ts";
import { atMost, megabytes, type Row } from "./report.ts";
import type { Measure } from "./setting.ts";
import type { Look } from "./soak_client.ts";
import { median } from "./statistics.ts";

const SECONDS = 30 * 60;
/** Thirty minutes take two. */
const FACTOR = 15;
const SEED = 1;
/** Tokens have to be renewed every few minutes, too. */
const TOKEN_SECONDS = 300;
const EARLY_MILLISECONDS = 10 * 60_000;
const LATE_MILLISECONDS = 20 * 60_000;
/** What the last ten minutes may take more than the first, in bytes. */
const MOST = 5e6;
/** A look may fall between the end of one connection and the beginning of another. */
const MOST_SOCKETS = 2;
/** From when on nothing fails any more, so that the last words get through. */
const CALM_MILLISECONDS = 70_000;

/** What a fault can be made with. */
interface Stage {
  readonly random: Random;
  readonly emulator: Emulator;
  readonly session: EmulatedSession;
  readonly proxy: TcpProxy;
  /** Does something after so many milliseconds of compressed time. */
  later(milliseconds: number, what: () => void): void;
}

type FaultOf = (stage: Stage) => void;

const COMMON: readonly [FaultOf, ...FaultOf[]] = [
  ({ proxy }) => proxy.cut(),
  ({ proxy }) => proxy.cut(),
  ({ session }) => session.cut(),
  ({ proxy, random }) => {
    // One plan for one connection: those of an outage would strike one after the other.
    if (proxy.open > 0) proxy.cutNext(random.below(4_000));
    proxy.cut();
  },
  ({ session, random }) => session.close(random.pick([1000, 1001, 1011, 4101, 4500])),
  ({ proxy, random, later }) => {
    proxy.stall();
    later(random.below(3_000), () => proxy.resume());
  },
  ({ proxy, emulator, random }) => {
    const code = random.pick([500, 502, 503]);
    if (proxy.open > 0) emulator.addFault({ kind: "status", path: "/v1/ws/", code, times: 1 });
    proxy.cut();
  },
];

const RARE: readonly [FaultOf, ...FaultOf[]] = [
  ({ proxy }) => proxy.swallow(),
  ({ emulator }) => emulator.revokeTokens(),
  ({ emulator, random }) => {
    const kind = random.pick<"reset" | "truncate-body">(["reset", "truncate-body"]);
    emulator.addFault({ kind, path: "/v1/sessions/", times: 1 });
  },
  ({ proxy, random, later }) => {
    proxy.refuse();
    proxy.cut();
    later(5_000 + random.below(120_000), () => proxy.accept());
  },
];

/** A fault every second for half an hour, in compressed time: nothing lost, doubled or leaked. */
export const soak: Measure = {
  name: "soak",
  async take() {
    if (Deno.build.os !== "linux") {
      return [{ what: "soak of 30 minutes", figure: LINUX_ONLY, verdict: "unmeasured" }];
    }
    const { shown, said, links, gaps, looks } = await endure();
    const same = said.filter((text, index) => text === shown[index]).length;
    const early = looks.filter(({ at }) => at <= EARLY_MILLISECONDS);
    const late = looks.filter(({ at }) => at >= LATE_MILLISECONDS);
    const most = (of: readonly Look[], what: keyof Look) => Math.max(...of.map((l) => l[what]));
    // The least of the looks is the one with no history under way, which grows with the session.
    const least = (of: readonly Look[]) => Math.min(...of.map(({ heap }) => heap));
    const resident = (of: readonly Look[]) => megabytes(median(of.map((look) => look.resident)));
    const rows: Row[] = [
      {
        what: "30 minutes with a fault every second: frames as if uncut",
        figure: `${count(same)} of ${count(said.length)} the same`,
        comparison: `${count(shown.length)} shown, over ${count(links)} links, ${gaps} gaps`,
        goal: "all, and no more",
        verdict: same === said.length && shown.length === said.length && gaps === 0
          ? "met"
          : "missed",
      },
      {
        what: "the same: memory after a collection",
        figure: megabytes(least(late)),
        comparison: `first 10 minutes ${megabytes(least(early))}; ` +
          `whole process ${resident(early)}, then ${resident(late)}`,
        goal: `≤ ${MOST / 1e6} MB above the first 10 minutes`,
        verdict: atMost(least(late) - least(early), MOST),
      },
      {
        what: "the same: open sockets",
        figure: `${most(late, "sockets")} at most`,
        comparison: `first 10 minutes ${most(early, "sockets")}`,
        goal: `≤ ${MOST_SOCKETS} above the first 10 minutes`,
        verdict: atMost(most(late, "sockets"), most(early, "sockets") + MOST_SOCKETS),
      },
    ];
    return rows;
  },
};

async function endure() {
  const since = Date.now();
  const clock = compressedClock(since, FACTOR);
  await using emulator = await startServer({
    clock,
    faults: [{ kind: "token-expiry", seconds: TOKEN_SECONDS }],
  });
  await using proxy = new TcpProxy(emulator.port);
  const random = makeRandom(SEED);
  const session = emulator.createSession({ history: [frame(random, 0), frame(random, 1)] });
  const client = new Client(emulator, proxy, session.id, since);
  await session.attached();
  const stage: Stage = {
    random,
    emulator,
    session,
    proxy,
    later: (milliseconds, what) => void clock.sleep(milliseconds).then(what),
  };
  const begin = clock.now();
  for (let second = 1; second <= SECONDS; second++) {
    for (let left = random.below(5); left > 0; left--) {
      const said = frame(random, second);
      await session.push(said);
      // Now and then the same is said twice in the same moment.
      if (random.below(8) === 0) await session.push(said);
    }
    if (second * 1000 < SECONDS * 1000 - CALM_MILLISECONDS) {
      random.pick(random.below(40) === 0 ? RARE : COMMON)(stage);
    } else {
      proxy.accept();
      proxy.resume();
    }
    await clock.sleep(Math.max(0, begin + second * 1000 - clock.now()));
  }
  const said = await historyOfSession(emulator, session.id);
  session.end("completed", 0);
  const printed = await client.end();
  const links = emulator.requests.filter(({ status }) => status === 101).length;
  return { ...printed, said: said.map(essence), links };
}

/** The program, and what it printed. */
class Client {
  readonly #child: Deno.ChildProcess;
  readonly #frames: Promise<Frame[]>;
  readonly #looks: Promise<{ readonly looks: readonly Look[]; readonly words: readonly string[] }>;

  constructor(emulator: Emulator, proxy: TcpProxy, id: string, since: number) {
    this.#child = new Deno.Command(DENO, {
      args: [
        ...["run", "--quiet", "--allow-all", ...DEPENDENCY_OPTIONS],
        `--v8-flags=${[...V8_FLAGS, "--expose-gc"].join(",")}`,
        join(ROOT, "scripts/bench/soak_client.ts"),
        ...[String(since), String(FACTOR), new URL(proxy.url).port],
        ...["ai", "session", "attach", "--id", id, "--raw", "--reconnect-timeout", "1h"],
      ],
      env: { ...emulator.environment, LC_EPHEMERAL_CREDS: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#frames = readFrames(this.#child.stdout);
    this.#looks = readLooks(this.#child.stderr);
  }

  /**
   * Waits for its end.
   *
   * @throws {Error} where it did not end with the session
   */
  async end() {
    const [frames, { looks, words }, { code }] = await Promise.all([
      this.#frames,
      this.#looks,
      this.#child.status,
    ]);
    if (code !== 0) {
      throw new Error(`The client ended with exit code ${code}: ${words.slice(-5).join("\n")}`);
    }
    const shown = frames.filter(({ type }) => type !== "session_end").map(essence);
    return { shown, looks, gaps: words.filter((line) => line.includes("--- Lost")).length };
  }
}

async function readFrames(stdout: ReadableStream<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const line of linesOf(stdout)) {
    const frame = toFrame(JSON.parse(line));
    if (frame?.type === "history") frames.push(...historyOf(frame.payload));
    else if (frame !== undefined) frames.push(frame);
  }
  return frames;
}

async function readLooks(stderr: ReadableStream<Uint8Array>) {
  const looks: Look[] = [];
  const words: string[] = [];
  for await (const line of linesOf(stderr)) {
    if (line.startsWith("{")) looks.push(JSON.parse(line));
    else words.push(line);
  }
  return { looks, words };
}

async function historyOfSession(emulator: Emulator, id: string): Promise<Frame[]> {
  const { users, organizations } = emulator.accounts;
  const token = await emulator.mintToken(users.analyst, organizations.acme.oid);
  const answer = await fetch(`${emulator.url}/v1/sessions/${id}/history`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return historyOf(await answer.json());
}

function frame(random: Random, number: number): JsonObject {
  return random.pick<JsonObject>([
    { type: "assistant", payload: { content: [{ type: "text", text: `words ${number}` }] } },
    { type: "assistant", payload: { content: `words ${"x".repeat(random.below(3_000))}` } },
    { type: "tool_result", payload: { tool_use_id: `t${number}`, content: { b: 1.5 } } },
    { type: "usage_delta", payload: { input_tokens: random.below(2) } },
    { type: "user", payload: { text: random.pick(["yes", "no"]) } },
  ]);
}

/** What of a frame a person could tell apart. */
function essence({ type, timestamp, payload }: Frame): string {
  return JSON.stringify([type, timestamp, payload]);
}

function count(number: number): string {
  return number.toLocaleString("en");
}
