import { ExitCode } from "./src/app/exit_codes.ts";
import { asksVersionAlone, VERSION } from "./src/app/version.ts";
import { versionLine } from "./src/render/version_line.ts";
import { systemTerminal } from "./src/term/system.ts";

const terminal = systemTerminal();

async function main(): Promise<never> {
  // Answered before anything else is loaded, which takes longer than the answer.
  if (asksVersionAlone(Deno.args)) {
    terminal.stdout.write(versionLine(VERSION));
    await terminal.stdout.flush();
    if (terminal.stdout.failure === undefined) return await exit(ExitCode.Done);
  }
  const [{ runGuarded }, { systemProcess }] = await Promise.all([
    import("./src/app/crash.ts"),
    import("./src/app/system.ts"),
  ]);
  return await exit(await runGuarded(Deno.args, systemProcess(terminal)));
}

async function exit(code: ExitCode): Promise<never> {
  const { stdin, stdout, stderr } = terminal;
  stdin.setRaw(false);
  terminal.setBracketedPaste(false);
  await Promise.all([stdout.flush(), stderr.flush()]);
  return Deno.exit(code);
}

await main();
