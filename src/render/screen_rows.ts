/** Rows that were painted, and where the cursor was left among them. */
export interface Painted {
  /** Columns that each row took. */
  readonly widths: readonly number[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

/**
 * Rows from the top of what was painted to the cursor on a screen of another width, which a
 * terminal gives its lines when it is resized.
 */
export function rowsToCursor(
  { widths, cursorRow, cursorColumn }: Painted,
  columns: number,
): number {
  const above = widths.slice(0, cursorRow)
    .reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
  return above + Math.floor(cursorColumn / columns);
}
