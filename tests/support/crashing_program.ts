// A program that breaks down while it has the terminal in raw mode.
import { exitOnCrash } from "../../src/app/crash.ts";
import { systemProcess } from "../../src/app/system.ts";
import { systemTerminal } from "../../src/term/system.ts";

const process = systemProcess(systemTerminal());
const { stdin, stderr } = process.terminal;
exitOnCrash([], process, async (code) => {
  stdin.setRaw(false);
  await stderr.flush();
  // deno-lint-ignore limacharlie/process-access -- a program of its own, as main.ts is
  Deno.exit(code);
});
stdin.setRaw(true);
Promise.reject(new Error("Out of the blue \x1b[31m"));
await stdin.read();
