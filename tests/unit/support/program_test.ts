import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runProgram, startProgram } from "../../support/program.ts";

const CAT = { command: ["/bin/cat"] };

function shell(script: string) {
  return { command: ["/bin/sh", "-c", script] };
}

Deno.test("runProgram() runs the source with a home of its own and no other environment", async () => {
  const { code, stdout, stderr } = await runProgram(["--version"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "limacharlie ");
  const result = await runProgram([], { ...shell('echo "$HOME $A"; env'), env: { A: "b" } });
  assertEquals(result.stdout.includes(Deno.env.get("HOME") ?? "?"), false);
  assertStringIncludes(result.stdout, " b\n");
});

Deno.test("runProgram() gives all of the input and gets all of the output", async () => {
  const text = "0123456789abcdef".repeat(64 * 1024);
  assertEquals(await runProgram([], { ...CAT, stdin: text }), {
    code: 0,
    stdout: text,
    stderr: "",
  });
});

Deno.test("runProgram() minds no input that is never read", async () => {
  const result = await runProgram([], { ...shell("exit 3"), stdin: "x".repeat(1 << 20) });
  assertEquals(result.code, 3);
});

Deno.test("runProgram() shows what was printed when the time is up", async () => {
  const options = { ...shell("echo one; echo two >&2; exec sleep 60"), timeout: 300 };
  const error = await assertRejects(() => runProgram([], options), Error);
  assertStringIncludes(error.message, "300 ms\n--- stdout:\none\n\n--- stderr:\ntwo\n");
});

Deno.test("startProgram() talks with a program line by line", async () => {
  await using program = startProgram([], CAT);
  await program.write("one\n");
  await program.stdout.waitFor("one");
  await program.write("two\n");
  const [, word] = await program.stdout.waitFor(/^(t.*)$/m);
  assertEquals(word, "two");
  await program.closeInput();
  assertEquals((await program.result()).code, 0);
  assertEquals(program.stdout.lines, ["one", "two"]);
});

Deno.test("startProgram() reports a signal as 128 and its number", async () => {
  await using program = startProgram([], CAT);
  program.kill("SIGTERM");
  assertEquals((await program.result()).code, 143);
});

Deno.test("startProgram() closes its output like the head of a pipe", async () => {
  await using program = startProgram([], { command: ["/usr/bin/yes"] });
  await program.stdout.waitFor("y\n");
  await program.closeOutput();
  assertEquals((await program.result()).code, 141);
});

Deno.test("startProgram() kills what still runs at the end of its scope", async () => {
  let pid = 0;
  {
    await using program = startProgram([], CAT);
    pid = program.pid;
  }
  let error: unknown;
  try {
    Deno.kill(pid, "SIGCONT");
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof Deno.errors.NotFound, true);
});
