// deno-lint-ignore-file limacharlie/process-access -- a program of its own, as main.ts is
// A program that breaks down by a mistake of its own: without arguments while it has the terminal in
// raw mode, else in the middle of the command that they are, when that prints the word "history".
import { exitOnCrash } from "../../src/app/crash.ts";
import { run } from "../../src/app/root.ts";
import { systemProcess } from "../../src/app/system.ts";
import { systemTerminal } from "../../src/term/system.ts";
import type { Terminal } from "../../src/term/terminal.ts";

const breakDown = () => void Promise.reject(new Error("Out of the blue \x1b[31m"));

function crashing(terminal: Terminal): Terminal {
  const stdout = Object.create(terminal.stdout, {
    write: {
      value: (text: Parameters<Terminal["stdout"]["write"]>[0]) => {
        terminal.stdout.write(text);
        if (text.includes("history")) breakDown();
      },
    },
    flush: { value: () => terminal.stdout.flush() },
    ready: { value: () => terminal.stdout.ready() },
  });
  return { ...terminal, stdout };
}

const process = systemProcess(crashing(systemTerminal()));
const { terminal } = process;
const { stdin, stdout, stderr } = terminal;
exitOnCrash(Deno.args, process, async (code) => {
  stdin.setRaw(false);
  terminal.setBracketedPaste(false);
  await Promise.all([stdout.flush(), stderr.flush()]);
  Deno.exit(code);
});
if (Deno.args.length > 0) {
  await run(Deno.args, process);
} else {
  stdin.setRaw(true);
  terminal.setBracketedPaste(true);
  breakDown();
  await stdin.read();
}
