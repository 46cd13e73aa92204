import { run } from "../../src/app/root.ts";
import type { ExitCode } from "../../src/app/exit_codes.ts";
import { type FakeProcess, fakeProcess, FakePrompter, FakeTerminal } from "./fakes.ts";
import { PatientClock } from "./api_client.ts";

/** What a command runs with, beside its arguments. */
export interface CommandOptions {
  /** As the emulator's `environment`; nothing is read from or written to the disk. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether stdin, stdout and stderr are a terminal's; false unless given. */
  readonly terminal?: boolean;
  /** What the person answers, in order; nobody can be asked unless given. */
  readonly answers?: readonly (string | boolean)[];
  /** What is on stdin at the start. */
  readonly stdin?: string;
  /** Whether stdin ends there; true unless given. */
  readonly endInput?: boolean;
}

/** A command that has run in this process, on a real network and a clock on which pauses are short. */
export interface CommandResult {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** What was asked, in order. */
  readonly asked: readonly string[];
}

/** Starts a command in this process. */
export function startCommand(
  args: readonly string[],
  { env, terminal = false, answers, stdin = "", endInput = true }: CommandOptions,
): { readonly process: FakeProcess; readonly result: Promise<CommandResult> } {
  const prompter = new FakePrompter(answers);
  const process = fakeProcess({
    env: { ...env, LC_EPHEMERAL_CREDS: "1" },
    terminal: new FakeTerminal({ terminal }),
    prompter,
    clock: new PatientClock(),
    network: { fetch, WebSocket },
  });
  process.terminal.stdin.type(stdin);
  if (endInput) process.terminal.stdin.end();
  const result = run(args, process).then((code) => ({
    code,
    stdout: process.terminal.stdout.text,
    stderr: process.terminal.stderr.text,
    asked: prompter.asked.map(({ kind, message }) => `${kind}: ${message}`),
  }));
  return { process, result };
}

/** Runs a command in this process to its end. */
export function runCommand(
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return startCommand(args, options).result;
}
