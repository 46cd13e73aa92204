import type { Clock } from "../app/deps.ts";
import { joinSafe, type SafeText, safeText } from "../render/safe_text.ts";
import { type Painted, takeOff } from "../render/screen_rows.ts";
import { withoutStyles } from "../render/styles.ts";
import type { SheetRow } from "../render/tool_input_sheet.ts";
import { truncateToWidth, widthOf } from "../render/width.ts";
import type { Key } from "../term/keys.ts";
import type { Terminal } from "../term/terminal.ts";
import { TypedKeys } from "../term/typed_keys.ts";
import { type Reading, type ReadOptions, SETTLE_MILLISECONDS } from "./asker.ts";
import { countLines } from "./reading.ts";

/** How often the time that is left is looked at. */
const TICK_MILLISECONDS = 1_000;

/** Rows below the page that say where it is and which keys there are. */
const STATUS_ROWS = 2;

/** How far a reader got. */
export interface Progress {
  /** Rows up to the furthest one that was shown. */
  readonly rows: readonly SheetRow[];
  readonly isWhole: boolean;
}

/**
 * Shows what is longer than the screen, a page at a time, in the last rows of the screen. Nothing of
 * it stays there.
 */
export class Pager {
  readonly #terminal: Terminal;
  readonly #reading: Reading;
  readonly #options: ReadOptions;
  #rows: readonly SheetRow[];
  #top = 0;
  #furthest = 0;
  /** Whether the end was shown, on a screen of whatever size. */
  #sawEnd = false;
  #painted: Painted | undefined;

  constructor(terminal: Terminal, reading: Reading, options: ReadOptions) {
    this.#terminal = terminal;
    this.#reading = reading;
    this.#options = options;
    this.#rows = reading(terminal.size().columns);
  }

  /**
   * Goes on until the reader has enough; whether that is the whole, its result says.
   *
   * @throws {CliError} at the end of the input
   * @throws {unknown} the reason of the signal
   */
  async run(clock: Clock): Promise<Progress> {
    const terminal = this.#terminal;
    const typed = new TypedKeys(terminal.stdin, clock, this.#options.signal);
    using _resizing = terminal.onResize(() => this.#layOutAnew());
    using _resuming = terminal.onResume(() => this.#paintAnew());
    try {
      this.#paint();
      await typed.discard(SETTLE_MILLISECONDS);
      while (true) {
        for (const key of await typed.read(TICK_MILLISECONDS)) {
          if (this.#press(key)) return this.#progress();
        }
        this.#paint();
      }
    } finally {
      this.#erase();
    }
  }

  #progress(): Progress {
    const isWhole = this.#sawEnd;
    return { rows: isWhole ? this.#rows : this.#rows.slice(0, this.#furthest), isWhole };
  }

  get #page(): number {
    return Math.max(this.#terminal.size().rows - STATUS_ROWS - 1, 1);
  }

  get #isAtEnd(): boolean {
    return this.#top + this.#page >= this.#rows.length;
  }

  /** @returns whether the reader has enough */
  #press(key: Key): boolean {
    switch (key.name === "text" ? key.text : key.name) {
      case " ":
      case "f":
      case "right":
      case "page-down":
      case "enter":
        if (this.#isAtEnd) return true;
        this.#moveTo(this.#top + this.#page);
        break;
      case "b":
      case "left":
      case "page-up":
        this.#moveTo(this.#top - this.#page);
        break;
      case "j":
      case "down":
        this.#moveTo(this.#top + 1);
        break;
      case "k":
      case "up":
        this.#moveTo(this.#top - 1);
        break;
      case "g":
      case "home":
        this.#moveTo(0);
        break;
      case "G":
      case "end":
        this.#moveTo(this.#rows.length);
        break;
      case "q":
      case "n":
      case "end-of-input":
        return true;
    }
    return false;
  }

  #moveTo(row: number): void {
    this.#top = Math.max(0, Math.min(row, this.#rows.length - this.#page));
    this.#paint();
  }

  /** Paints where the cursor is now: what was painted may be anywhere. */
  #paintAnew(): void {
    this.#painted = undefined;
    this.#paint();
  }

  /** On a screen of another size the line at the top stays there. */
  #layOutAnew(): void {
    const line = this.#rows[this.#top]?.line ?? 0;
    const furthest = this.#rows[this.#furthest]?.line;
    this.#rows = this.#reading(this.#terminal.size().columns);
    const rowOf = (line: number) => Math.max(0, this.#rows.findIndex((row) => row.line >= line));
    if (furthest !== undefined) this.#furthest = rowOf(furthest);
    this.#moveTo(this.#top === 0 ? 0 : rowOf(line));
  }

  #paint(): void {
    const { columns } = this.#terminal.size();
    const end = Math.min(this.#top + this.#page, this.#rows.length);
    this.#furthest = Math.max(this.#furthest, end);
    this.#sawEnd ||= end === this.#rows.length;
    const status = this.#status(end).map((row) =>
      this.#options.styles.bold(truncateToWidth(row, columns - 1))
    );
    const rows = [...this.#rows.slice(this.#top, end).map(({ text }) => text), ...status];
    this.#erase();
    this.#terminal.stdout.write(joinSafe(rows, safeText`\n`));
    const widths = rows.map((row) => widthOf(withoutStyles(row)));
    this.#painted = {
      widths,
      cursorRow: rows.length - 1,
      cursorColumn: Math.min(widths.at(-1) ?? 0, columns - 1),
    };
  }

  #status(end: number): SafeText[] {
    const from = Math.max(0, this.#rows[this.#top]?.line ?? 0) + 1;
    const to = Math.max(0, this.#rows[end - 1]?.line ?? 0) + 1;
    const percent = Math.floor(end * 100 / this.#rows.length);
    const lines = safeText`${from}-${to} of ${countLines(this.#rows)}`;
    const hint = this.#options.hint();
    const keys = this.#isAtEnd
      ? [safeText`The end. Enter: answer, b: back`, safeText`End. Enter, b: back`]
      : [safeText`Space: on, b: back, g G: ends, q: stop`, safeText`Space, b, g, G, q`];
    return [
      this.#fitting(
        safeText`Lines ${lines}, ${percent} %; ${hint}`,
        safeText`${lines}; ${hint}`,
        hint,
      ),
      this.#fitting(...keys),
    ];
  }

  /** The first that fits on a row. */
  #fitting(...choices: readonly SafeText[]): SafeText {
    const { columns } = this.#terminal.size();
    return choices.find((words) => widthOf(words) < columns) ?? choices.at(-1) ?? safeText``;
  }

  #erase(): void {
    if (this.#painted === undefined) return;
    this.#terminal.stdout.write(takeOff(this.#painted, this.#terminal.size().columns));
    this.#painted = undefined;
  }
}
