import type { SafeText } from "../render/safe_text.ts";

/**
 * Writes a few words to stdout, for an answer that is to be there before the terminal is set up.
 *
 * @returns whether they were written
 */
export function writeAtOnce(words: SafeText): boolean {
  const bytes = new TextEncoder().encode(words);
  try {
    return Deno.stdout.writeSync(bytes) === bytes.length;
  } catch {
    return false;
  }
}
