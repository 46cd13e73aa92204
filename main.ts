import { asksVersionAlone, VERSION } from "./src/app/version.ts";
import { versionLine } from "./src/render/version_line.ts";
import { writeAtOnce } from "./src/term/write_at_once.ts";

// Answered before anything else is loaded, which takes longer than the answer. Where it cannot be
// written, the whole program knows what to say.
if (asksVersionAlone(Deno.args) && writeAtOnce(versionLine(VERSION))) Deno.exit();

const [{ runGuarded }, { systemProcess }, { systemTerminal }] = await Promise.all([
  import("./src/app/crash.ts"),
  import("./src/app/system.ts"),
  import("./src/term/system.ts"),
]);
const terminal = systemTerminal();
const exitCode = await runGuarded(Deno.args, systemProcess(terminal));
const { stdin, stdout, stderr } = terminal;
stdin.setRaw(false);
terminal.setBracketedPaste(false);
await Promise.all([stdout.flush(), stderr.flush()]);
Deno.exit(exitCode);
