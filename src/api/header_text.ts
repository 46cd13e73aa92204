import { usageError } from "../app/errors.ts";

/**
 * Checks a key, a token or an ID, which has to fit into an HTTP header.
 *
 * @param what what it is, for the error, which does not repeat it
 * @throws {CliError} (exit 4) on anything but visible ASCII
 */
export function checkHeaderText(value: string, what: string): void {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw usageError(
      `The ${what} holds characters that none has`,
      "Look for a line break, a space or a typographic character in it",
    );
  }
}
