import { type DiffLine, diffLines, foldContext } from "./diff.ts";
import { count } from "./human.ts";
import { type SafeText, safeText, sanitize } from "./safe_text.ts";
import type { Style } from "./styles.ts";
import { type JsonLine, jsonLines } from "./tool_input_json.ts";
import { makeRows, type RowOptions } from "./tool_input_rows.ts";
import { Findings, type Notation, type Piece, visiblePieces } from "./tool_input_visible.ts";

/** A line to be shown, with the sign in front of it. */
interface SignedLine {
  readonly sign: SafeText;
  readonly style: Style;
  readonly pieces: readonly Piece[];
  /** Code units of the line. */
  readonly size: number;
}

/** As many empty lines in a row are counted instead of shown. */
const LONG_GAP = 4;

const NO_SIGN = safeText` `;
/** Stands before text that stays as it is, so that it can't look like a line of ours. */
const TEXT_SIGN = safeText`|`;

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;

/** A row of the screen, without its end. */
export interface SheetRow {
  readonly text: SafeText;
  /** The line that it is of, from 0: a line that does not fit fills several rows. */
  readonly line: number;
}

/** Takes down what a tool is asked to do, row by row. */
export class Sheet {
  readonly rows: SheetRow[] = [];
  readonly findings = new Findings();
  readonly #options: RowOptions;
  #line = 0;

  constructor(options: RowOptions) {
    this.#options = options;
  }

  /** Our own words on a line of their own. */
  remark(words: SafeText): void {
    this.#row(NO_SIGN, [{ kind: "mark", text: words }], plainStyle);
  }

  /** Our own words, and a colon. */
  heading(words: SafeText): void {
    this.#row(NO_SIGN, [text(safeText`${words}:`)], plainStyle);
  }

  /** A field's name, and a colon. */
  name(name: string): void {
    this.#row(NO_SIGN, [...this.#nameOf(name), text(safeText`:`)], plainStyle);
  }

  /** A field's value as JSON behind its name; the value alone where there is no name. */
  json(value: unknown, name?: string): void {
    for (const line of this.#jsonLines(value, name)) this.#row(NO_SIGN, line.pieces, plainStyle);
  }

  /** Text, line by line. */
  text(text: string, sign: SafeText): void {
    this.#text(text, "text", sign, sign);
  }

  /** A command, line by line. */
  command(command: string): void {
    this.#text(command, "command", safeText`$`, safeText`>`);
  }

  #text(text: string, notation: Notation, first: SafeText, sign: SafeText): void {
    this.#lines(
      text.split("\n").map((line, index) => ({
        sign: index === 0 ? first : sign,
        style: plainStyle,
        pieces: visiblePieces(line, notation, this.findings),
        size: line.length,
      })),
    );
  }

  /** What becomes of a text, whole. */
  replacement(before: string, after: string): void {
    this.#lines(
      diffLines(textLines(before), textLines(after)).map(({ kind, line }) => ({
        ...this.#signOf(kind),
        pieces: visiblePieces(line, "text", this.findings),
        size: line.length,
      })),
    );
  }

  /** What becomes of a text; most of what stays is left out. */
  textChange(before: string, after: string): void {
    this.#change(
      diffLines(textLines(before), textLines(after)),
      (line) => visiblePieces(line, "text", this.findings),
    );
  }

  /** What becomes of a field; undefined stands for none. */
  jsonChange(before: unknown, after: unknown, name?: string): void {
    const pieces = new Map<string, readonly Piece[]>();
    const linesOf = (value: unknown) =>
      value === undefined ? [] : this.#jsonLines(value, name).map((line) => {
        const exact = exactly(line.pieces);
        pieces.set(exact, line.pieces);
        return exact;
      });
    const diff = diffLines(linesOf(before), linesOf(after));
    // Folded whole, a field would lose its name.
    const isFolded = diff.length > 1 && diff.every(({ kind }) => kind === "same");
    if (isFolded && name !== undefined) this.name(name);
    this.#change(diff, (line) => pieces.get(line) ?? []);
  }

  #change(diff: readonly DiffLine[], show: (line: string) => readonly Piece[]): void {
    let lines: SignedLine[] = [];
    for (const entry of foldContext(diff, CONTEXT)) {
      if (entry.kind === "folded") {
        this.#lines(lines);
        lines = [];
        this.remark(safeText`[${sanitize(count(entry.count))} unchanged lines]`);
      } else {
        const { line } = entry;
        lines.push({ ...this.#signOf(entry.kind), pieces: show(line), size: line.length });
      }
    }
    this.#lines(lines);
  }

  #signOf(kind: DiffLine["kind"]): { readonly sign: SafeText; readonly style: Style } {
    const { inserted, deleted } = this.#options.styles;
    if (kind === "inserted") return { sign: safeText`+`, style: inserted };
    if (kind === "deleted") return { sign: safeText`-`, style: deleted };
    return { sign: TEXT_SIGN, style: plainStyle };
  }

  #jsonLines(value: unknown, name: string | undefined): JsonLine[] {
    const lead = name === undefined ? [] : [...this.#nameOf(name), text(safeText`: `)];
    // Beyond half of a row the depth of a line no longer shows, so that what it says still does.
    const deepest = Math.floor(this.#options.columns / 4);
    return jsonLines(value, this.findings, lead).map(({ depth, pieces }) => ({
      depth,
      pieces: [text(sanitize("  ".repeat(Math.min(depth, deepest)))), ...pieces],
    }));
  }

  #nameOf(name: string): Piece[] {
    if (/^[A-Za-z_][\w-]*$/.test(name)) return [text(sanitize(name))];
    return jsonLines(name, this.findings).flatMap(({ pieces }) => pieces);
  }

  #lines(lines: readonly SignedLine[]): void {
    for (let index = 0; index < lines.length;) {
      const line = lines[index];
      if (line === undefined) break;
      const end = endOfGap(lines, index);
      if (end - index < LONG_GAP) {
        this.#row(line.sign, line.pieces, line.style);
        index++;
        continue;
      }
      this.findings.longRun();
      const size = lines.slice(index, end).reduce((sum, { size }) => sum + size, 0);
      const blanks = size === 0 ? "" : `, ${count(size)} characters`;
      const words = sanitize(`[${count(end - index)} lines of nothing but white space${blanks}]`);
      this.#row(line.sign, [{ kind: "mark", text: words }], line.style);
      index = end;
    }
  }

  #row(sign: SafeText, pieces: readonly Piece[], style: Style): void {
    const line = this.#line++;
    for (const text of makeRows(sign, pieces, style, this.#options)) this.rows.push({ text, line });
  }
}

/** Text that is the same for two lines only where they are: what they say, and how. */
function exactly(pieces: readonly Piece[]): string {
  return pieces.map(({ kind, text }) => `${kind} ${text}`).join("\n");
}

/** The lines of a text; none where there is no text. */
function textLines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

/** Where the lines with nothing to see in them end that begin here, all under one sign. */
function endOfGap(lines: readonly SignedLine[], start: number): number {
  let end = start;
  const isGap = ({ sign, pieces }: SignedLine) =>
    sign === lines[start]?.sign && pieces.every(({ kind }) => kind === "mark");
  for (let line = lines[end]; line !== undefined && isGap(line); line = lines[end]) end++;
  return end;
}

function text(words: SafeText): Piece {
  return { kind: "text", text: words };
}

const plainStyle: Style = (words) => words;
