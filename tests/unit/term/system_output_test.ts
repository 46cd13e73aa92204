import { assertEquals } from "@std/assert";
import { sanitize } from "../../../src/render/safe_text.ts";
import { BackgroundQueue, BlockingQueue, SystemOutput } from "../../../src/term/system_output.ts";

/** A stream that takes a few bytes at a time, and writes down which stream they went to. */
class RecordingWriter {
  readonly #name: string;
  readonly #written: [string, string][];
  readonly #most: number;
  readonly #isTerminal: boolean;
  readonly #decoder = new TextDecoder();

  constructor(
    name: string,
    written: [string, string][],
    { most = Infinity, isTerminal = false } = {},
  ) {
    this.#name = name;
    this.#written = written;
    this.#most = most;
    this.#isTerminal = isTerminal;
  }

  isTerminal(): boolean {
    return this.#isTerminal;
  }

  writeSync(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#most);
    const text = this.#decoder.decode(taken, { stream: true });
    const last = this.#written.at(-1);
    if (last?.[0] === this.#name) last[1] += text;
    else this.#written.push([this.#name, text]);
    return taken.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(this.writeSync(bytes));
  }
}

function outputs(options: { most?: number; isTerminal?: boolean } = {}) {
  const queues = { terminal: new BackgroundQueue(), other: new BlockingQueue() };
  const written: [string, string][] = [];
  const stdout = new SystemOutput(new RecordingWriter("stdout", written, options), queues);
  const stderr = new SystemOutput(new RecordingWriter("stderr", written, options), queues);
  return { stdout, stderr, written };
}

for (const isTerminal of [false, true]) {
  const where = isTerminal ? "a terminal" : "a pipe";

  Deno.test(`SystemOutput.write() keeps the order of stdout and stderr on ${where}`, async () => {
    const { stdout, stderr, written } = outputs({ isTerminal });
    stdout.write(sanitize("a"));
    stdout.write(sanitize("b"));
    stderr.write(sanitize("c"));
    stdout.write(sanitize("d"));
    await stdout.flush();
    assertEquals(written, [["stdout", "ab"], ["stderr", "c"], ["stdout", "d"]]);
  });

  Deno.test(`SystemOutput.write() leaves out nothing of a text that ${where} takes a part of at a time`, async () => {
    const { stdout, written } = outputs({ isTerminal, most: 1_000 });
    const text = "日本語 😀 é plain ".repeat(30_000);
    stdout.write(sanitize(text));
    await stdout.flush();
    assertEquals(written, [["stdout", text]]);
  });

  Deno.test(`SystemOutput.closed says that the reader of ${where} is gone, and goes on without it`, async () => {
    const queues = { terminal: new BackgroundQueue(), other: new BlockingQueue() };
    const gone = {
      isTerminal: () => isTerminal,
      writeSync(): number {
        throw new Deno.errors.BrokenPipe("gone");
      },
      write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")),
    };
    const stdout = new SystemOutput(gone, queues);
    stdout.write(sanitize("x"));
    await stdout.closed;
    stdout.write(sanitize("y"));
    await stdout.flush();
  });
}

Deno.test("SystemOutput.write() waits for a pipe before more is queued than a pipe holds", () => {
  const { stdout, written } = outputs();
  const piece = sanitize("x".repeat(1_000));
  for (let count = 0; count < 1_000; count++) stdout.write(piece);
  const [[, text] = ["", ""]] = written;
  // Nothing but this call has run: a queue that waits for the event loop has written nothing yet.
  assertEquals(Math.floor(text.length / 100_000), 9);
});
