import { breakLines } from "./break_lines.ts";
import { parseInline } from "./markdown_inline.ts";
import { isRule, markerOf, startsBlock, withoutClosing, withoutTabs } from "./markdown_lines.ts";
import { addRow, type MarkdownTable, openTable, writeTable } from "./markdown_table.ts";
import { dressRuns, type Mark, type MarkdownView, type Run, wrapRuns } from "./markdown_wrap.ts";
import { safeLines, type SafeText, safeText, sanitize } from "./safe_text.ts";
import { truncateToWidth } from "./width.ts";

/** An item of a list in which the next lines may stand. */
interface Item {
  /** Columns before its marker, in the source. */
  readonly indent: number;
  /** Columns that its marker fills on the screen. */
  readonly width: number;
}

interface Fence {
  readonly marker: string;
  /** Columns before the marker, which its lines have as well. */
  readonly indent: number;
  /** Empty lines that count only if another line follows. */
  readonly gap: number;
}

interface BlockState {
  readonly items: readonly Item[];
  /** Markers of items of which nothing is written yet, with what stands before them. */
  readonly lead: string;
  readonly fence: Fence | undefined;
  readonly quote: Blocks | undefined;
  /** A line that is the header of a table if the next line says so. */
  readonly header: string | undefined;
  readonly table: MarkdownTable | undefined;
  /** Whether empty lines came after the last row. */
  readonly gap: boolean;
  readonly written: boolean;
}

const NOTHING: BlockState = {
  items: [],
  lead: "",
  fence: undefined,
  quote: undefined,
  header: undefined,
  table: undefined,
  gap: false,
  written: false,
};

/** Deeper lists and quotes are text. */
const DEEPEST_LIST = 10;
const DEEPEST_QUOTE = 6;
/** With fewer columns than these nothing is quoted, and there would be no room for a marker. */
const QUOTE_COLUMNS = 12;

/** An item stands within another one from that many columns behind its marker on. */
const NESTED_BY = 2;

/** Columns before a fence that its lines may have as well. */
const DEEPEST_FENCE = 100;

/** Indented as far as this, text is code. */
const CODE_INDENT = 4;

/** From that size on a table is no longer waited for: its first rows settle how wide it is. */
const TABLE_ROWS = 200;
const TABLE_SIZE = 65_536;

/**
 * Reads Markdown line by line, and writes rows as soon as nothing that follows can change them. A
 * line's end is kept as one: what agents write is often lines, and seldom wrapped.
 */
export class Blocks {
  readonly #depth: number;
  #state: BlockState;

  constructor(depth = 0, state = NOTHING) {
    this.#depth = depth;
    this.#state = state;
  }

  /** Another one that has read the same; either goes on without the other. */
  copy(): Blocks {
    return new Blocks(this.#depth, { ...this.#state, quote: this.#state.quote?.copy() });
  }

  /** Reads a line without its end, sanitized. */
  line(line: string, view: MarkdownView, rows: SafeText[]): void {
    if (this.#state.fence !== undefined) return this.#codeLine(line, this.#state.fence, view, rows);
    const text = withoutTabs(line);
    const rest = text.replace(/^ +/, "");
    if (rest.trim() === "") return this.#emptyLine(view, rows);
    if (this.#goOnWithTable(rest, view, rows)) return;
    const indent = text.length - rest.length;
    if (!rest.startsWith(">")) this.#endQuote(view, rows);
    if (isRule(rest)) {
      this.#leaveItems(indent, view, rows);
      return this.#put(view, rows, ruleOf);
    }
    const behind = this.#readMarkers(rest, indent, view, rows);
    this.#block(behind.text, behind.indent, view, rows);
  }

  /** Reads a part of a line that was too long for one: it has no markers. */
  goOn(line: string, view: MarkdownView, rows: SafeText[]): void {
    const text = withoutTabs(line);
    if (text.trim() === "") return;
    if (this.#state.quote !== undefined) return this.#quoted(text, view, rows, true);
    this.#endTable(view, rows);
    if (this.#state.fence !== undefined) this.#put(view, rows, (inner) => codeRows(text, inner));
    else this.#paragraph(text.trim(), view, rows);
  }

  /** Writes what is still held back. */
  end(view: MarkdownView, rows: SafeText[]): void {
    this.#endQuote(view, rows);
    this.#endTable(view, rows);
    if (this.#state.lead !== "") this.#put(view, rows, () => [safeText``]);
  }

  #emptyLine(view: MarkdownView, rows: SafeText[]): void {
    this.end(view, rows);
    this.#set({ gap: true });
  }

  /**
   * Reads the markers of items that begin on a line.
   *
   * @returns what stands behind them, and how many columns stand before that in the source
   */
  #readMarkers(
    line: string,
    lineIndent: number,
    view: MarkdownView,
    rows: SafeText[],
  ): { readonly text: string; readonly indent: number } {
    this.#leaveItems(lineIndent, view, rows);
    let rest = line;
    let indent = lineIndent;
    for (let item = markerOf(rest); item !== undefined; item = markerOf(rest)) {
      if (this.#state.items.length >= DEEPEST_LIST) break;
      const { bullet, spaces } = item;
      const marker = `${view.styles.color ? bullet.replace(/[-*+]/, "\u2022") : bullet} `;
      const before = this.#state.lead || " ".repeat(widthOfItems(this.#state.items));
      this.#set({
        items: [...this.#state.items, { indent, width: marker.length }],
        lead: before + marker,
      });
      rest = rest.slice(bullet.length + spaces);
      indent += bullet.length + spaces;
    }
    return { text: rest, indent };
  }

  #block(rest: string, indent: number, view: MarkdownView, rows: SafeText[]): void {
    if (rest === "") return;
    if (rest.startsWith(">") && this.#mayQuote(view)) {
      return this.#quoted(rest.slice(1).replace(/^ /, ""), view, rows, false);
    }
    const fence = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(rest)?.[0];
    if (fence !== undefined) {
      this.#set({ fence: { marker: fence, indent: Math.min(indent, DEEPEST_FENCE), gap: 0 } });
      return this.#put(
        view,
        rows,
        ({ styles, columns }) => [styles.dim(truncateToWidth(sanitize(rest.trimEnd()), columns))],
      );
    }
    const level = /^#{1,6}(?= |$)/.exec(rest)?.[0].length ?? 0;
    if (level > 0) return this.#put(view, rows, (inner) => headingOf(rest, level, inner));
    if (indent >= CODE_INDENT && this.#state.items.length === 0) {
      const code = " ".repeat(indent) + rest.trimEnd();
      return this.#put(view, rows, (inner) => codeRows(code, inner));
    }
    if (rest.includes("|")) this.#set({ header: rest });
    else this.#paragraph(rest, view, rows);
  }

  #paragraph(text: string, view: MarkdownView, rows: SafeText[]): void {
    this.#put(view, rows, (inner) => wrapped(inlineOf(text.trimEnd(), inner, []), inner));
  }

  #codeLine(line: string, fence: Fence, view: MarkdownView, rows: SafeText[]): void {
    const words = line.trim();
    if (words === "") return this.#set({ fence: { ...fence, gap: fence.gap + 1 } });
    // Tabs of the code count from where it begins.
    const text = line.startsWith(" ".repeat(fence.indent))
      ? " ".repeat(fence.indent) + withoutTabs(line.slice(fence.indent))
      : withoutTabs(line);
    const indent = text.length - text.trimStart().length;
    const closes = words.length >= fence.marker.length && indent < fence.indent + CODE_INDENT &&
      words === (fence.marker[0] ?? "").repeat(words.length);
    const code = text.slice(Math.min(indent, fence.indent));
    this.#set({ fence: closes ? undefined : { ...fence, gap: 0 } });
    this.#put(view, rows, (inner) => [
      ...Array.from({ length: fence.gap }, () => safeText``),
      ...(closes ? [inner.styles.dim(sanitize(words))] : codeRows(code, inner)),
    ]);
  }

  #quoted(text: string, view: MarkdownView, rows: SafeText[], goesOn: boolean): void {
    const quote = this.#state.quote ?? new Blocks(this.#depth + 1);
    this.#set({ quote });
    this.#putQuoted(
      view,
      rows,
      (inner, quoted) => goesOn ? quote.goOn(text, inner, quoted) : quote.line(text, inner, quoted),
    );
  }

  #endQuote(view: MarkdownView, rows: SafeText[]): void {
    const { quote } = this.#state;
    if (quote === undefined) return;
    this.#putQuoted(view, rows, (inner, quoted) => quote.end(inner, quoted));
    this.#set({ quote: undefined });
  }

  #putQuoted(
    view: MarkdownView,
    rows: SafeText[],
    write: (inner: MarkdownView, quoted: SafeText[]) => void,
  ): void {
    const quoted: SafeText[] = [];
    const { styles } = view;
    const bar = styles.color ? styles.dim(safeText`\u2502`) : safeText`>`;
    const columns = Math.max(columnsOfQuote(view, this.#indent(view)), QUOTE_COLUMNS);
    write({ styles, columns }, quoted);
    if (quoted.length === 0) return;
    this.#put(
      view,
      rows,
      () => quoted.map((row) => row === "" ? bar : safeText`${bar} ${row}`),
    );
  }

  /** Whether a line belongs to a table; what is held back is written where it doesn't. */
  #goOnWithTable(rest: string, view: MarkdownView, rows: SafeText[]): boolean {
    const { header, table } = this.#state;
    if (table === undefined && header === undefined) return false;
    if (rest.includes("|") && !startsBlock(rest)) {
      const next = table === undefined ? openTable(header ?? "", rest) : addRow(table, rest);
      if (next !== undefined) {
        this.#set({ header: undefined, table: next });
        const isSettled = next.widths !== undefined;
        if (isSettled || next.rows.length >= TABLE_ROWS || next.size >= TABLE_SIZE) {
          this.#writeTable(next, view, rows);
        }
        return true;
      }
    }
    this.#endTable(view, rows);
    return false;
  }

  #endTable(view: MarkdownView, rows: SafeText[]): void {
    const { header, table } = this.#state;
    this.#set({ header: undefined, table: undefined });
    if (header !== undefined) this.#paragraph(header, view, rows);
    if (table !== undefined) this.#writeTable(table, view, rows);
  }

  #writeTable(table: MarkdownTable, view: MarkdownView, rows: SafeText[]): void {
    let settled = table;
    this.#put(view, rows, (inner) => {
      const written = writeTable(table, inner);
      settled = written.table;
      return written.rows;
    });
    if (this.#state.table !== undefined) this.#set({ table: settled });
  }

  /** Ends the items that a line with that many columns before it is no part of. */
  #leaveItems(indent: number, view: MarkdownView, rows: SafeText[]): void {
    const { items } = this.#state;
    const length = items.findLastIndex((item) => indent >= item.indent + NESTED_BY) + 1;
    if (length === items.length) return;
    this.end(view, rows);
    this.#set({ items: items.slice(0, length) });
  }

  #mayQuote(view: MarkdownView): boolean {
    return this.#state.quote !== undefined ||
      (this.#depth < DEEPEST_QUOTE && columnsOfQuote(view, this.#indent(view)) >= QUOTE_COLUMNS);
  }

  /** Columns before everything in the innermost item: at most half of what there are. */
  #indent({ columns }: MarkdownView): number {
    return Math.min(widthOfItems(this.#state.items), columns >> 1);
  }

  /** Writes rows, with the markers before the first one, or as many spaces. */
  #put(
    view: MarkdownView,
    rows: SafeText[],
    make: (inner: MarkdownView) => readonly SafeText[],
  ): void {
    const { lead, gap, written } = this.#state;
    const indent = this.#indent(view);
    const made = make({ styles: view.styles, columns: view.columns - indent });
    if (made.length === 0) return;
    const spaces = sanitize(" ".repeat(indent));
    const first = lead === "" || indent === 0 ? spaces : sanitize(lead.slice(-indent));
    if (gap && written) rows.push(safeText``);
    made.forEach((row, index) => {
      const before = index === 0 ? first : spaces;
      rows.push(row === "" ? sanitize(before.trimEnd()) : safeText`${before}${row}`);
    });
    this.#set({ lead: "", gap: false, written: true });
  }

  #set(change: Partial<BlockState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function columnsOfQuote({ columns }: MarkdownView, indent: number): number {
  return columns - indent - 2;
}

function widthOfItems(items: readonly Item[]): number {
  return items.reduce((sum, { width }) => sum + width, 0);
}

/**
 * A line of code: whole, so that it can be copied. The terminal may break it, and begin a row with it
 * where our own words begin; where no style tells the two apart, it is broken here.
 */
function codeRows(code: string, { styles, columns }: MarkdownView): SafeText[] {
  const line = sanitize(code);
  return styles.color ? [line] : safeLines(breakLines(line, columns));
}

function ruleOf({ styles, columns }: MarkdownView): SafeText[] {
  if (!styles.color) return [safeText`---`];
  return [styles.dim(sanitize("\u2500".repeat(Math.min(columns, 40))))];
}

const HEADING_MARKS: readonly (readonly Mark[])[] = [["heading"], ["bold"], ["bold", "italic"]];

function headingOf(line: string, level: number, view: MarkdownView): SafeText[] {
  const marks = HEADING_MARKS[Math.min(level, HEADING_MARKS.length) - 1] ?? [];
  const text = view.styles.color ? withoutClosing(line.slice(level).trim()) : line.trimEnd();
  return wrapped(inlineOf(text, view, marks), view);
}

/** Without color, markup stays as it was written: it is the only sign there is. */
function inlineOf(text: string, { styles }: MarkdownView, marks: readonly Mark[]): Run[] {
  return styles.color ? parseInline(text, marks) : [{ text, marks }];
}

function wrapped(runs: readonly Run[], { styles, columns }: MarkdownView): SafeText[] {
  return wrapRuns(runs, columns).map((row) => dressRuns(row, styles));
}
