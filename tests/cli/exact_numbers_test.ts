import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExactNumber } from "../../src/protocol/exact_json.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const LARGE = "12345678901234567890";
const LARGER = "9e400";
const EXACT = { large: new ExactNumber(LARGE), list: [new ExactNumber(LARGER), 5] };

for (
  const [format, ...expected] of [
    ["json", `"large": ${LARGE}`, `    ${LARGER},\n`],
    ["jsonl", `"large":${LARGE},"list":[${LARGER},5]`],
    ["yaml", `large: ${LARGE}\n`, "- 9.0e400\n"],
    ["toon", `large: ${LARGE}\n`, `: ${LARGER},5\n`],
    ["csv", `""large"":${LARGE},""list"":[${LARGER},5]`],
    ["table", ` ${LARGE}\n`, ` ${LARGER}, 5\n`],
  ] as const
) {
  Deno.test(`-o ${format} has numbers that no double holds as the service wrote them`, async () => {
    await using emulator = await startServer();
    emulator.createSession({ id: "exact", fields: EXACT });
    const args = ["ai", "chats", "get", "--id", "exact", "-o", format];
    const { code, stdout, stderr } = await runProgram(args, { env: emulator.environment });
    assertEquals([code, stderr], [0, ""]);
    for (const part of expected) assertStringIncludes(stdout, part);
  });
}

Deno.test("numbers that no double holds are sorted and compared as numbers", async () => {
  await using emulator = await startServer();
  for (const [id, n] of [["b", 5], ["a", new ExactNumber(LARGER)], ["c", 1e300]] as const) {
    emulator.createSession({ id, fields: { n } });
  }
  const list = ["ai", "chats", "list", "-o", "csv", "--fields", "id", "--sort-by", "n"];
  const sorted = await runProgram(list, { env: emulator.environment });
  assertEquals(sorted.stdout, "id\nb\nc\na\n");
  const filter = ["--filter", "[?n > `6`].{id: id, n: n}", "-o", "jsonl"];
  const found = await runProgram(["ai", "chats", "list", ...filter], { env: emulator.environment });
  assertStringIncludes(found.stdout, `{"id":"a","n":${LARGER}}`);
});

Deno.test("attach shows numbers that no double holds as they are", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: "exact" });
  await using program = startProgram(["ai", "session", "attach", "--id", "exact"], {
    env: emulator.environment,
  });
  await session.attached();
  await session.push({ type: "tool_use", payload: { id: "t", name: "Case", input: EXACT } });
  await session.push({ type: "error", payload: { code: EXACT.large, message: "m" } });
  session.end("completed", 0);
  const { stdout, stderr } = await program.result();
  assertStringIncludes(stdout, `{"large":${LARGE},"list":[${LARGER},5]}`);
  assertStringIncludes(stderr, `error [${LARGE}]: m`);
});
