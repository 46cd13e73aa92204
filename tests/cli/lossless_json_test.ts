import { assert, assertEquals } from "@std/assert";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { JsonObject } from "../../src/protocol/frames.ts";
import { ACTIVE, ATTACKS } from "../support/attacks.ts";
import { startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";

/** All but lone surrogates, on which jq 1.6 gives up. */
const TEXTS = [
  ...ATTACKS.map(([, attack]) => attack).filter((attack) => attack.isWellFormed()),
  '日本語 👩\u200d👧 "quoted" \\u001b \\x1b \t\r\n',
];

const FRAMES: readonly JsonObject[] = TEXTS.map((text) => ({
  type: "assistant",
  timestamp: "2026-08-21T09:15:42Z",
  payload: { content: [{ type: "text", text }], [text]: text, exact: [text, { [text]: null }] },
}));

/** What jq makes of JSON: what it read, as it writes that. */
async function jq(filter: string, json: string): Promise<string[]> {
  await using program = startProgram(["-c", "-S", filter], { command: ["jq"] });
  await program.write(json);
  await program.closeInput();
  const { code, stdout, stderr } = await program.result();
  assertEquals([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n");
}

async function printed(emulator: Emulator, ...args: string[]): Promise<string> {
  await using program = startProgram(args, { env: emulator.environment });
  const { code, stdout } = await program.result();
  assertEquals(code, 0);
  return stdout;
}

function assertFit(json: string): void {
  assertEquals(ACTIVE.exec(json.replaceAll("\n", "")), null);
}

testWith([tool("jq")], "jq gives back what a session holds, from json and jsonl", async () => {
  await using emulator = await startServer();
  emulator.createSession({ id: "held", fields: { name: TEXTS[1], texts: TEXTS }, history: FRAMES });
  const texts = await jq(".", JSON.stringify(TEXTS));
  for (const format of ["json", "jsonl"]) {
    const session = await printed(emulator, "ai", "chats", "get", "--id", "held", "-o", format);
    assertFit(session);
    assertEquals(await jq(".. | .texts? // empty", session), texts, format);
    const history = await printed(
      emulator,
      ...["ai", "chats", "history", "--id", "held", "--raw", "-o", format],
    );
    assertFit(history);
    assertEquals(
      await jq(".. | objects | select(.payload) | .payload", history),
      await jq(".[] | .payload", JSON.stringify(FRAMES)),
      format,
    );
  }
});

testWith([tool("jq")], "jq gives back every frame of a stream, from --raw and jsonl", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ id: "streamed" });
  for (const [flags, filter] of [[["--raw"], "."], [["-o", "jsonl"], ".frame // empty"]] as const) {
    await using program = startProgram(["ai", "session", "attach", "--id", "streamed", ...flags], {
      env: emulator.environment,
    });
    await session.attached();
    const before = emulator.sentFrames("streamed").length;
    for (const frame of FRAMES) await session.push(frame);
    session.close(4100);
    const { stdout } = await program.result();
    assertFit(stdout);
    const sent = emulator.sentFrames("streamed").slice(before).map(({ data }) => String(data));
    assert(sent.length >= FRAMES.length);
    const got = await jq(`${filter} | select(.type == "assistant")`, stdout);
    assertEquals(got, await jq('select(.type == "assistant")', sent.join("\n")), flags.join(" "));
  }
});
