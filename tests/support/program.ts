import { join } from "node:path";
import { DENO, DENO_DIR, DEPENDENCY_OPTIONS, PERMISSIONS, ROOT } from "../../scripts/deno_call.ts";
import { temporaryHome } from "./home.ts";
import { DEFAULT_TIMEOUT, Transcript } from "./transcript.ts";

/** How to start a program. */
export interface ProgramOptions {
  /** All of its environment, but for what Deno itself needs; HOME is an empty folder unless given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The program and its first arguments; main.ts from source unless given. */
  readonly command?: readonly string[];
}

/** What a program has done by its end. */
export interface ProgramResult {
  /** Exit code; 128 + N after signal N. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs; at the end of its scope it is killed if it still does. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: Transcript;
  readonly stderr: Transcript;
  /** Writes to its stdin. */
  write(text: string | Uint8Array): Promise<void>;
  /** Ends its stdin. */
  closeInput(): Promise<void>;
  /** Stops reading its stdout, as `| head` does. */
  closeOutput(): Promise<void>;
  kill(signal?: Deno.Signal): void;
  /**
   * Waits for its end.
   *
   * @throws {Error} with all it printed, when it doesn't end within `timeout` milliseconds
   */
  result(options?: { readonly timeout?: number }): Promise<ProgramResult>;
}

/** The command that runs main.ts from source, as a release would run. */
export function sourceCommand(): string[] {
  return [
    DENO,
    "run",
    "--quiet",
    ...DEPENDENCY_OPTIONS,
    ...PERMISSIONS,
    join(ROOT, "main.ts"),
  ];
}

/** The same, for a program that breaks down by a mistake of its own on SIGUSR2. */
export function crashingCommand(): string[] {
  return [...sourceCommand().slice(0, -1), join(ROOT, "tests/support/crashing_program.ts")];
}

/** What Deno itself needs to run the source with nothing but a test's environment. */
export const DENO_ENV: Readonly<Record<string, string>> = {
  DENO_DIR,
  DENO_NO_UPDATE_CHECK: "1",
  ...inherited("JSR_URL"),
};

function inherited(name: string): Record<string, string> {
  const value = Deno.env.get(name);
  return value === undefined ? {} : { [name]: value };
}

/** Starts the program. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): Program {
  const home = temporaryHome();
  const [command, ...first] = options.command ?? sourceCommand();
  const child = new Deno.Command(command ?? "", {
    args: [...first, ...args],
    clearEnv: true,
    env: { ...DENO_ENV, ...home.env, ...options.env },
    cwd: options.cwd ?? home.path,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  // A program may end without reading all of its input.
  input.closed.catch(() => {});
  const stdout = follow("stdout", child.stdout);
  const stderr = follow("stderr", child.stderr);
  let ended = false;
  const end = Promise.all([child.status, stdout.end, stderr.end]).then(([status]) => {
    ended = true;
    return status;
  });
  let closing: Promise<void> | undefined;
  const closeInput = () => closing ??= input.close().catch(() => {});
  const result = async ({ timeout = DEFAULT_TIMEOUT } = {}): Promise<ProgramResult> => {
    const { code } = await within(
      timeout,
      end,
      () =>
        `The program did not end within ${timeout} ms\n--- stdout:\n${stdout.transcript.text}` +
        `\n--- stderr:\n${stderr.transcript.text}`,
    );
    return { code, stdout: stdout.transcript.text, stderr: stderr.transcript.text };
  };
  return {
    pid: child.pid,
    stdout: stdout.transcript,
    stderr: stderr.transcript,
    write: (text) => input.write(typeof text === "string" ? encoder.encode(text) : text),
    closeInput,
    closeOutput: stdout.close,
    kill: (signal = "SIGTERM") => child.kill(signal),
    result,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await closeInput();
      await end;
      home[Symbol.dispose]();
    },
  };
}

/**
 * Runs the program to its end, with all of its input given at once.
 *
 * @throws {Error} with all it printed, when it doesn't end within `timeout` milliseconds
 */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions & { readonly stdin?: string | Uint8Array; readonly timeout?: number } =
    {},
): Promise<ProgramResult> {
  await using program = startProgram(args, options);
  // Not awaited: a program that doesn't read it would never let a long one through.
  program.write(options.stdin ?? "").then(program.closeInput, () => {});
  return await program.result(options);
}

const encoder = new TextEncoder();

interface Followed {
  readonly transcript: Transcript;
  readonly end: Promise<void>;
  close(): Promise<void>;
}

function follow(name: string, stream: ReadableStream<Uint8Array<ArrayBuffer>>): Followed {
  const transcript = new Transcript(name);
  const reader = stream.getReader();
  const read = async () => {
    const decoder = new TextDecoder();
    while (true) {
      const { done, value } = await reader.read();
      transcript.append(decoder.decode(value, { stream: !done }));
      if (done) break;
    }
    transcript.end();
  };
  return { transcript, end: read(), close: () => reader.cancel() };
}

async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
  complaint: () => string,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
