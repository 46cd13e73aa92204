import { type SafeText, safeText } from "./safe_text.ts";

/** Rows that were painted, and where the cursor was left among them. */
export interface Painted {
  /** Columns that each row took. */
  readonly widths: readonly number[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

/**
 * A screen may become as narrow as this while something is painted on it: then too all of that has to
 * be within reach, because what has scrolled away can't be taken back.
 */
export const NARROWEST = 40;

/** Rows that rows of these widths take on a screen, which may be narrower than they are. */
export function countRows(widths: readonly number[], columns: number): number {
  return widths.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
}

/**
 * Rows from the top of what was painted to the cursor on a screen of another width, which a
 * terminal gives its lines when it is resized.
 */
export function rowsToCursor(
  { widths, cursorRow, cursorColumn }: Painted,
  columns: number,
): number {
  return countRows(widths.slice(0, cursorRow), columns) + Math.floor(cursorColumn / columns);
}

/**
 * Takes what was painted off a screen, which may have another width by now; the cursor is then where
 * it began.
 *
 * Its rows are deleted, because to erase them is not enough: what is erased from the first row of the
 * screen on, tmux keeps in the scrollback; and GNU screen joins what is written to an erased row with
 * the next one when it is widened, if the row had gone on there before.
 */
export function takeOff(painted: Painted, columns: number): SafeText {
  const up = rowsToCursor(painted, columns);
  const toTop = up > 0 ? safeText`\r\x1b[${up}A` : safeText`\r`;
  return safeText`${toTop}\x1b[${countRows(painted.widths, columns)}M\x1b[J`;
}
