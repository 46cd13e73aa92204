import { safeLines, type SafeText } from "../render/safe_text.ts";
import { countRows, NARROWEST } from "../render/screen_rows.ts";
import { withoutStyles } from "../render/styles.ts";
import { roomFor, truncateToWidth, widthOf } from "../render/width.ts";

/** Rows that may still change, as they are painted. */
export interface Tail {
  readonly rows: readonly SafeText[];
  /** Columns that each row takes. */
  readonly widths: readonly number[];
}

/**
 * The last rows of a text, as many as there is room for.
 *
 * @param room rows of the narrowest screen
 */
export function lastRows(text: SafeText, columns: number, room: number): Tail {
  const rows: SafeText[] = [];
  const widths: number[] = [];
  let left = room;
  for (const line of safeLines(text).reverse()) {
    const row = fitRow(line, columns);
    const width = widthOf(withoutStyles(row));
    left -= countRows([width], NARROWEST);
    if (left < 0) break;
    rows.unshift(row);
    widths.unshift(width);
  }
  return { rows, widths };
}

/** Only code is ever too long for a row, and that has no styling. */
function fitRow(row: SafeText, columns: number): SafeText {
  const bare = withoutStyles(row);
  return roomFor(bare) <= columns ? row : truncateToWidth(bare, columns);
}
