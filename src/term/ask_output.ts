import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { SafeText } from "../render/safe_text.ts";
import type { OutputStream, Terminal } from "./terminal.ts";

/**
 * Where questions are asked: on stderr, because stdout is data; on stdout only where stderr is no
 * terminal. Undefined where nobody could see them, or answer.
 */
export function findAskOutput({ stdin, stdout, stderr }: Terminal): OutputStream | undefined {
  return stdin.isTerminal ? [stderr, stdout].find((stream) => stream.isTerminal) : undefined;
}

/**
 * The same for a question that has to be asked.
 *
 * @throws {CliError} (exit 8) where nobody can be asked
 */
export function askOutput(terminal: Terminal, message: SafeText): OutputStream {
  const output = findAskOutput(terminal);
  if (output !== undefined) return output;
  throw new CliError(`Cannot ask "${message}": there is no terminal`, {
    exitCode: ExitCode.NobodyToAsk,
    hint: "Give the answer on the command line or on standard input",
  });
}
