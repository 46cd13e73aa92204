// The program in compressed time, with its WebSockets by way of another port. Now and then it says on
// stderr what it takes: its memory after a collection, and its open sockets.
import { run } from "../../src/app/root.ts";
import { systemProcess } from "../../src/app/system.ts";
import { systemTerminal } from "../../src/term/system.ts";
import { compressedClock } from "./compressed_clock.ts";

/** What the client says of itself. */
export interface Look {
  /** Milliseconds of compressed time since it began. */
  readonly at: number;
  /** Bytes on V8's heap and beside it, after a collection. */
  readonly heap: number;
  /** Bytes of the whole process. */
  readonly resident: number;
  readonly sockets: number;
}

const LOOK_MILLISECONDS = 30_000;

function openSockets(): number {
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      if (Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith("socket:")) count++;
    } catch {
      // The folder itself was open while it was read.
    }
  }
  return count;
}

function look(at: number): Look {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { at, heap: heapUsed + external, resident: rss, sockets: openSockets() };
}

const [since = "", factor = "", port = "", ...args] = Deno.args;
const clock = compressedClock(Number(since), Number(factor));
const begin = clock.now();
const process = systemProcess(systemTerminal());

class RedirectedWebSocket extends WebSocket {
  constructor(url: string | URL, options?: ConstructorParameters<typeof WebSocket>[1]) {
    const target = new URL(url);
    target.port = port;
    super(target, options);
  }
}

const looking = setInterval(() => {
  const text = JSON.stringify(look(clock.now() - begin));
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}, LOOK_MILLISECONDS / Number(factor));
const code = await run(args, {
  ...process,
  clock,
  openNetwork: () => ({ fetch, WebSocket: RedirectedWebSocket }),
});
clearInterval(looking);
await process.terminal.stdout.flush();
Deno.exit(code);
