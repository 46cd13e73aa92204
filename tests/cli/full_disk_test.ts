import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { sourceCommand, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { LINUX, testWith } from "../support/skip.ts";

const MESSAGE = "Cannot write to stdout: No space left on device";

/** Starts the program with a stdout that takes nothing, as on a full disk. */
function startOnFullDisk(args: readonly string[], emulator?: Emulator) {
  return startProgram(args, {
    command: ["sh", "-c", 'exec "$@" >/dev/full', "sh", ...sourceCommand()],
    env: emulator?.environment ?? {},
  });
}

for (const args of [["--version"], ["version"], ["--help"], [], ["ai", "chat", "--help"]]) {
  testWith([LINUX], `limacharlie ${args.join(" ")} fails where stdout takes nothing`, async () => {
    await using program = startOnFullDisk(args);
    const { code, stderr } = await program.result();
    assertEquals(code, ExitCode.Failure);
    assertMatch(stderr, new RegExp(`^Error: ${MESSAGE}\nHint: .*\n$`));
  });
}

for (const format of ["json", "jsonl", "yaml", "csv"]) {
  testWith([LINUX], `a list as ${format} fails where stdout takes nothing`, async () => {
    await using emulator = await startServer();
    for (let index = 0; index < 120; index++) emulator.createSession({});
    await using program = startOnFullDisk(["ai", "chats", "list", "-o", format], emulator);
    const { code, stderr } = await program.result();
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, MESSAGE);
    assertEquals(stderr.includes('{"error":'), format.startsWith("json"));
  });
}

for (const flags of [[], ["--raw"], ["-o", "jsonl"]]) {
  testWith([LINUX], `attach ${flags.join(" ")} fails where stdout takes nothing`, async () => {
    await using emulator = await startServer();
    const session = emulator.createSession({ id: "full" });
    await using program = startOnFullDisk(
      ["ai", "session", "attach", "--id", "full", ...flags],
      emulator,
    );
    await session.attached();
    await session.push({ type: "assistant", payload: { content: "lost" } });
    const { code, stderr } = await program.result();
    assertEquals(code, ExitCode.Failure);
    assertStringIncludes(stderr, MESSAGE);
    assertStringIncludes(stderr, "ai session attach --id full");
    if (!flags.includes("jsonl")) return;
    const finals = stderr.split("\n").filter((line) => line.includes('"type":"final"'));
    assertEquals(
      finals.map((line) => JSON.parse(line)).map(({ status, exit_code }) => [
        status,
        exit_code,
      ]),
      [["failed", ExitCode.Failure]],
    );
  });
}
