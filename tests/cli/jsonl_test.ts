import { assert, assertEquals, assertRejects } from "@std/assert";
import { createOutput, type OutputDeps } from "../../src/app/output.ts";
import type { SafeText } from "../../src/render/safe_text.ts";
import type { Terminal } from "../../src/term/terminal.ts";
import { FakeTerminal } from "../support/fakes.ts";
import { depsFor, readLines, SESSIONS } from "../support/output_fixture.ts";

Deno.test("fields that only later rows have are kept in jsonl too", async () => {
  const deps = depsFor(["-o", "jsonl", "--fields", "id,note"]);
  await createOutput(deps).rows([{ id: 1, note: "a" }, { id: 2 }, { id: 3, note: "b" }]);
  assertEquals(readLines(deps.terminal.stdout.text), [
    { id: 1, note: "a" },
    { id: 2 },
    { id: 3, note: "b" },
  ]);
});

/** A pipe that takes what is queued only when it is waited for, and knows how much that was. */
class SlowPipe {
  static readonly LIMIT = 1 << 16;
  readonly isTerminal = false;
  readonly closed: Promise<void>;
  readonly failure = undefined;
  /** Tells {@linkcode closed} that nobody reads any more. */
  readonly close: () => void;
  lines = 0;
  mostQueued = 0;
  #queued = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.close = resolve;
  }

  get queued(): number {
    return this.#queued;
  }

  write(text: SafeText): void {
    this.#queued += text.length;
    this.mostQueued = Math.max(this.mostQueued, this.#queued);
    this.lines += text.split("\n").length - 1;
  }

  async ready(): Promise<void> {
    if (this.#queued > SlowPipe.LIMIT) await this.flush();
  }

  flush(): Promise<void> {
    this.#queued = 0;
    return Promise.resolve();
  }
}

/** What a command with these arguments depends on, with that pipe as stdout. */
function depsWithPipe(args: readonly string[], stdout: SlowPipe): OutputDeps {
  const deps = depsFor(args);
  const terminal: Terminal = Object.assign(new FakeTerminal(), { stdout });
  return { ...deps, terminal };
}

async function* manySessions(count: number) {
  for (let index = 0; index < count; index++) {
    yield {
      id: `s-${index}`,
      status: index % 2 === 0 ? "running" : "ended",
      text: "x".repeat(500),
    };
    if (index % 200 === 199) await Promise.resolve();
  }
}

Deno.test("jsonl of 100,000 rows never queues more than the pipe takes", async () => {
  const pipe = new SlowPipe();
  await createOutput(depsWithPipe(["-o", "jsonl"], pipe)).rows(manySessions(100_000));
  assertEquals(pipe.lines, 100_000);
  assert(pipe.mostQueued < SlowPipe.LIMIT + 1024, `${pipe.mostQueued}`);
});

Deno.test("jsonl streams through a filter and fields that look at single rows", async () => {
  const pipe = new SlowPipe();
  const args = ["-o", "jsonl", "--filter", "[?status=='ended']", "--fields", "id,text"];
  await createOutput(depsWithPipe(args, pipe)).rows(manySessions(10_000));
  assertEquals(pipe.lines, 5000);
  assert(pipe.mostQueued < SlowPipe.LIMIT + 1024, `${pipe.mostQueued}`);
});

Deno.test("the first row of jsonl is out before the second one is asked for", async () => {
  const pipe = new SlowPipe();
  const seen: number[][] = [];
  function* rows() {
    for (const session of SESSIONS) {
      seen.push([pipe.lines, pipe.queued]);
      yield session;
    }
  }
  await createOutput(depsWithPipe(["-o", "jsonl"], pipe)).rows(rows());
  assertEquals(seen.slice(0, 2), [[0, 0], [1, 0]]);
});

Deno.test("jsonl asks for no more rows when nobody reads them", async () => {
  const pipe = new SlowPipe();
  let isReleased = false;
  async function* rows() {
    try {
      for await (const row of manySessions(1000)) {
        if (row.id === "s-10") pipe.close();
        yield row;
      }
    } finally {
      isReleased = true;
    }
  }
  await createOutput(depsWithPipe(["-o", "jsonl"], pipe)).rows(rows());
  assert(pipe.lines < 20, `${pipe.lines}`);
  assert(isReleased);
});

/** The sessions in that format, filtered. */
async function printed(format: string, filter: string): Promise<string> {
  const deps = depsFor(["-o", format, "--filter", filter]);
  await createOutput(deps).rows(SESSIONS);
  return deps.terminal.stdout.text;
}

Deno.test("a filter over the whole list gives the same in jsonl as in json", async () => {
  for (const filter of ["length(@)", "[0]", "sort_by(@, &cost_usd)[].id", "[].{id: id}"]) {
    const json = JSON.parse(await printed("json", filter));
    const jsonl = readLines(await printed("jsonl", filter));
    assertEquals(jsonl, Array.isArray(json) ? json : [json], filter);
  }
});

Deno.test("a list that fails half-way prints nothing but the lines of jsonl", async () => {
  async function* rows() {
    yield* SESSIONS;
    await Promise.resolve();
    throw new Error("The second page is lost");
  }
  for (const format of ["json", "csv", "table", "jsonl"]) {
    const deps = depsFor(["-o", format]);
    await assertRejects(() => createOutput(deps).rows(rows()), Error, "second page");
    const lines = deps.terminal.stdout.lines.length;
    assertEquals(lines, format === "jsonl" ? SESSIONS.length : 0, format);
  }
});
