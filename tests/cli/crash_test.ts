import { assertEquals, assertMatch } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { crashingCommand, startProgram } from "../support/program.ts";

/** Runs a command that ends well whenever it is ended, and breaks it down. */
async function crash(...args: string[]) {
  await using program = startProgram(["emulator", ...args], { command: crashingCommand() });
  await program.stderr.waitFor("until interrupted");
  program.kill("SIGUSR2");
  const { code, stderr } = await program.result();
  return { code, told: stderr.slice(stderr.indexOf("\n") + 1) };
}

Deno.test("a crash is told in a line and a hint, where the command itself has nothing to say", async () => {
  const { code, told } = await crash();
  assertEquals(code, ExitCode.Failure);
  assertMatch(told, /^Error: Internal error: Out of the blue \ufffd\nHint: .*--debug.*\n$/);
});

Deno.test("a crash is told with its stack on --debug", async () => {
  const { told } = await crash("--debug");
  assertMatch(told, /Caused by: Error: Out of the blue \ufffd\n +at .*crashing_program\.ts/);
});
