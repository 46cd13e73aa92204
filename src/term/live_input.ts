import type { Input } from "@cliffy/prompt/input";
import { hangingWords } from "../render/break_lines.ts";
import { graphemes } from "../render/graphemes.ts";
import { joinSafe, type SafeText, safeText, sanitize, spellOutLine } from "../render/safe_text.ts";
import { type Painted, takeOff } from "../render/screen_rows.ts";
import type { Styles } from "../render/styles.ts";
import { truncateToWidth, widthOf } from "../render/width.ts";

/** Columns that a line keeps for what is typed; where there are fewer, it gets a row of its own. */
const ROOM_TO_TYPE = 8;

const POINTER = sanitize("› ");

/** How a question for a line of text is drawn, and what it is answered by. */
export interface LiveInputOptions {
  readonly message: SafeText;
  readonly default?: string | undefined;
  /** A line below the question, looked at anew whenever it is painted. */
  readonly hint?: (() => SafeText) | undefined;
  readonly styles: Styles;
  /** Of the screen, at the time. */
  readonly columns: () => number;
  readonly write: (text: SafeText) => void;
}

/** A key as Cliffy tells of it. */
interface KeyEvent {
  name?: string;
  char?: string;
  sequence?: string;
  code?: string;
  ctrl?: boolean;
  meta?: boolean;
  shift?: boolean;
}

/** Thrown when Ctrl-D is pressed on an empty line. */
export const END_KEY = Symbol("end of input");

/**
 * Cliffy's prompt for a line, painted by ourselves: Cliffy counts UTF-16 units where a terminal
 * has columns, and takes a question for one row when it fills several.
 */
export function makeLiveInput(CliffyInput: typeof Input, options: LiveInputOptions) {
  const { message, styles, columns, write } = options;
  const ending = options.default === undefined ? "" : ` (${options.default})`;
  const question = safeText`? ${message}${spellOutLine(ending)}`;
  const rowWidth = () => Math.max(columns() - 1, ROOM_TO_TYPE + 2);

  return class LiveInput extends CliffyInput {
    #painted: Painted | undefined;

    protected override render(): Promise<void> {
      this.clear();
      const width = rowWidth();
      const rows = layOut(question, width);
      const start = widthOf(rows.at(-1) ?? POINTER);
      const { text, cursor } = window(this.inputValue, this.inputIndex, width - start);
      const hint = options.hint?.();
      const below = hint === undefined ? [] : [truncateToWidth(hint, width)];
      const last = rows.length - 1;
      const painted = rows.map((row, index) => {
        const words = styles.bold(row);
        return index === last ? safeText`${words}${text}` : words;
      });
      write(joinSafe([...painted, ...below.map(styles.dim)], safeText`\n`));
      if (below.length > 0) write(safeText`\x1b[${below.length}A`);
      const column = start + cursor;
      write(column > 0 ? safeText`\r\x1b[${column}C` : safeText`\r`);
      const widths = rows.map(widthOf);
      widths[last] = start + widthOf(text);
      this.#painted = { widths, cursorRow: last, cursorColumn: column };
      return Promise.resolve();
    }

    protected override clear(): void {
      if (this.#painted === undefined) return;
      write(takeOff(this.#painted, columns()));
      this.#painted = undefined;
    }

    protected override success(value: string): string {
      const rows = layOut(question, rowWidth()).map(styles.bold);
      return `${joinSafe(rows, safeText`\n`)}${spellOutLine(value)}`;
    }

    protected override async handleEvent(event: KeyEvent): Promise<void> {
      const key = event.ctrl === true ? `ctrl-${event.name}` : event.name;
      const before = this.inputValue.slice(0, this.inputIndex);
      if (key === "home" || key === "ctrl-a") this.inputIndex = 0;
      else if (key === "end" || key === "ctrl-e") this.inputIndex = this.inputValue.length;
      else if (key === "ctrl-u") this.#cutBefore(before.length);
      else if (key === "ctrl-w") this.#cutBefore(/\S*\s*$/.exec(before)?.[0].length ?? 0);
      else if (key === "ctrl-k") this.inputValue = before;
      else if (key === "ctrl-d" && this.inputValue === "") throw END_KEY;
      else if (key === "ctrl-d") this.deleteCharRight();
      else if (event.ctrl !== true) await super.handleEvent(event);
    }

    #cutBefore(length: number): void {
      const start = this.inputIndex - length;
      this.inputValue = this.inputValue.slice(0, start) + this.inputValue.slice(this.inputIndex);
      this.inputIndex = start;
    }

    protected override moveCursorLeft(): void {
      this.inputIndex -= lastCharacter(this.inputValue.slice(0, this.inputIndex)).length;
    }

    protected override moveCursorRight(): void {
      this.inputIndex += firstCharacter(this.inputValue.slice(this.inputIndex)).length;
    }

    protected override deleteChar(): void {
      this.#cutBefore(lastCharacter(this.inputValue.slice(0, this.inputIndex)).length);
    }

    protected override deleteCharRight(): void {
      const rest = this.inputValue.slice(this.inputIndex);
      this.inputValue = this.inputValue.slice(0, this.inputIndex) +
        rest.slice(firstCharacter(rest).length);
    }
  };
}

/** The rows of a question; what is typed goes on the last one. */
function layOut(question: SafeText, width: number): SafeText[] {
  const rows = hangingWords(question, width);
  const lead = safeText`${rows.at(-1) ?? question} ${POINTER}`;
  return width - widthOf(lead) < ROOM_TO_TYPE ? [...rows, POINTER] : rows.with(-1, lead);
}

function firstCharacter(text: string): string {
  for (const { segment } of graphemes(text)) return segment;
  return "";
}

function lastCharacter(text: string): string {
  let last = "";
  for (const { segment } of graphemes(text)) last = segment;
  return last;
}

/** As much of a line as there is room for, around the cursor, and the column that is in. */
function window(value: string, index: number, room: number): { text: SafeText; cursor: number } {
  const shown: { text: SafeText; width: number }[] = [];
  let place = 0;
  for (const { segment, index: at } of graphemes(value)) {
    if (at < index) place = shown.length + 1;
    const text = spellOutLine(segment);
    shown.push({ text, width: widthOf(text) });
  }
  const widthFrom = (start: number, end: number) =>
    shown.slice(start, end).reduce((sum, { width }) => sum + width, 0);
  let start = 0;
  // One column stays for the cursor.
  while (start < place && widthFrom(start, place) > room - 1) start++;
  let end = place;
  while (end < shown.length && widthFrom(start, end + 1) <= room) end++;
  return {
    text: joinSafe(shown.slice(start, end).map(({ text }) => text)),
    cursor: widthFrom(start, place),
  };
}
