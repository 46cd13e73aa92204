import { joinSafe, type SafeText, safeText, spellOut } from "../render/safe_text.ts";
import { countRows, NARROWEST } from "../render/screen_rows.ts";
import { roomFor, truncateToWidth, widthOf } from "../render/width.ts";
import type { Line } from "./line.ts";

/** An input line, broken into the rows of a screen. */
export interface Layout {
  readonly rows: readonly SafeText[];
  /** Columns that each row takes. */
  readonly widths: readonly number[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

export const PROMPT = safeText`> `;
const INDENT = safeText`  `;
const INDENT_WIDTH = 2;
const TAB = safeText`    `;

export interface LayoutOptions {
  /** What stands before the first row. */
  readonly prompt: SafeText;
  /** Of the screen; the last stays free, so that no row ever wraps by itself. */
  readonly columns: number;
  /** How many rows are shown; of more, those around the cursor. */
  readonly maxRows: number;
  /** How many rows they may take when the screen becomes as narrow as screens do. */
  readonly maxNarrowRows: number;
}

/** Breaks an input line into rows. */
export function layOut(line: Line, options: LayoutOptions): Layout {
  const { prompt, columns, maxRows, maxNarrowRows } = options;
  const width = Math.max(columns - 1, INDENT_WIDTH + 2);
  const rows: SafeText[][] = [[prompt]];
  const widths = [widthOf(prompt)];
  let room = roomFor(prompt);
  let cursorRow = 0;
  let cursorColumn = 0;
  const newRow = () => {
    rows.push([INDENT]);
    widths.push(INDENT_WIDTH);
    room = INDENT_WIDTH;
  };
  const markCursor = () => {
    cursorRow = rows.length - 1;
    cursorColumn = widths.at(-1) ?? 0;
  };
  line.characters.forEach((character, index) => {
    const shown = character === "\t" ? TAB : spellOut(character);
    if (character !== "\n" && room + roomFor(shown) > width) newRow();
    if (index === line.cursor) markCursor();
    if (character === "\n") {
      newRow();
    } else {
      rows.at(-1)?.push(shown);
      widths[widths.length - 1] = (widths.at(-1) ?? 0) + widthOf(shown);
      room += roomFor(shown);
    }
  });
  if (line.cursor === line.characters.length) markCursor();
  for (let shown = Math.min(maxRows, rows.length);; shown--) {
    const first = Math.max(0, Math.min(cursorRow - Math.floor(shown / 2), rows.length - shown));
    const shownWidths = widths.slice(first, first + shown);
    if (shown > 1 && countRows(shownWidths, NARROWEST) > maxNarrowRows) continue;
    return {
      rows: rows.slice(first, first + shown).map((row) => joinSafe(row)),
      widths: shownWidths,
      cursorRow: cursorRow - first,
      cursorColumn,
    };
  }
}

/** The layout with rows above it that are no part of the line, cut to the screen. */
export function withRowsAbove(layout: Layout, above: readonly SafeText[], columns: number): Layout {
  const rows = above.map((row) => truncateToWidth(row, Math.max(columns - 1, 1)));
  return {
    rows: [...rows, ...layout.rows],
    widths: [...rows.map(widthOf), ...layout.widths],
    cursorRow: layout.cursorRow + rows.length,
    cursorColumn: layout.cursorColumn,
  };
}
