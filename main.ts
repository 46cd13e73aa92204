import { reportCrash, run } from "./src/app/root.ts";
import { systemProcess } from "./src/app/system.ts";

const process = systemProcess();
const { terminal } = process;

async function exit(code: number): Promise<never> {
  terminal.stdin.setRaw(false);
  await Promise.all([terminal.stdout.flush(), terminal.stderr.flush()]);
  Deno.exit(code);
}

// What nobody expected must still leave the terminal as it was, and a word about it.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  exit(reportCrash(event.reason, Deno.args, process));
});
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  exit(reportCrash(event.error, Deno.args, process));
});

await exit(await run(Deno.args, process));
