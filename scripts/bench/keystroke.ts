import { inTerminal, terminalNeed } from "./pseudo_terminal.ts";
import { atMost, milliseconds, type Row } from "./report.ts";
import type { Measure, Setting } from "./setting.ts";
import { median, percentile } from "./statistics.ts";

const PER_SECOND = 2_000;
const KEYS = 520;
/** Between two keys, in milliseconds: as fast as somebody types, and never in step with anything. */
const PAUSE = { least: 20, most: 60 };
const LATE_MILLISECONDS = 2_000;
const MOST = 20;
/** Takes the line away again. */
const CTRL_U = "\x15";

/** Keys that are on the screen nowhere but where they are typed: the frames are in small letters. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Milliseconds from a key to its sight on the screen while frames stream by. */
export const keystroke: Measure = {
  name: "keystroke",
  async take(setting) {
    const row = {
      what: `key to screen, with ${PER_SECOND.toLocaleString("en")} frames/s streaming by`,
      goal: `p99 ≤ ${MOST} ms`,
    };
    const need = terminalNeed();
    if (need !== undefined) return [{ ...row, figure: need, verdict: "unmeasured" }];
    const taken = await type(setting);
    const p99 = percentile(taken, 0.99);
    const rows: Row[] = [{
      ...row,
      figure: `p99 ${milliseconds(p99)}`,
      comparison: `median ${milliseconds(median(taken))}, worst ${
        milliseconds(Math.max(...taken))
      }`,
      verdict: atMost(p99, MOST),
    }];
    return rows;
  },
};

async function type({ server, program, env }: Setting): Promise<number[]> {
  const { session } = await server.ask<"session">({ type: "session" });
  const attach = [...program, "ai", "session", "attach", "--id", session, "--interactive"];
  const [command = "", ...args] = inTerminal(attach);
  const child = new Deno.Command(command, {
    args,
    clearEnv: true,
    env: { ...env, TERM: "xterm-256color", PATH: "/usr/local/bin:/usr/bin:/bin" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const screen = new Sight(child.stdout);
  try {
    await server.ask<"trickle">({ type: "trickle", session, perSecond: PER_SECOND });
    await pause(1_000);
    const taken: number[] = [];
    for (let number = 0; number < KEYS; number++) {
      const key = ALPHABET[number % ALPHABET.length] ?? "";
      const seen = screen.waitFor(key);
      const start = performance.now();
      await keyboard.write(new TextEncoder().encode(key));
      taken.push(await seen - start);
      await pause(PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least));
      if (key !== ALPHABET.at(-1)) continue;
      await keyboard.write(new TextEncoder().encode(CTRL_U));
      await pause(200);
    }
    return taken;
  } finally {
    await server.ask<"end">({ type: "end", session });
    await keyboard.close().catch(() => {});
    await Promise.all([screen.end, child.status]);
  }
}

/** Reads what goes to a screen, and tells when something stands there for the first time. */
class Sight {
  readonly end: Promise<void>;
  #wanted: number | undefined;
  #see: (at: number) => void = () => {};

  constructor(stream: ReadableStream<Uint8Array>) {
    this.end = this.#read(stream);
  }

  /** When the key was seen, by `performance.now()`. */
  async waitFor(key: string): Promise<number> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = new Promise<number>((resolve, reject) => {
      this.#see = resolve;
      timer = setTimeout(
        () => reject(new Error(`Cannot see "${key}" on the screen`)),
        LATE_MILLISECONDS,
      );
    });
    this.#wanted = key.charCodeAt(0);
    try {
      return await seen;
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stream) {
      if (this.#wanted === undefined || !bytes.includes(this.#wanted)) continue;
      this.#wanted = undefined;
      this.#see(performance.now());
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
