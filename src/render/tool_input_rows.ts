import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";
import { splitColumns } from "./split_columns.ts";
import type { Style, Styles } from "./styles.ts";
import type { Piece } from "./tool_input_visible.ts";
import { roomFor } from "./width.ts";

/** How rows are drawn. */
export interface RowOptions {
  readonly styles: Styles;
  /** Columns that a row may fill; fewer than 20 count as 20. */
  readonly columns: number;
}

/** Columns at the left that are ours: nothing that is shown can stand there. */
const GUTTER = 2;

/** Stands in the gutter of a row that goes on with the line above. */
const CONTINUED = safeText`\u21b3`;

/**
 * Breaks a line into rows that fit, between user-perceived characters wherever a row is full, so
 * that nothing of it is lost or looks like a line of its own.
 *
 * @param sign the first column of each row, one column wide
 */
export function makeRows(
  sign: SafeText,
  pieces: readonly Piece[],
  style: Style,
  { styles, columns }: RowOptions,
): SafeText[] {
  const dress = { text: style, mark: styles.dim, hidden: styles.error };
  const room = Math.max(columns, 20) - GUTTER;
  const rows: SafeText[][] = [[safeText`${style(sign)} `]];
  let width = 0;
  const newRow = () => {
    rows.push([safeText`${style(sign)}${styles.dim(CONTINUED)}`]);
    width = 0;
  };
  for (const { kind, text } of pieces) {
    const whole = roomFor(text);
    const fits = width + whole <= room;
    const parts = fits ? [text] : splitColumns(text, room - width, room);
    parts.forEach((part, index) => {
      if (index > 0) newRow();
      if (part !== "") rows.at(-1)?.push(dress[kind](sanitize(part)));
      width += fits ? whole : roomFor(part);
    });
  }
  return rows.map((row) => joinSafe(row));
}
