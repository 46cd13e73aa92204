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
 * Fits columns into a width: wide ones shrink, down to their least. Where that isn't enough the
 * emptiest columns are dropped, of equally full ones the last; one that still fits beside fuller
 * ones stays, unless it has nothing to show. One column always stays, cut where it must be.
 *
 * @param separator columns between two neighbours
 * @returns the width of each column; 0 for a column that was dropped
 */
export function fitColumns(
  columns: readonly ColumnNeeds[],
  available: number,
  separator: number,
): number[] {
  const kept = chooseColumns(columns, available, separator);
  const widths = (cap: number) =>
    columns.map(({ natural, least }, index) =>
      kept.has(index) ? Math.max(Math.min(natural, cap), least) : 0
    );
  // The highest cap under which everything fits; what then is left over goes to the first columns.
  let cap = Math.min(available, Math.max(0, ...columns.map(({ natural }) => natural)));
  while (cap > 0 && total(widths(cap), separator) > available) cap--;
  let spare = available - total(widths(cap), separator);
  return columns.map(({ natural }, index) => {
    const width = Math.min(widths(cap)[index] ?? 0, Math.max(available, 1));
    if (spare <= 0 || width === 0 || width >= natural) return width;
    spare--;
    return width + 1;
  });
}

/** The columns for which there is room, with each at its least. */
function chooseColumns(
  columns: readonly ColumnNeeds[],
  available: number,
  separator: number,
): Set<number> {
  const leasts = columns.map(({ least }) => least);
  if (total(leasts, separator) <= available) return new Set(columns.keys());
  const filled = (index: number) => columns[index]?.filled ?? 0;
  const [fullest = 0, ...others] = [...columns.keys()].sort((a, b) => filled(b) - filled(a));
  const kept = new Set([fullest]);
  for (const index of others.filter((each) => filled(each) > 0)) {
    const chosen = leasts.map((least, each) => kept.has(each) || each === index ? least : 0);
    if (total(chosen, separator) <= available) kept.add(index);
  }
  return kept;
}

/** Columns of a line of cells that are so wide; those of width 0 are left out. */
function total(widths: readonly number[], separator: number): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width, separator * Math.max(0, shown.length - 1));
}
