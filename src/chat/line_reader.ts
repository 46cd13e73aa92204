import type { InputStream } from "../term/terminal.ts";

/** The lines of a stream, as they come; the last need not end in a line end. */
export async function* readLines(
  input: InputStream,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  while (true) {
    const bytes = await input.read(signal);
    rest += bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
    if (bytes === null) {
      if (rest !== "") yield rest;
      return;
    }
  }
}
