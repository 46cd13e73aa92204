import { LARGEST_MESSAGE_BYTES } from "../../api/attachment.ts";
import type { Deps } from "../../app/deps.ts";
import { usageError } from "../../app/errors.ts";
import type { InputStream } from "../../term/terminal.ts";

/** What a message has around its text, and some room. */
const ENVELOPE_BYTES = 1024;

/**
 * The one prompt of a chat of one turn; `-` stands for all of standard input.
 *
 * @throws {CliError} (exit 4) where there is none, or none that the service takes
 */
export async function wholePrompt(
  prompt: string | undefined,
  { terminal, signal }: Pick<Deps, "terminal" | "signal">,
): Promise<string> {
  const text = prompt === "-" ? await readText(terminal.stdin, signal) : prompt ?? "";
  if (text.trim() === "") {
    throw usageError("--once needs a prompt", 'Give it as PROMPT, or "-" and standard input');
  }
  if (
    new TextEncoder().encode(JSON.stringify(text)).length > LARGEST_MESSAGE_BYTES - ENVELOPE_BYTES
  ) {
    throw tooLarge();
  }
  return text;
}

/** Reads to the end; line ends are read as LF, and the one at the end is no part of the text. */
async function readText(stdin: InputStream, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  try {
    for (let bytes = await stdin.read(signal); bytes !== null; bytes = await stdin.read(signal)) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > LARGEST_MESSAGE_BYTES) throw tooLarge();
    }
    text += decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usageError(
      "The prompt on standard input is not UTF-8",
      "Convert it, as by iconv -t UTF-8",
    );
  }
  return text.replaceAll("\r\n", "\n").replace(/\n$/, "");
}

function tooLarge() {
  return usageError(
    "The prompt is larger than the 1 MB that the service takes in a message",
    "Give the agent less to read at once",
  );
}
