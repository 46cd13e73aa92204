import { escapeJson, type SafeText } from "./safe_text.ts";

/**
 * A value as JSON, without loss: whatever a terminal would act upon stands as a `\u` escape.
 *
 * @param indent spaces per level; 0 for one line
 */
export function toJson(value: unknown, indent = 0): SafeText {
  return escapeJson(JSON.stringify(value, null, indent));
}
