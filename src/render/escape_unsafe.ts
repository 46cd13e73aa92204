import { isUnsafe, type SafeText, sanitize } from "./safe_text.ts";

/**
 * Replaces each character that a terminal would act upon by what a notation writes for it. The
 * replacements themselves are plain text.
 */
export function escapeUnsafe(text: string, escape: (character: string) => string): SafeText {
  if (!isUnsafe(text)) return sanitize(text);
  const parts = Array.from(text, (part) => isUnsafe(part) ? escape(part) : part);
  return sanitize(parts.join(""));
}
