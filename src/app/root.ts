import { ValidationError } from "@cliffy/command";
import { COMPLETION_ENTRY } from "../completion/entry_name.ts";
import { inHangingRows } from "../render/break_lines.ts";
import { toJson } from "../render/json.ts";
import { safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import { versionLine } from "../render/version_line.ts";
import type { OutputStream } from "../term/terminal.ts";
import { type AnyCommand, type CommandNode, resolvePath } from "./command_tree.ts";
import type { GlobalFlags, Process } from "./deps.ts";
import { cliffyArguments, withoutStandIns } from "./cliffy_arguments.ts";
import { CliError, describeFileFailure, messageOf, usageError } from "./errors.ts";
import { ExitCode } from "./exit_codes.ts";
import {
  type CommandLine,
  findUnknownOption,
  type OwnOption,
  takeGlobalFlags,
  wordsOf,
} from "./global_flags.ts";
import { renderHelp } from "./help.ts";
import { makeDeps } from "./make_deps.ts";
import { pickMissing } from "./pick_missing.ts";
import {
  checkArguments,
  checkOptionValues,
  unknownCommand,
  unknownOption,
} from "./unknown_words.ts";

/**
 * Runs one command line.
 *
 * @param args the words after the program's name
 * @returns the exit code; every error has been printed
 */
export async function run(args: readonly string[], process: Process): Promise<ExitCode> {
  if (args[0] === COMPLETION_ENTRY) {
    const { answerCompletion } = await import("./completion_entry.ts");
    return await answerCompletion(args.slice(1), process);
  }
  let flags: Partial<GlobalFlags> = {};
  try {
    const exitCode = await execute(args, process, (read) => flags = read);
    await process.terminal.stdout.flush();
    const failure = writeFailure(process.terminal.stdout);
    if (failure !== undefined) throw failure;
    return exitCode;
  } catch (error) {
    return report(error, process, flags);
  }
}

/**
 * The error for output of which something was not written; a reader that is gone did not want it.
 *
 * @returns undefined where there is none
 */
export function writeFailure({ failure }: OutputStream): CliError | undefined {
  if (failure === undefined) return undefined;
  return new CliError(`Cannot write to stdout: ${describeFileFailure(failure)}`, {
    exitCode: ExitCode.Failure,
    hint: "What was written is incomplete; make room, or send the output elsewhere",
    cause: failure,
  });
}

/** @param onFlags told of the global flags, as far as they are known */
async function execute(
  args: readonly string[],
  process: Process,
  onFlags: (flags: GlobalFlags) => void,
): Promise<ExitCode> {
  const path = resolvePath(wordsOf(args));
  const names = path.slice(1).map((node) => node.name);
  const readLine = (options: OwnOption) => {
    const line = takeGlobalFlags(args, names, options);
    onFlags(line.flags);
    return line;
  };
  const line = readLine(() => undefined);
  if (line.version) {
    process.terminal.stdout.write(versionLine(process.version));
    return ExitCode.Done;
  }
  if (path[1]?.name === "help") {
    const words = line.rest;
    const explained = resolvePath(words);
    if (words.length > 0 && explained.length > words.length) {
      return await execute([...words, "--help"], process, onFlags);
    }
    const [, ...found] = explained;
    if (found.length > 0) throw unknownCommand(explained, words[found.length] ?? "");
  }
  const load = path.at(-1)?.load;
  if (load === undefined) return await showGroup(path, line, process);
  let exitCode: ExitCode = ExitCode.Done;
  const setExitCode = (code: ExitCode) => exitCode = code;
  const depsWith = (flags: GlobalFlags) => makeDeps(process, flags, setExitCode);
  const factory = await load();
  // Built once for its options, then again with the flags that they leave to it.
  const own = ownOptions(factory(depsWith(line.flags)));
  const options: OwnOption = (flag) => own.get(flag);
  const { flags, help, rest } = readLine(options);
  const deps = depsWith(flags);
  const command = factory(deps);
  if (help) {
    writeHelp(path, command, process);
    return ExitCode.Done;
  }
  const unknown = findUnknownOption(rest, options);
  const name = path.map((node) => node.name).join(" ");
  if (unknown !== undefined) throw unknownOption(unknown, name, [...own.keys()]);
  checkOptionValues(command, rest);
  checkArguments(command, name, rest);
  const parse = async (runnable: AnyCommand, added: readonly string[]) => {
    await runnable.name(name).noExit().throwErrors().helpOption(false)
      .parse(cliffyArguments(runnable, [...added, ...rest], options))
      .catch((error: unknown) => {
        throw error instanceof ValidationError ? wrongUsage(error, name) : error;
      });
  };
  // Nobody is asked for what would then be of no use.
  const check = (added: readonly string[]) => parse(factory(deps).action(() => {}), added);
  await parse(command, await pickMissing(path.at(-1), rest, deps, check));
  return exitCode;
}

/** What Cliffy says of a command line, as an error of ours. */
function wrongUsage({ message }: ValidationError, command: string): CliError {
  return usageError(withoutStandIns(message).replace(/\.$/, ""), `See ${command} --help`);
}

/** A group is no command: without words it shows its help, with unknown ones it fails. */
async function showGroup(
  path: CommandNode[],
  line: CommandLine,
  process: Process,
): Promise<ExitCode> {
  const [unknown] = line.rest;
  if (unknown !== undefined && !line.help) {
    if (!unknown.startsWith("-")) throw unknownCommand(path, unknown);
    throw unknownOption(unknown, path.map(({ name }) => name).join(" "), []);
  }
  if (path.length === 1 && !line.help) {
    const { showFirstSteps } = await import("./first_steps.ts");
    await showFirstSteps(line.flags, process);
    return ExitCode.Done;
  }
  writeHelp(path, undefined, process);
  return ExitCode.Done;
}

function writeHelp(
  path: readonly CommandNode[],
  command: AnyCommand | undefined,
  { terminal }: Process,
): void {
  terminal.stdout.write(renderHelp(path, command, terminal.size().columns));
}

function ownOptions(command: AnyCommand): Map<string, "switch" | "value"> {
  const kinds = new Map<string, "switch" | "value">();
  for (const option of command.getBaseOptions(true)) {
    const kind = option.args.some((arg) => !arg.optional) ? "value" : "switch";
    for (const flag of option.flags) kinds.set(flag, kind);
  }
  return kinds;
}

/**
 * Prints an error: one line and its hint, or a JSON object where the output is JSON.
 *
 * @returns the exit code
 */
export function report(
  error: unknown,
  process: Process,
  { output, debug }: Partial<Pick<GlobalFlags, "output" | "debug">>,
): ExitCode {
  const { terminal } = process;
  const { stderr } = terminal;
  const known = error instanceof CliError ? error : undefined;
  const exitCode = known?.exitCode ?? ExitCode.Failure;
  const message = process.secrets.mask(known?.message ?? messageOf(error));
  const hint = known?.hint === undefined ? undefined : process.secrets.mask(known.hint);
  if (output === "json" || output === "jsonl") {
    stderr.write(toJson({ error: message, hint, exit_code: exitCode }));
    stderr.write(safeText`\n`);
  } else {
    const line = safeText`Error: ${sanitizeLine(message.trim())}`;
    // What a server says of it begins no row of a screen; a hint is for pasting, and stays whole.
    stderr.write(inHangingRows(line, stderr.isTerminal ? terminal.size().columns : Infinity));
    if (hint !== undefined) stderr.write(safeText`Hint: ${sanitizeLine(hint.trim())}\n`);
  }
  if (debug === true) stderr.write(sanitize(process.secrets.mask(`${stacksOf(error)}\n`)));
  return exitCode;
}

/** Where an error was made, and where those were that led to it. */
function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${stacksOf(error.cause)}`;
}
