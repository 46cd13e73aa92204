import { type JsonObject, ownField } from "../protocol/frames.ts";
import { type CellKind, type CellStyle, cellText } from "./cell.ts";
import { oneLine } from "./cut.ts";
import { type ColumnNeeds, fitColumns } from "./fit_columns.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";
import type { Styles } from "./styles.ts";
import { padEndToWidth, padStartToWidth, roomFor, truncateToWidth, wrapToWidth } from "./width.ts";

// Own code and not @cliffy/table: that counts code points, so that emoji of several make its lines
// ragged; it wraps cells and never drops a column; and safe text goes in but plain text comes out.

/** How to draw a table. */
export interface TableOptions {
  readonly styles: Styles;
  readonly kinds: Readonly<Record<string, CellKind>>;
  /** Columns of the terminal to fit into; without it nothing is cut, wrapped or dropped. */
  readonly available?: number | undefined;
  /** The time, where values are to be shown as people read them. */
  readonly now?: number | undefined;
}

/** A table, and the fields for which there was no room. */
export interface Table {
  readonly text: SafeText;
  /** Names of the fields with values that are not shown. */
  readonly dropped: readonly string[];
  /** How many more were left out that are empty in all rows. */
  readonly droppedEmpty: number;
}

interface Column {
  readonly header: SafeText;
  readonly cells: readonly SafeText[];
  readonly alignEnd: boolean;
  readonly needs: ColumnNeeds;
}

/** A column for which there is room. */
interface PlacedColumn extends Column {
  readonly width: number;
}

const SEPARATOR = safeText`  `;

/** Text of words says something from this width on. */
const LEAST_WORDS = 16;

/** Up to this width a text without spaces, such as an id, is shown whole: cut, it is of no use. */
const MOST_WHOLE = 40;

/** Rows as a table with a header, one line a row, its columns in the order of the names. */
export function renderTable(
  rows: readonly JsonObject[],
  names: readonly string[],
  options: TableOptions,
): Table {
  const { available = Infinity } = options;
  const nestedColumns = Math.max(20, Math.min(60, Math.floor(available / 3)));
  const style = { now: options.now, nestedColumns: isFinite(available) ? nestedColumns : Infinity };
  const columns = names.map((name) => makeColumn(name, rows, options, style));
  const widths = fitColumns(columns.map(({ needs }) => needs), available, SEPARATOR.length);
  const shown = columns
    .map((column, index): PlacedColumn => ({ ...column, width: widths[index] ?? 0 }))
    .filter(({ width }) => width > 0);
  const lines = [
    shown.map((column) => aligned(column.header, column)),
    shown.map(({ width }) => sanitize("-".repeat(width))),
    ...rows.map((_, row) => shown.map((column) => aligned(column.cells[row], column))),
  ];
  const isDropped = (index: number) => widths[index] === 0;
  const isEmpty = (index: number) => columns[index]?.needs.filled === 0;
  return {
    text: drawLines(lines, options.styles),
    dropped: names.filter((_, index) => isDropped(index) && !isEmpty(index)),
    droppedEmpty: names.filter((_, index) => isDropped(index) && isEmpty(index)).length,
  };
}

/**
 * An object as a table of its fields and their values. Values that are too wide are wrapped, the
 * lines of a text kept: unlike a row, one object has the space.
 */
export function renderRecord(record: JsonObject, options: TableOptions): SafeText {
  const { available = Infinity } = options;
  const names = Object.keys(record).map(headerOf);
  const nameWidth = names.reduce((width, name) => Math.max(width, roomFor(name)), 5);
  const valueWidth = Math.max(available - nameWidth - SEPARATOR.length, 20);
  const style = { now: options.now, nestedColumns: 3 * valueWidth };
  const body = Object.values(record).flatMap((value, index) => {
    const kind = ownField(options.kinds, Object.keys(record)[index] ?? "");
    return valueLines(value, kind, style, valueWidth)
      .map((line, row) => [row === 0 ? names[index] ?? EMPTY : EMPTY, line]);
  });
  const width = body.reduce((most, [, value = EMPTY]) => Math.max(most, roomFor(value)), 5);
  const lines = [
    [safeText`Field`, safeText`Value`],
    [sanitize("-".repeat(nameWidth)), sanitize("-".repeat(width))],
    ...body,
  ];
  return drawLines(
    lines.map(([name = EMPTY, value = EMPTY]) => [padEndToWidth(name, nameWidth), value]),
    options.styles,
  );
}

const EMPTY = safeText``;

function makeColumn(
  name: string,
  rows: readonly JsonObject[],
  { kinds }: TableOptions,
  style: CellStyle,
): Column {
  const kind = ownField(kinds, name);
  const header = headerOf(name);
  const cells = rows.map((row) => cellText(ownField(row, name), kind, style));
  const filled = cells.reduce((sum, cell) => cell === "" ? sum : sum + 1, 0);
  const isNumeric = filled > 0 &&
    rows.every((row) => typeof (ownField(row, name) ?? 0) === "number");
  const widest = cells.reduce((most, cell) => Math.max(most, roomFor(cell)), 0);
  const natural = Math.max(roomFor(header), widest);
  // Numbers and times are never cut: what is left would be another number.
  const isWhole = isNumeric || kind !== undefined ||
    (widest <= MOST_WHOLE && !cells.some((cell) => cell.includes(" ")));
  const least = isWhole ? natural : Math.max(roomFor(header), Math.min(widest, LEAST_WORDS));
  return { header, cells, alignEnd: isNumeric, needs: { natural, least, filled } };
}

function headerOf(name: string): SafeText {
  return sanitize(oneLine(name));
}

function aligned(text: SafeText | undefined, { width, alignEnd }: PlacedColumn): SafeText {
  const cut = truncateToWidth(text ?? EMPTY, width);
  return alignEnd ? padStartToWidth(cut, width) : padEndToWidth(cut, width);
}

function valueLines(
  value: unknown,
  kind: CellKind | undefined,
  style: CellStyle,
  width: number,
): SafeText[] {
  const text = typeof value === "string" && isFinite(width) && value.includes("\n")
    ? sanitize(value.replaceAll("\t", "    "))
    : cellText(value, kind, style);
  return text.trimEnd().split("\n").flatMap((line) => wrapToWidth(sanitize(line.trimEnd()), width));
}

/** Joins cells to lines; the first line is the header, the second one rules it off. */
function drawLines(lines: readonly (readonly SafeText[])[], styles: Styles): SafeText {
  const drawn = lines.map((cells, index) => {
    const line = sanitize(joinSafe(cells, SEPARATOR).trimEnd());
    const styled = index === 0 ? styles.bold(line) : index === 1 ? styles.dim(line) : line;
    return safeText`${styled}\n`;
  });
  return joinSafe(drawn);
}
