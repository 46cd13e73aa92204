/** A comma-separated list; empty for an empty string, undefined where none was given. */
export function splitList(text: string | undefined): string[] | undefined {
  return text?.split(",").map((item) => item.trim()).filter((item) => item !== "");
}
