import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ExitCode } from "../../src/app/exit_codes.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { temporaryFolder } from "../support/home.ts";
import { testWith } from "../support/skip.ts";

/** Runs the executable in an empty folder, with no environment at all. */
async function runAlone(...args: string[]) {
  using folder = temporaryFolder();
  const { code, stdout, stderr } = await new Deno.Command(executablePath() ?? "", {
    args,
    clearEnv: true,
    cwd: folder.path,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
    left: await Array.fromAsync(Deno.readDir(folder.path)),
  };
}

testWith([EXECUTABLE_NEED], "the executable tells its version without Deno or HOME", async () => {
  assertEquals(await runAlone("--version"), {
    code: ExitCode.Done,
    stdout: `limacharlie ${config.version}\n`,
    stderr: "",
    left: [],
  });
});

testWith([EXECUTABLE_NEED], "the executable has its help", async () => {
  const { code, stdout, stderr } = await runAlone("--help");
  assertEquals([code, stderr], [ExitCode.Done, ""]);
  assertStringIncludes(stdout, "Usage: limacharlie <command>");
});

testWith([EXECUTABLE_NEED], "the executable has the help of commands that it loads", async () => {
  const { code, stdout, stderr } = await runAlone("ai", "session", "attach", "--help");
  assertEquals([code, stderr], [ExitCode.Done, ""]);
  assertStringIncludes(stdout, "Usage: limacharlie ai session attach");
});

testWith([EXECUTABLE_NEED], "the executable refuses an unknown command", async () => {
  const { code, stdout, stderr } = await runAlone("brew");
  assertEquals([code, stdout], [ExitCode.Usage, ""]);
  assertStringIncludes(stderr, 'Error: Unknown command "brew"');
});
