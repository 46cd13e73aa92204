import { run } from "./src/app/root.ts";
import { systemProcess } from "./src/app/system.ts";

const stop = new AbortController();
const process = systemProcess(stop.signal);
const exitCode = await run(Deno.args, process);
await Promise.all([process.terminal.stdout.flush(), process.terminal.stderr.flush()]);
Deno.exit(exitCode);
