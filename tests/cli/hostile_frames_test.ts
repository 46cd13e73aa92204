import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const TYPES = [
  "user",
  "assistant",
  "tool_use",
  "tool_result",
  "system",
  "result",
  "error",
  "history",
  "usage_delta",
  "tool_approval_request",
  "ask_user_question",
  "no_such_type",
];

const FIELDS = [
  "answers",
  "code",
  "content",
  "cost_usd",
  "details",
  "error",
  "id",
  "input",
  "is_error",
  "message",
  "messages",
  "name",
  "question_id",
  "questions",
  "subtype",
  "summary",
  "text",
  "tool_input",
  "tool_name",
  "tool_use_id",
  "usage",
];

/** JSON that some code takes for something else; the first can't even be made a string of. */
const VALUES = [
  '{"toString":1,"valueOf":1,"toJSON":1,"length":3,"then":1}',
  '[{"toString":1,"valueOf":1}]',
  '[{"options":[{"toString":1,"valueOf":1},[{"toString":1,"valueOf":1}],null,1e999]}]',
  `${"[".repeat(6_000)}1e999${"]".repeat(6_000)}`,
  '{"__proto__":{"type":"text","text":1},"constructor":null}',
  '[{"type":"text","text":{"toString":1}},{"type":{"toString":1}},[],null]',
  "1e999",
  "-0",
  "null",
  "true",
  '""',
];

const COMMANDS: readonly (readonly string[])[] = [
  ["attach"],
  ["attach", "--verbose"],
  ["attach", "--raw"],
  ["attach", "-o", "jsonl"],
  ["attach", "--interactive", "--on-approval", "deny"],
];

for (const command of COMMANDS) {
  Deno.test(`${command.join(" ")} takes whatever a frame's fields hold`, async () => {
    await using emulator = await startServer();
    const session = emulator.createSession({ id: "hostile" });
    await using program = startProgram(["ai", "session", ...command, "--id", "hostile"], {
      env: emulator.environment,
    });
    await session.attached();
    for (const value of VALUES) {
      for (const type of TYPES) {
        for (const field of FIELDS) {
          await session.push(`{"type":"${type}","payload":{"${field}":${value}}}`);
        }
        await session.push(`{"type":"${type}","payload":${value}}`);
      }
      await session.push(`{"type":"result","timestamp":${value},"session_id":${value}}`);
    }
    await session.push({ type: "assistant", payload: { content: "the last words" } });
    session.end("completed", 0);
    const { code, stdout } = await program.result();
    assertStringIncludes(stdout.slice(-1_000), "the last words");
    assertEquals(code, ExitCode.Done);
  });
}
