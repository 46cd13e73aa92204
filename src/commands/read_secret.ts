import { isSecretReference } from "../api/secret_references.ts";
import type { Deps } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";
import { sanitize } from "../render/safe_text.ts";
import { notice } from "./notice.ts";

/** No key is longer; whoever pipes more has piped the wrong file. */
const LONGEST = 64 * 1024;

/** The ways in which a secret may be given. */
export interface SecretSources {
  /** What it is, for messages: `API key`. */
  readonly what: string;
  /** The flag that takes it on the command line, and what stood there. */
  readonly flag: string;
  readonly argument: string | undefined;
  /** The flag that has it read from standard input, and whether it was given. */
  readonly stdinFlag: string;
  readonly fromStdin: boolean;
  /** Whether it may be a reference to a secret, which is none itself; false unless given. */
  readonly mayBeReference?: boolean;
}

/**
 * Gets a secret: from the command line (with a warning), from standard input, or by a hidden
 * prompt. It is trimmed, and masked from then on.
 *
 * @throws {CliError} (exit 4) when it is given twice, empty, of several lines, or not at all where
 * nobody can be asked
 */
export async function readSecret(sources: SecretSources, deps: Deps): Promise<string> {
  const { what, flag, argument, stdinFlag, fromStdin } = sources;
  if (argument !== undefined && fromStdin) {
    throw usageError(`${flag} and ${stdinFlag} cannot be used together`);
  }
  const text = argument ?? await (fromStdin ? readStdin(sources, deps) : ask(sources, deps));
  const secret = text.trim();
  const isReference = sources.mayBeReference === true && isSecretReference(secret);
  if (!isReference) deps.secrets.add(secret);
  if (secret === "") throw usageError(`The ${what} is empty`);
  if (/[\r\n]/.test(secret)) throw usageError(`The ${what} has more than one line`);
  if (argument !== undefined && !isReference) {
    notice(
      deps,
      `Warning: ${flag} shows the ${what} to whoever lists processes, and in the shell's history; ` +
        `${stdinFlag} does not`,
    );
  }
  return secret;
}

async function ask({ what, flag, stdinFlag }: SecretSources, deps: Deps): Promise<string> {
  if (!deps.prompter.available) {
    throw usageError(
      `No ${what} was given, and there is no terminal to ask on`,
      `Pipe it in with ${stdinFlag}, or give ${flag}`,
    );
  }
  return await deps.prompter.secret(sanitize(`${what}:`));
}

async function readStdin(sources: SecretSources, deps: Deps): Promise<string> {
  const { stdin } = deps.terminal;
  // Typed on a terminal it would be seen.
  if (stdin.isTerminal) return await ask(sources, deps);
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes; (bytes = await stdin.read(deps.signal)) !== null;) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > LONGEST) {
      throw usageError(`Standard input is too long for an ${sources.what}`);
    }
  }
  return text + decoder.decode();
}
