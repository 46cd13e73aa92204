import { fitColumns } from "./fit_columns.ts";
import { parseInline } from "./markdown_inline.ts";
import {
  dressRuns,
  type Mark,
  type MarkdownView,
  roomForRuns,
  type Run,
  widthOfRuns,
  wrapRuns,
} from "./markdown_wrap.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";

type Alignment = "start" | "center" | "end";

/** A table as far as it is read. */
export interface MarkdownTable {
  readonly header: readonly string[];
  readonly alignments: readonly Alignment[];
  /** Rows that aren't written yet. */
  readonly rows: readonly (readonly string[])[];
  /** Code units that they have. */
  readonly size: number;
  /** Columns of the screen for each column, once they are settled; none where too few are left. */
  readonly widths: readonly number[] | undefined;
}

/** Columns that a column needs if it is to say something. */
const LEAST_WIDTH = 6;

/** Columns between two columns. */
const SEPARATOR = 3;

/** Reads the first two lines of a table; undefined where they are none. */
export function openTable(header: string, delimiters: string): MarkdownTable | undefined {
  if (!/^[\s|:-]+$/.test(delimiters) || !delimiters.includes("-")) return undefined;
  const cells = cellsOf(header);
  const marks = cellsOf(delimiters);
  if (marks.length !== cells.length || !marks.every((mark) => /^:?-+:?$/.test(mark))) {
    return undefined;
  }
  return {
    header: cells,
    alignments: marks.map(alignmentOf),
    rows: [],
    size: 0,
    widths: undefined,
  };
}

/** Reads a line of an open table; cells beyond the last column are part of that. */
export function addRow(table: MarkdownTable, line: string): MarkdownTable {
  const cells = cellsOf(line);
  const { length } = table.header;
  const last = cells.slice(length - 1).join(" | ");
  return {
    ...table,
    rows: [...table.rows, [...cells.slice(0, length - 1), last]],
    size: table.size + line.length,
  };
}

/**
 * Writes the rows that aren't written yet, and the header before the first of them. The widths of
 * the columns are then settled, for the rows that follow.
 */
export function writeTable(
  table: MarkdownTable,
  view: MarkdownView,
): { readonly rows: SafeText[]; readonly table: MarkdownTable } {
  const widths = table.widths ?? settleWidths(table, view);
  const rows: SafeText[] = [];
  const grid = { ...table, widths };
  if (widths.length === 0) {
    table.rows.forEach((cells, index) => {
      if (index > 0 || table.widths !== undefined) rows.push(safeText``);
      rows.push(...writeRecord(cells, table.header, view));
    });
    if (table.rows.length === 0 && table.widths === undefined) {
      rows.push(...writeRecord(table.header, [], view));
    }
  } else {
    if (table.widths === undefined) {
      rows.push(...writeCells(table.header, grid, view, ["bold"]), ruleOf(widths, view));
    }
    for (const cells of table.rows) rows.push(...writeCells(cells, grid, view, []));
  }
  return { rows, table: { ...grid, rows: [], size: 0 } };
}

/** The cells of a line; `\|` is a bar within a cell. */
function cellsOf(line: string): string[] {
  const text = line.trim();
  const cells: string[] = [];
  let cell = "";
  for (const part of text.match(/\\\||\||[^\\|]+|\\/g) ?? []) {
    if (part === "|") {
      cells.push(cell.trim());
      cell = "";
    } else {
      cell += part === "\\|" ? "|" : part;
    }
  }
  // Bars at both ends of the line are its frame.
  if (text.startsWith("|")) cells.shift();
  if (cell.trim() !== "" || !text.endsWith("|")) cells.push(cell.trim());
  return cells;
}

function alignmentOf(mark: string): Alignment {
  if (!mark.endsWith(":")) return "start";
  return mark.startsWith(":") ? "center" : "end";
}

/** Widths under which the table fits the screen; none where its columns would be too narrow. */
function settleWidths({ header, rows }: MarkdownTable, view: MarkdownView): number[] {
  const needs = header.map((_, column) => {
    const natural = [header, ...rows].reduce(
      (width, cells) => Math.max(width, roomForRuns(runsOf(cells[column] ?? "", view, []))),
      1,
    );
    return { natural, least: Math.min(natural, LEAST_WIDTH), filled: 1 };
  });
  const least = needs.reduce((sum, need) => sum + need.least + SEPARATOR, -SEPARATOR);
  return least > view.columns ? [] : fitColumns(needs, view.columns, SEPARATOR);
}

function runsOf(cell: string, { styles }: MarkdownView, marks: readonly Mark[]): Run[] {
  return styles.color ? parseInline(cell, marks) : [{ text: cell, marks }];
}

function writeCells(
  cells: readonly string[],
  { alignments, widths }: { alignments: readonly Alignment[]; widths: readonly number[] },
  view: MarkdownView,
  marks: readonly Mark[],
): SafeText[] {
  const bar = view.styles.color ? view.styles.dim(safeText` \u2502 `) : safeText` | `;
  const columns = widths.map((width, column) =>
    wrapRuns(runsOf(cells[column] ?? "", view, marks), width)
  );
  const height = columns.reduce((most, { length }) => Math.max(most, length), 1);
  return Array.from({ length: height }, (_, line) =>
    joinSafe(
      columns.map((rows, column) => {
        const runs = rows[line] ?? [];
        const spare = Math.max((widths[column] ?? 0) - widthOfRuns(runs), 0);
        const alignment = alignments[column];
        const before = alignment === "end" ? spare : alignment === "center" ? spare >> 1 : 0;
        const after = column === columns.length - 1 ? 0 : spare - before;
        return safeText`${blanks(before)}${dressRuns(runs, view.styles)}${blanks(after)}`;
      }),
      bar,
    ));
}

function ruleOf(widths: readonly number[], { styles }: MarkdownView): SafeText {
  const [line, cross] = styles.color ? ["\u2500", "\u253c"] : ["-", "+"];
  const parts = widths.map((width) => line.repeat(width));
  return styles.dim(sanitize(parts.join(`${line}${cross}${line}`)));
}

/** A row as one line for each of its cells, each with its header before it. */
function writeRecord(
  cells: readonly string[],
  header: readonly string[],
  view: MarkdownView,
): SafeText[] {
  return cells.flatMap((cell, column) => {
    const name = header[column] ?? "";
    const runs = [
      ...(name === "" ? [] : [...runsOf(`${name}:`, view, ["bold"]), { text: " ", marks: [] }]),
      ...runsOf(cell, view, []),
    ];
    return wrapRuns(runs, view.columns - 2)
      .map((row, index) => safeText`${blanks(index > 0 ? 2 : 0)}${dressRuns(row, view.styles)}`);
  });
}

function blanks(count: number): SafeText {
  return sanitize(" ".repeat(count));
}
