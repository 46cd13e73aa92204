import { withoutTabs } from "./markdown_lines.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";
import { splitColumns } from "./split_columns.ts";
import type { Style } from "./styles.ts";
import { roomFor, wrapToWidth } from "./width.ts";

/** Columns that what goes on from the row above stands in. */
const HANGING = 2;

/** No screen is narrower, or what does not fit is broken by the terminal. */
const LEAST_COLUMNS = 10;

/** The most columns that a terminal has between two tab stops. */
const TAB_STOP = 8;

/**
 * One line without styling as rows of a screen. Where the terminal breaks a line, what follows
 * begins a row of its own, as our words do, and whoever wrote it could choose what that looks like:
 * so each row but the first is two columns in.
 */
export function hangingRows(line: SafeText, columns: number): SafeText[] {
  const room = Math.max(columns, LEAST_COLUMNS);
  if (roomFor(line) <= room) return [line];
  return hanging(splitColumns(line, room, room - HANGING));
}

/** The same in a style, each row with its end; one row unless it is given what fits. */
export function styledRows(line: SafeText, style: Style, columns = Infinity): SafeText {
  return joinSafe(hangingRows(line, columns).map((row) => safeText`${style(row)}\n`));
}

/** The same, broken between words; whole where any number of columns fits. */
export function hangingWords(line: SafeText, columns: number): SafeText[] {
  if (roomFor(line) <= columns) return [line];
  const room = Math.max(columns, LEAST_COLUMNS);
  return hanging(wrapToWidth(line, room, room - HANGING));
}

/** One line of ours in rows that end in LF, broken between words. */
export function inHangingRows(line: SafeText, columns: number): SafeText {
  return safeText`${joinSafe(hangingWords(line, columns), safeText`\n`)}\n`;
}

/** Lines without styling, in rows of at most so many columns; what is to stand in is put in later. */
export function breakLines(lines: SafeText, columns: number): SafeText {
  const room = Math.max(columns, LEAST_COLUMNS - HANGING);
  return sanitize(lines.split("\n").map((line) => breakLine(line, room)).join("\n"));
}

function breakLine(line: string, room: number): string {
  const tabs = line.split("\t").length - 1;
  if (roomFor(line) + tabs * TAB_STOP <= room) return line;
  return splitColumns(withoutTabs(line), room, room).join("\n");
}

function hanging([first = "", ...others]: readonly string[]): SafeText[] {
  return [sanitize(first), ...others.map((row) => safeText`  ${sanitize(row)}`)];
}
