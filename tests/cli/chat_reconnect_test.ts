import { assertEquals } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Scenario } from "../../src/emulator/scenario.ts";
import { startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const ECHO: Scenario = {
  start_delay_ms: 0,
  pace_ms: 0,
  usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 },
  scripts: [{ steps: [{ say: "You said: {{prompt}}" }, { result: { summary: "answered" } }] }],
};

Deno.test("chat holds back what is typed while the connection is down, and sends it once", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using program = startProgram(["ai", "chat"], { env: emulator.environment });
  await program.stderr.waitFor("Attached");
  const upgrade = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"));
  const id = upgrade?.path.split("/").at(-1) ?? "";
  emulator.addFault({ kind: "status", path: "/v1/ws/", code: 503, times: 2 });
  emulator.session(id)?.cut();
  await program.stderr.waitFor("Reconnecting");
  await program.write("hello\n");
  await program.stderr.waitFor("Connected again");
  await program.stdout.waitFor("You said: hello");
  await program.closeInput();
  const { code, stdout } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(stdout.match(/You said: hello/g)?.length, 1);
  const prompts = emulator.receivedFrames(id).filter(({ data }) => String(data).includes("hello"));
  assertEquals(prompts.length, 1);
});

Deno.test("chat goes on after its connection broke in the middle of an approval", async () => {
  const scenario: Scenario = {
    ...ECHO,
    scripts: [{
      steps: [
        { tool: "Bash", input: { command: "id" }, result: "uid=0", approval: "always" },
        { result: { summary: "over" } },
      ],
    }],
  };
  await using emulator = await startServer({ scenario });
  await using program = startProgram(["ai", "chat", "go"], { env: emulator.environment });
  await program.stderr.waitFor("Approve Bash?");
  const upgrade = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"));
  emulator.session(upgrade?.path.split("/").at(-1) ?? "")?.cut();
  await program.stderr.waitFor("Connected again");
  await program.write("y\n");
  await program.stdout.waitFor("result: over");
  await program.closeInput();
  const { code, stderr } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(stderr.match(/Approve Bash\?/g)?.length, 1);
});

Deno.test("chat waits for its connection where its input ends with what was not sent yet", async () => {
  await using emulator = await startServer({ scenario: ECHO });
  await using program = startProgram(["ai", "chat", "first"], { env: emulator.environment });
  await program.stdout.waitFor("result: answered");
  const upgrade = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"));
  const id = upgrade?.path.split("/").at(-1) ?? "";
  emulator.addFault({ kind: "status", path: "/v1/ws/", code: 503, times: 2 });
  emulator.session(id)?.cut();
  await program.stderr.waitFor("Reconnecting");
  await program.write("second\n");
  await program.closeInput();
  const { code, stdout } = await program.result();
  assertEquals(code, ExitCode.Done);
  assertEquals(stdout.match(/You said: \w+/g), ["You said: first", "You said: second"]);
});
