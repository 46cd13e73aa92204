import { run } from "./src/app/root.ts";
import { systemProcess } from "./src/app/system.ts";

const process = systemProcess();
const { terminal } = process;
try {
  const exitCode = await run(Deno.args, process);
  await terminal.stdout.flush();
  terminal.stdin.setRaw(false);
  Deno.exit(exitCode);
} finally {
  // Reached when something of ours threw where nobody expected it.
  terminal.stdin.setRaw(false);
}
