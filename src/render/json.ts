import { escapeJson, joinSafe, type SafeText, safeText } from "./safe_text.ts";

/**
 * A value as JSON, without loss: whatever a terminal would act upon stands as a `\u` escape.
 *
 * @param indent spaces per level; 0 for one line
 */
export function toJson(value: unknown, indent = 0): SafeText {
  return escapeJson(JSON.stringify(value, null, indent));
}

/**
 * A list as `toJson(list, 2)` writes it, made item by item: while the next ones are on their way
 * there is time for it.
 */
export async function toJsonList(
  items: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<SafeText> {
  const parts: SafeText[] = [];
  for await (const item of items) {
    const list = JSON.stringify([item], null, 2);
    parts.push(escapeJson(list.slice("[\n".length, -"\n]".length)));
  }
  return parts.length === 0 ? safeText`[]` : safeText`[\n${joinSafe(parts, safeText`,\n`)}\n]`;
}
