import { exitOnCrash } from "./src/app/crash.ts";
import { run } from "./src/app/root.ts";
import { systemProcess } from "./src/app/system.ts";

const process = systemProcess();

async function exit(code: number): Promise<void> {
  const { stdin, stdout, stderr } = process.terminal;
  stdin.setRaw(false);
  await Promise.all([stdout.flush(), stderr.flush()]);
  Deno.exit(code);
}

exitOnCrash(Deno.args, process, exit);
await exit(await run(Deno.args, process));
