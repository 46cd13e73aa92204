/** What a column of a table asks for, in columns of the screen. */
export interface ColumnNeeds {
  /** Its widest cell or its header. */
  readonly natural: number;
  /** The least with which it still says something; not above `natural`. */
  readonly least: number;
  /** Cells that aren't empty. */
  readonly filled: number;
}

/**
 * Fits columns into a width: wide ones shrink, down to their least; where that isn't enough the
 * emptiest columns are dropped, of equally full ones the last. One column always stays, cut where
 * it must be.
 *
 * @param separator columns between two neighbours
 * @returns the width of each column; 0 for a column that was dropped
 */
export function fitColumns(
  columns: readonly ColumnNeeds[],
  available: number,
  separator: number,
): number[] {
  const kept = new Set(columns.keys());
  const total = (width: (column: ColumnNeeds) => number) =>
    columns.reduce((sum, column, index) => kept.has(index) ? sum + width(column) : sum, 0) +
    separator * (kept.size - 1);
  const byFilling = [...columns.keys()].sort((a, b) =>
    (columns[a]?.filled ?? 0) - (columns[b]?.filled ?? 0) || b - a
  );
  for (const emptiest of byFilling) {
    if (kept.size <= 1 || total(({ least }) => least) <= available) break;
    kept.delete(emptiest);
  }
  const widths = (cap: number) => ({ natural, least }: ColumnNeeds) =>
    Math.max(Math.min(natural, cap), least);
  // The highest cap under which everything fits; what then is left over goes to the first columns.
  let cap = Math.min(available, Math.max(0, ...columns.map(({ natural }) => natural)));
  while (cap > 0 && total(widths(cap)) > available) cap--;
  let spare = available - total(widths(cap));
  return columns.map((column, index) => {
    if (!kept.has(index)) return 0;
    const width = Math.min(widths(cap)(column), Math.max(available, 1));
    if (spare <= 0 || width >= column.natural) return width;
    spare--;
    return width + 1;
  });
}
