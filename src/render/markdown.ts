import { Blocks } from "./markdown_blocks.ts";
import type { MarkdownView } from "./markdown_wrap.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";

/** Text so far: what is final, and what may still change. */
export interface MarkdownUpdate {
  /** Rows that became final, each ending in LF. */
  readonly stable: SafeText;
  /** All that is still open, as it would be if the text ended here; made only when it is read. */
  readonly tail: SafeText;
}

/** A longer line is read in parts, so that what is open stays small. */
const LONGEST_LINE = 65_536;

const FEWEST_COLUMNS = 10;

/**
 * Renders Markdown from anyone for a terminal. Every row ends in LF; rows of prose and tables fit
 * into the columns (fewer than 10 count as 10), code is never wrapped. Without color markup stays
 * as it was written.
 */
export function renderMarkdown(text: string, view: MarkdownView): SafeText {
  const stream = new MarkdownStream(view);
  const { stable } = stream.push(text);
  return safeText`${stable}${stream.flush()}`;
}

/**
 * Renders Markdown that arrives in pieces, however they are cut: all that becomes stable, and what
 * is open at the end, is what {@linkcode renderMarkdown} makes of the whole text.
 */
export class MarkdownStream {
  #view: MarkdownView;
  #blocks = new Blocks();
  /** The line that has no end yet. */
  #open = "";
  /** Whether it is the rest of one whose beginning is written. */
  #isRest = false;

  constructor(view: MarkdownView) {
    this.#view = atLeast(view);
  }

  /** Sets how wide later rows may be. */
  resize(columns: number): void {
    this.#view = atLeast({ ...this.#view, columns });
  }

  push(text: string): MarkdownUpdate {
    const rows: SafeText[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#open += text.slice(start, end);
      this.#readParts(rows);
      this.#read(this.#open.replace(/\r$/, ""), rows);
      this.#open = "";
      this.#isRest = false;
      start = end + 1;
    }
    this.#open += text.slice(start);
    this.#readParts(rows);
    const tail = this.#tail();
    return {
      stable: lines(rows),
      get tail() {
        return tail();
      },
    };
  }

  /**
   * Returns what is still open, as it is if the text ends here. What follows all the same goes on
   * behind it, in a row of its own: code stays code.
   */
  flush(): SafeText {
    const rows: SafeText[] = [];
    if (this.#open !== "") this.#read(this.#open, rows);
    this.#blocks.end(this.#view, rows);
    this.#isRest ||= this.#open !== "";
    this.#open = "";
    return lines(rows);
  }

  /** What makes, whenever it is called, the rows that the text would end in if it ended now. */
  #tail(): () => SafeText {
    const [state, open, isRest, view] = [this.#blocks.copy(), this.#open, this.#isRest, this.#view];
    return () => {
      const rows: SafeText[] = [];
      const blocks = state.copy();
      read(blocks, open, isRest, view, rows);
      blocks.end(view, rows);
      return lines(rows);
    };
  }

  /** Reads what is there of a line that is too long, but for its last part. */
  #readParts(rows: SafeText[]): void {
    while (this.#open.length > LONGEST_LINE) {
      const end = partEnd(this.#open);
      this.#read(this.#open.slice(0, end), rows);
      this.#open = this.#open.slice(end);
      this.#isRest = true;
    }
  }

  #read(line: string, rows: SafeText[]): void {
    read(this.#blocks, line, this.#isRest, this.#view, rows);
  }
}

function read(
  blocks: Blocks,
  line: string,
  isRest: boolean,
  view: MarkdownView,
  rows: SafeText[],
): void {
  if (isRest) blocks.goOn(sanitize(line), view, rows);
  else blocks.line(sanitize(line), view, rows);
}

function atLeast({ styles, columns }: MarkdownView): MarkdownView {
  return { styles, columns: Math.max(columns, FEWEST_COLUMNS) };
}

/** Where the first part of a line that is too long ends: behind a space, if there is one near. */
function partEnd(line: string): number {
  const space = line.lastIndexOf(" ", LONGEST_LINE - 1);
  if (space > LONGEST_LINE / 2) return space + 1;
  const splitsPair = /[\ud800-\udbff]/.test(line[LONGEST_LINE - 1] ?? "");
  return splitsPair ? LONGEST_LINE - 1 : LONGEST_LINE;
}

function lines(rows: readonly SafeText[]): SafeText {
  return joinSafe(rows.map((row) => safeText`${row}\n`));
}
