import { inHangingRows } from "../render/break_lines.ts";
import { joinSafe, safeText, spellOutLine } from "../render/safe_text.ts";
import type { SheetRow } from "../render/tool_input_sheet.ts";
import type { Size } from "../term/terminal.ts";
import type { AnswerDesk, EditOptions, Reading, ReadOptions } from "./asker.ts";
import type { View } from "./view.ts";

/** Rows of a screen that what is asked at the end of a reading needs. */
const ROWS_TO_ANSWER = 4;

/** The fewest rows that make a page. */
const LEAST_PAGE = 4;

/** How many rows of a screen show a page that leaves room for a question. */
export function pageRows({ rows }: Size): number {
  return Math.max(rows - ROWS_TO_ANSWER, LEAST_PAGE);
}

/** The number of lines that rows make up. */
export function countLines(rows: readonly SheetRow[]): number {
  return (rows.at(-1)?.line ?? -1) + 1;
}

/** Shows rows. */
export function printRows(view: View, rows: readonly SheetRow[]): void {
  view.print(joinSafe(rows.map(({ text }) => safeText`${text}\n`)));
}

/**
 * Shows a reading page by page, for a person who answers in lines.
 *
 * @returns whether its end was shown; undefined where there is nobody to read it
 */
export async function readInLines(
  reading: Reading,
  { signal, hint }: ReadOptions,
  { view, size, ask }: {
    readonly view: View;
    readonly size: () => Size;
    readonly ask: AnswerDesk["ask"];
  },
): Promise<boolean | undefined> {
  const rows = reading(size().columns);
  for (let shown = 0;;) {
    const page = pageRows(size());
    printRows(view, rows.slice(shown, shown + page));
    shown += page;
    if (shown >= rows.length) return true;
    const line = (rows[shown - 1]?.line ?? 0) + 1;
    const message = safeText`Line ${line} of ${countLines(rows)}: Enter shows more, q stops`;
    while (true) {
      const answer = (await ask({ message, ending: "q", signal, hint }))?.trim();
      if (answer === undefined) return undefined;
      if (/^(?:q|quit|no?)$/i.test(answer)) return false;
      if (/^(?:m|more|y|yes)?$/i.test(answer)) break;
      // It may have been meant for the agent.
      view.print(inHangingRows(safeText`"${spellOutLine(answer)}" is no answer`, size().columns));
    }
  }
}

/**
 * Has a text typed anew, where it cannot be edited in its place.
 *
 * @returns undefined where nothing was typed
 */
export async function editInOneLine(
  { what, hint, signal }: EditOptions,
  ask: AnswerDesk["ask"],
): Promise<string | undefined> {
  const message = safeText`${what}, on one line; nothing leaves it as it is`;
  return await ask({ message, hint, signal }) || undefined;
}
