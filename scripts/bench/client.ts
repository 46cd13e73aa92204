/** What became of a program that was run to its end. */
export interface ClientResult {
  readonly code: number;
  /** When it printed last, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Bytes and line ends of its stdout. */
  readonly bytes: number;
  readonly lines: number;
  /** The most memory that it held, in bytes; 0 where the system doesn't tell. */
  readonly peak: number;
  /** The end of its stderr. */
  readonly said: string;
}

export interface ClientOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Looks at how much memory it holds. */
  readonly watchMemory?: boolean;
}

/** Stands in place of a figure of memory where the system keeps no high-water mark. */
export const LINUX_ONLY = "needs /proc of Linux";

const LINE_FEED = 10;
const LOOK_MILLISECONDS = 20;

/** Runs a program to its end, and reads what it prints into nothing. */
export async function runClient({ command, env, watchMemory }: ClientOptions) {
  const [program = "", ...args] = command;
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const memory = watchMemory === true ? new PeakMemory(child.pid) : undefined;
  const [{ bytes, lines, lastAt }, said, { code }] = await Promise.all([
    count(child.stdout),
    new Response(child.stderr).text(),
    child.status,
  ]);
  memory?.stop();
  const result: ClientResult = { code, lastAt, bytes, lines, peak: memory?.peak ?? 0, said };
  return result;
}

async function count(stream: ReadableStream<Uint8Array>) {
  let bytes = 0;
  let lines = 0;
  let lastAt = NaN;
  for await (const chunk of stream) {
    bytes += chunk.length;
    lastAt = Date.now();
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) lines++;
  }
  return { bytes, lines, lastAt };
}

/** Follows the high-water mark that Linux keeps of a process. */
class PeakMemory {
  peak = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(pid: number) {
    const look = () => this.#look(pid);
    this.#timer = setInterval(look, LOOK_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(pid: number): void {
    try {
      const status = Deno.readTextFileSync(`/proc/${pid}/status`);
      this.peak = Math.max(this.peak, Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It has just ended.
    }
  }
}
