import { joinSafe, type SafeText, safeText, spellOut } from "../render/safe_text.ts";
import { widthOf } from "../render/width.ts";
import type { Line } from "./editor.ts";

/** An input line, broken into the rows of a screen. */
export interface Layout {
  readonly rows: readonly SafeText[];
  /** Columns that each row takes. */
  readonly widths: readonly number[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

const PROMPT = safeText`> `;
const CONTINUATION = safeText`  `;
const PROMPT_WIDTH = 2;
const TAB = safeText`    `;

/**
 * Breaks an input line into rows.
 *
 * @param columns of the screen; the last stays free, so that no row ever wraps by itself
 * @param maxRows how many rows are shown; of more, those around the cursor
 */
export function layOut(line: Line, columns: number, maxRows: number): Layout {
  const width = Math.max(columns - 1, PROMPT_WIDTH + 2);
  const rows: SafeText[][] = [[PROMPT]];
  const widths = [PROMPT_WIDTH];
  let cursorRow = 0;
  let cursorColumn = PROMPT_WIDTH;
  const newRow = () => {
    rows.push([CONTINUATION]);
    widths.push(PROMPT_WIDTH);
  };
  const markCursor = () => {
    cursorRow = rows.length - 1;
    cursorColumn = widths.at(-1) ?? 0;
  };
  line.characters.forEach((character, index) => {
    const shown = character === "\t" ? TAB : spellOut(character);
    const characterWidth = widthOf(shown);
    if (character !== "\n" && (widths.at(-1) ?? 0) + characterWidth > width) newRow();
    if (index === line.cursor) markCursor();
    if (character === "\n") {
      newRow();
    } else {
      rows.at(-1)?.push(shown);
      widths[widths.length - 1] = (widths.at(-1) ?? 0) + characterWidth;
    }
  });
  if (line.cursor === line.characters.length) markCursor();
  const first = Math.max(0, Math.min(cursorRow - Math.floor(maxRows / 2), rows.length - maxRows));
  return {
    rows: rows.slice(first, first + maxRows).map((row) => joinSafe(row)),
    widths: widths.slice(first, first + maxRows),
    cursorRow: cursorRow - first,
    cursorColumn,
  };
}

/**
 * Rows from the top of a painted layout to its cursor on a screen of another width, which a
 * terminal gives its lines when it is resized.
 */
export function rowsToCursor(layout: Layout, columns: number): number {
  const above = layout.widths.slice(0, layout.cursorRow)
    .reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
  return above + Math.floor(layout.cursorColumn / columns);
}
