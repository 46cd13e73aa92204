import { Command } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { CliError, describeFileFailure, usageError } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import { readChain } from "../../recording/chain.ts";
import { describeFault, type LineFault, verifyRecording } from "../../recording/verify.ts";
import { counted } from "../../render/human.ts";
import { safeText, sanitize, sanitizeLine } from "../../render/safe_text.ts";
import { choosePlayer } from "./replay_player.ts";

export interface ReplayOptions {
  readonly verify?: true | undefined;
  readonly raw?: true | undefined;
  readonly verbose?: true | undefined;
}

export function replayCommand(deps: Deps, run = replay) {
  return new Command()
    .description(
      "Show a recording that --record has made.\n\n" +
        "It looks as it did live, with what was sent and what became of the connection in its " +
        "place. Needs neither credentials nor a network. Exits 1 when the recording was changed.",
    )
    .arguments("<file:string>")
    .option("--verify", "Show nothing, and check that no line was changed, removed or moved")
    .option("--raw", "Print each frame as one line of JSON, and nothing else")
    .option("-v, --verbose", "Show every frame, with whole time stamps")
    .example("Read it", "limacharlie ai replay incident.jsonl")
    .example("Check it", "limacharlie ai replay incident.jsonl --verify")
    .example(
      "What it holds",
      "limacharlie ai replay incident.jsonl -o jsonl | jq .type",
    )
    .action((options, file) => run(options, file, deps));
}

/** @throws {CliError} exit 1 where the recording is broken, exit 4 where it is none */
export async function replay(options: ReplayOptions, path: string, deps: Deps): Promise<void> {
  const player = options.verify ? undefined : choosePlayer(options, deps);
  using file = await open(path);
  if (player === undefined) return await verify(path, file, deps);
  const { stdout } = deps.terminal;
  const reader = { isGone: false };
  void stdout.closed.then(() => reader.isGone = true);
  let first: LineFault | undefined;
  let lines = 0;
  for await (const { number, record, fault } of readChain(file)) {
    lines = number;
    if (fault !== undefined) {
      const found = { ...fault, line: number };
      if (fault.kind === "foreign") throw isNoRecording(path);
      first ??= found;
      player.fault(found);
    }
    if (record !== undefined) player.play(record);
    await stdout.ready();
    if (reader.isGone) return;
  }
  player.end();
  if (lines === 0) throw isNoRecording(path);
  if (first !== undefined) throw isBroken(path, first);
}

async function verify(path: string, file: Deno.FsFile, deps: Deps): Promise<void> {
  const { lines, sha256, fault, isComplete, markedTorn } = await verifyRecording(file);
  if (fault?.kind === "foreign" || lines === 0) throw isNoRecording(path);
  if (fault !== undefined) throw isBroken(path, fault);
  if (deps.flags.output !== undefined) {
    const output = await deps.output();
    return await output.value({
      file: path,
      lines,
      sha256,
      complete: isComplete,
      torn: markedTorn,
    });
  }
  const end = isComplete ? safeText`` : safeText`, without the end of the last conversation`;
  const torn = markedTorn === 0 ? safeText`` : safeText`, ${markedTorn} of them cut off and marked`;
  deps.terminal.stdout.write(
    safeText`"${sanitizeLine(path)}" is whole: ${
      sanitize(counted(lines, "line"))
    }${torn}${end}, SHA-256 of the last ${sanitize(sha256)}\n`,
  );
}

async function open(path: string): Promise<Deno.FsFile> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw usageError(`Cannot replay "${path}": ${describeFileFailure(error)}`);
  }
  const { isDirectory, isCharDevice } = await file.stat();
  if (!isDirectory && isCharDevice !== true) return file;
  file.close();
  throw usageError(`Cannot replay "${path}": it is ${isDirectory ? "a folder" : "a device"}`);
}

function isNoRecording(path: string): CliError {
  return usageError(`Cannot replay "${path}": it is no recording`, "--record makes recordings");
}

function isBroken(path: string, fault: LineFault): CliError {
  return new CliError(`Recording "${path}" is broken: ${describeFault(fault)}`, {
    exitCode: ExitCode.Failure,
    hint: fault.kind === "torn"
      ? "The program was ended while it wrote; recording to it again marks the place"
      : undefined,
  });
}
