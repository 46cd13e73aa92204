import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decode } from "@toon-format/toon";
import { parse } from "yaml";
import { CliError } from "../../src/app/errors.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { createOutput } from "../../src/app/output.ts";
import { widthOf } from "../../src/render/width.ts";
import { type FakeProcessOptions, FakeTerminal } from "../support/fakes.ts";
import { depsFor, readLines, SESSION_OPTIONS, SESSIONS } from "../support/output_fixture.ts";

/** Prints the sessions and gives back both outputs. */
async function printSessions(args: readonly string[], options: FakeProcessOptions = {}) {
  const deps = depsFor(args, options);
  await createOutput(deps).rows(SESSIONS, SESSION_OPTIONS);
  return { stdout: deps.terminal.stdout.text, stderr: deps.terminal.stderr.text };
}

async function printed(args: readonly string[], options: FakeProcessOptions = {}) {
  return (await printSessions(args, options)).stdout;
}

async function failure(args: readonly string[]): Promise<CliError> {
  const deps = depsFor(args);
  const error = await assertRejects(
    () => createOutput(deps).rows(SESSIONS, SESSION_OPTIONS),
    CliError,
  );
  assertEquals(deps.terminal.stdout.text, "");
  assertEquals(error.exitCode, ExitCode.Usage);
  return error;
}

function onTerminal(columns = 80): FakeProcessOptions {
  return { terminal: new FakeTerminal({ terminal: true, columns }) };
}

Deno.test("json, yaml and jsonl hold the rows without loss, and nothing for a terminal", async () => {
  const [json, yaml, jsonl] = [
    await printed(["-o", "json"]),
    await printed(["-o", "yaml"]),
    await printed(["-o", "jsonl"]),
  ];
  assertEquals(JSON.parse(json), SESSIONS);
  assertEquals(parse(yaml), SESSIONS);
  assertEquals(readLines(jsonl), SESSIONS);
  for (const text of [json, yaml, jsonl]) assert(!text.includes("\u202e"), text);
});

Deno.test("json is indented by two, as in the Python CLI", async () => {
  assertEquals(
    await printed(["--fields", "id"]),
    JSON.stringify(
      SESSIONS.map(({ id }) => ({ id })),
      null,
      2,
    ) + "\n",
  );
});

Deno.test("toon and csv hold the rows", async () => {
  const fields = ["--fields", "id,cost_usd,end_reason"];
  assertEquals(
    decode(await printed(["-o", "toon", ...fields])),
    SESSIONS.map(({ id, cost_usd, end_reason }) =>
      end_reason === undefined ? { id, cost_usd } : { id, cost_usd, end_reason }
    ),
  );
  assertEquals(
    await printed(["-o", "csv", ...fields]),
    "id,cost_usd,end_reason\ns-1,0.25,completed\ns-2,1.5,\ns-3,0.5,\n",
  );
});

Deno.test("the default is a table on a terminal and json in a pipe", async () => {
  assertEquals(JSON.parse(await printed([])), SESSIONS);
  const table = await printed(["--no-color"], onTerminal());
  assert(table.startsWith("id "), table);
});

Deno.test("a table on a terminal fits it and is for people", async () => {
  const { stdout, stderr } = await printSessions(["--no-color"], onTerminal(40));
  const lines = stdout.trimEnd().split("\n");
  assert(lines.every((line) => widthOf(line) <= 40), stdout);
  assertStringIncludes(stdout, "4 min ago");
  assertStringIncludes(stdout, "$1.50");
  // The emptiest columns are those that go.
  assertEquals(stderr.split("(")[0], "2 columns do not fit: name, end_reason ");
});

Deno.test("columns without values are counted, not named, where there is no room", async () => {
  const deps = depsFor([], onTerminal(20));
  const [a, b] = ["a".repeat(12), "b".repeat(12)];
  await createOutput(deps).rows([{ a, b, model: null, region: "" }]);
  assertEquals(
    deps.terminal.stderr.text.split("(")[0],
    "3 columns do not fit: b, 2 without values ",
  );
});

Deno.test("a table in a pipe is not cut and shows values as they are", async () => {
  const { stdout, stderr } = await printSessions(["-o", "table"]);
  assertStringIncludes(stdout, "2026-01-03T00:00:00Z");
  assertStringIncludes(stdout, "end_reason");
  assertEquals(stderr, "");
});

Deno.test("--wide shows every column and whole values on a terminal", async () => {
  const { stdout, stderr } = await printSessions(["--wide"], onTerminal(20));
  assertStringIncludes(stdout, "2026-01-03T00:00:00Z");
  assertStringIncludes(stdout, "completed");
  assertEquals(stderr, "");
});

Deno.test("colors are for terminals only, and for those who want them", async () => {
  const isColored = async (args: string[], options: FakeProcessOptions) =>
    (await printed(args, options)).includes("\x1b[");
  assertEquals(await isColored([], onTerminal()), true);
  assertEquals(await isColored(["--no-color"], onTerminal()), false);
  assertEquals(await isColored([], { ...onTerminal(), env: { NO_COLOR: "1" } }), false);
  assertEquals(await isColored([], { ...onTerminal(), env: { TERM: "dumb" } }), false);
  assertEquals(await isColored(["-o", "table"], {}), false);
});

Deno.test("the filter comes first, then sorting, then fields, wherever flags stand", async () => {
  const output = await printed([
    "--reverse",
    "--fields=id",
    "--sort-by",
    "cost_usd",
    "--filter",
    "[?status=='running']",
  ]);
  assertEquals(JSON.parse(output), [{ id: "s-2" }, { id: "s-3" }]);
});

Deno.test("--reverse without --sort-by changes nothing and says so", async () => {
  const { stdout, stderr } = await printSessions(["--reverse"]);
  assertEquals(JSON.parse(stdout), SESSIONS);
  assertStringIncludes(stderr, "--sort-by");
});

Deno.test("empty --filter, --fields and --sort-by count as absent", async () => {
  const output = await printed(["--filter", "", "--fields", "", "--sort-by", ""]);
  assertEquals(JSON.parse(output), SESSIONS);
});

Deno.test("--fields of one record keeps its fields", async () => {
  const deps = depsFor(["--fields", "b,a"]);
  await createOutput(deps).value({ a: 1, b: 2, c: 3 });
  assertEquals(deps.terminal.stdout.text, '{\n  "b": 2,\n  "a": 1\n}\n');
});

Deno.test("--fields looks into an answer that wraps one thing", async () => {
  const print = async (value: unknown, ...args: string[]) => {
    const deps = depsFor(["--fields", "id,status", ...args]);
    await createOutput(deps).value(value);
    return deps.terminal.stdout.text;
  };
  const [session] = SESSIONS;
  const kept = { id: session?.id, status: session?.status };
  assertEquals(JSON.parse(await print({ session })), { session: kept });
  assertEquals(JSON.parse(await print({ sessions: [session] })), { sessions: [kept] });
  assertStringIncludes(await print({ session }, "-o", "table"), "status  ended");
  const deps = depsFor(["--fields", "session"]);
  await createOutput(deps).value({ session });
  assertEquals(JSON.parse(deps.terminal.stdout.text), { session });
});

Deno.test("--quiet prints neither results nor notices, and still takes all rows", async () => {
  let taken = 0;
  function* rows() {
    for (const session of SESSIONS) {
      taken++;
      yield session;
    }
  }
  const deps = depsFor(["-q", "-o", "jsonl", "--reverse"]);
  await createOutput(deps).rows(rows());
  await createOutput(deps).value({ id: "s-1" });
  assertEquals([deps.terminal.stdout.text, deps.terminal.stderr.text], ["", ""]);
  assertEquals(taken, SESSIONS.length);
});

Deno.test("an empty list is an empty document, and a notice where a table was wanted", async () => {
  const outputs: Record<string, string> = {};
  for (const format of ["json", "jsonl", "yaml", "toon", "csv", "table"]) {
    const deps = depsFor(["-o", format, "--fields", "id", "--sort-by", "anything"]);
    await createOutput(deps).rows([]);
    outputs[format] = deps.terminal.stdout.text;
    assertEquals(deps.terminal.stderr.text === "", format !== "table");
  }
  assertEquals(outputs, {
    json: "[]\n",
    jsonl: "",
    yaml: "[]\n",
    toon: "[]\n",
    csv: "",
    table: "",
  });
});

Deno.test("a filter that finds nothing gives null, and a notice where a table was wanted", async () => {
  assertEquals(await printed(["--filter", "missing"]), "null\n");
  const { stdout, stderr } = await printSessions(["--filter", "missing", "-o", "table"]);
  assertEquals(stdout, "");
  assert(stderr !== "");
});

Deno.test("a wrong filter is told before any row is asked for", async () => {
  const deps = depsFor(["--filter", "[?status == 'running'"]);
  const rows = {
    [Symbol.iterator](): Iterator<unknown> {
      throw new Error("Rows were asked for");
    },
  };
  const error = await assertRejects(() => createOutput(deps).rows(rows), CliError);
  assertEquals(error.exitCode, ExitCode.Usage);
  assertStringIncludes(error.message, `"[?status == 'running'": it ends too early at position 22`);
});

Deno.test("check() tells of a wrong filter and prints nothing", async () => {
  const deps = depsFor(["--filter", "a b"]);
  const error = await assertRejects(() => createOutput(deps).check(), CliError);
  assertEquals(error.exitCode, ExitCode.Usage);
  await createOutput(depsFor(["--filter", "[].id"])).check();
  assertEquals([deps.terminal.stdout.text, deps.terminal.stderr.text], ["", ""]);
});

Deno.test("unknown fields are told with their position and names that come close", async () => {
  for (const format of ["json", "jsonl", "csv", "table"]) {
    const unknownField = await failure(["-o", format, "--fields", "id,stauts"]);
    assertStringIncludes(unknownField.message, 'field "stauts" at position 4 of --fields');
    assertStringIncludes(unknownField.hint ?? "", 'Did you mean "status"?');
  }
  const unknownKey = await failure(["--sort-by", "cost"]);
  assertStringIncludes(unknownKey.message, 'field "cost" at position 1 of --sort-by');
  assertStringIncludes(unknownKey.hint ?? "", '"cost_usd"');
  assertStringIncludes((await failure(["--filter", "[].id", "--fields", "id"])).message, "objects");
});

Deno.test("fields that the command knows may be missing in all rows", async () => {
  for (const format of ["json", "jsonl"]) {
    await printed(["-o", format, "--fields", "id,error_message"]);
  }
  assertEquals(JSON.parse(await printed(["--sort-by", "error_message"])), SESSIONS);
});

Deno.test("json and jsonl load no library of another format", async () => {
  const sources = new Map<string, string>();
  const packages = new Set<string>();
  const visit = async (url: URL) => {
    if (sources.has(url.href)) return;
    sources.set(url.href, await Deno.readTextFile(url));
    const imports = sources.get(url.href)?.matchAll(
      /^(?:import|export) (?!type)[^;"]*?from "([^"]+)";/gm,
    );
    for (const [, name = ""] of imports ?? []) {
      if (name.startsWith(".")) await visit(new URL(name, url));
      else packages.add(name);
    }
  };
  await visit(new URL("../../src/app/output.ts", import.meta.url));
  assert(sources.size > 5, [...sources.keys()].join("\n"));
  assertEquals([...packages], []);
});
