import { assertEquals } from "@std/assert";
import { scriptOf } from "../../../src/completion/scripts.ts";
import { temporaryFolder } from "../../support/home.ts";
import { runProgram } from "../../support/program.ts";
import { testWith, tool, which } from "../../support/skip.ts";

/** How each shell looks at the syntax of a script without running it. */
const LOOK = {
  bash: [["bash", "-n"], ["bash", "--posix", "-n"]],
  zsh: [["zsh", "-n"]],
  fish: [["fish", "--no-execute"]],
} as const;

for (const [shell, commands] of Object.entries(LOOK)) {
  for (const command of commands) {
    testWith([tool(shell)], `scriptOf() gives what ${command.join(" ")} accepts`, async () => {
      using folder = temporaryFolder();
      const path = folder.join("script");
      await Deno.writeTextFile(path, scriptOf(shell as keyof typeof LOOK));
      const [name, ...args] = command;
      const result = await runProgram([...args, path], { command: ["/usr/bin/env", name] });
      assertEquals(result, { code: 0, stdout: "", stderr: "" });
    });
  }
}

/** Prints what is wrong with a script, and runs none of it. */
const LOOK_IN_POWERSHELL = `
$errors = $null
[void][System.Management.Automation.Language.Parser]::ParseFile(
    $env:SCRIPT, [ref]$null, [ref]$errors)
$errors | ForEach-Object { "$_" }
`;

testWith([tool("pwsh")], "scriptOf() gives what the parser of PowerShell accepts", async () => {
  using folder = temporaryFolder();
  const path = folder.join("script.ps1");
  await Deno.writeTextFile(path, scriptOf("powershell"));
  const args = ["-NoProfile", "-NonInteractive", "-Command", LOOK_IN_POWERSHELL];
  const result = await runProgram(args, {
    command: [which("pwsh") ?? ""],
    env: { HOME: folder.path, SCRIPT: path, POWERSHELL_TELEMETRY_OPTOUT: "1" },
  });
  assertEquals(result, { code: 0, stdout: "", stderr: "" });
});
