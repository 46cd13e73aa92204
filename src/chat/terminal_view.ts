import type { Clock } from "../app/deps.ts";
import { joinSafe, type SafeText, safeText } from "../render/safe_text.ts";
import { countRows, NARROWEST, type Painted, takeOff } from "../render/screen_rows.ts";
import type { Styles } from "../render/styles.ts";
import { widthOf } from "../render/width.ts";
import type { Size, Terminal } from "../term/terminal.ts";
import { HeldOutput } from "./held_output.ts";
import { layOut, withRowsAbove } from "./layout.ts";
import { EMPTY_LINE, type Line } from "./line.ts";
import { lastRows } from "./tail.ts";
import type { View } from "./view.ts";

/**
 * So long a terminal may be of another size than it has told: tmux breaks its lines anew at once, and
 * tells of that a quarter of a second after it told of the change before.
 */
const UNTOLD_MILLISECONDS = 300;

/** However long a window is dragged, so often at least there is to be seen what comes and is typed. */
const LONGEST_PAUSE_MILLISECONDS = 1_000;

/** What stands at the bottom of the screen. */
export interface Footer {
  /** Rows above the input line. */
  readonly above: readonly SafeText[];
  readonly prompt: SafeText;
  readonly line: Line;
}

/**
 * Prints above an input line that stays at the bottom. Nothing here uses the alternate screen, so
 * that the scrollback holds the conversation and nothing else.
 */
export class TerminalView implements View, Disposable {
  readonly #terminal: Terminal;
  readonly #styles: Styles;
  readonly #clock: Clock;
  readonly #held = new HeldOutput();
  readonly #listening = new DisposableStack();
  /** Undefined before there is one, and when it is gone for good. */
  #footer: (() => Footer) | undefined;
  #tail = safeText``;
  #painted: Painted & { readonly text: SafeText; readonly columns: number } | undefined;
  /** Shown as long as there is no footer. */
  #progress: SafeText | undefined;
  #repainting = false;
  #size: Size;
  /** Ends the wait for a terminal that changes its size. */
  #settle = () => {};
  /** Unix milliseconds at which that wait ends at the latest, while there is one. */
  #settlesBy: number | undefined;

  constructor(terminal: Terminal, styles: Styles, clock: Clock) {
    this.#terminal = terminal;
    this.#styles = styles;
    this.#clock = clock;
    this.#size = terminal.size();
    this.#listening.use(terminal.onResize(() => this.#resized()));
    this.#listening.use(terminal.onResume(() => this.#resume()));
    // What is typed while nobody reads it yet would stand among what is printed.
    terminal.stdin.setRaw(true);
    terminal.setBracketedPaste(true);
  }

  /** Keeps a footer at the bottom from now on. */
  show(footer: () => Footer): void {
    this.#footer = footer;
    this.refresh();
  }

  /** Paints the footer anew, once for all that asks for it in one turn of the event loop. */
  refresh(): void {
    if (this.#repainting) return;
    this.#repainting = true;
    queueMicrotask(() => {
      this.#repainting = false;
      if (!this.#held.isHeld) this.#paint();
    });
  }

  print(text: SafeText): void {
    if (this.#held.isHeld) return this.#held.keep(() => this.print(text));
    // The footer comes back behind all that is printed in this turn of the event loop.
    this.#write(joinSafe([this.#erased(), text]));
    this.refresh();
  }

  tail(rows: SafeText): void {
    this.#tail = rows;
    this.refresh();
  }

  note(text: SafeText): void {
    // On the one screen that both are, stderr is written in its turn, between two paintings.
    if (this.#terminal.stderr.isTerminal) return this.print(text);
    this.#terminal.stderr.write(text);
  }

  bell(): void {
    this.#write(safeText`\x07`);
  }

  progress(line: SafeText | undefined): void {
    this.#progress = line;
    if (this.#footer === undefined) this.refresh();
  }

  hold(): Disposable {
    // What is asked about has to be on the screen.
    this.#settle();
    this.#write(this.#erased());
    const held = this.#held.hold();
    return {
      [Symbol.dispose]: () => {
        // A prompt leaves it off.
        this.#terminal.setBracketedPaste(true);
        held[Symbol.dispose]();
        this.refresh();
      },
    };
  }

  /** Clears the screen, and leaves the scrollback as it is. */
  clear(): void {
    this.#settle();
    // What is cleared, some terminals keep in the scrollback.
    this.#write(safeText`${this.#erased()}\x1b[H\x1b[2J`);
    this.refresh();
  }

  /** Takes the footer off the screen. */
  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#settle();
    this.#footer = undefined;
    this.#progress = undefined;
    this.#write(this.#erased());
    this.#terminal.setBracketedPaste(false);
    this.#terminal.stdin.setRaw(false);
  }

  /**
   * Keeps everything back for as long as the terminal may be of another size than it has told: what
   * was painted could not be found there, and a copy of it would stay above what is printed.
   */
  #resized(): void {
    const { columns, rows } = this.#size;
    this.#size = this.#terminal.size();
    if (this.#size.columns === columns && this.#size.rows === rows) return;
    const held = this.#held.hold();
    const now = this.#clock.now();
    const latest = this.#settlesBy ?? now + LONGEST_PAUSE_MILLISECONDS;
    this.#settle();
    this.#settlesBy = latest;
    const pause = new AbortController();
    this.#settle = () => {
      this.#settle = () => {};
      this.#settlesBy = undefined;
      pause.abort();
      held[Symbol.dispose]();
      this.refresh();
    };
    const wait = Math.max(0, Math.min(UNTOLD_MILLISECONDS, latest - now));
    this.#clock.sleep(wait, pause.signal).then(() => this.#settle(), () => {});
  }

  /** Paints the footer where the cursor is now: what was painted may be anywhere. */
  #resume(): void {
    // A question has the screen.
    if (this.#held.isHeld && this.#painted === undefined) return;
    this.#painted = undefined;
    this.#write(safeText`\r\x1b[J`);
    this.refresh();
  }

  #erased(): SafeText {
    if (this.#painted === undefined) return safeText``;
    const erased = takeOff(this.#painted, this.#terminal.size().columns);
    this.#painted = undefined;
    return erased;
  }

  #paint(): void {
    if (this.#footer === undefined && this.#progress === undefined) {
      return this.#write(this.#erased());
    }
    const { columns, rows } = this.#terminal.size();
    const { above: all, prompt, line } = this.#footer?.() ??
      { above: [this.#progress ?? safeText``], ...NO_INPUT };
    // On the smallest screen there is room for the input line.
    const above = all.slice(0, Math.max(0, Math.floor(rows / 2) - 1));
    const tail = lastRows(this.#tail, columns, Math.floor(rows / 2) - 1);
    const taken = [...tail.widths, ...above.map((row) => Math.min(widthOf(row), columns - 1))];
    const input = layOut(line, {
      prompt,
      columns,
      maxRows: Math.max(1, Math.floor(rows / 2) - above.length),
      maxNarrowRows: rows - 1 - countRows(taken, NARROWEST),
    });
    const layout = withRowsAbove(input, above, columns);
    const footer = layout.rows.map((row, index) =>
      index < above.length ? this.#styles.dim(row) : row
    );
    const below = layout.rows.length - 1 - layout.cursorRow;
    const up = below > 0 ? safeText`\x1b[${below}A` : safeText``;
    const right = layout.cursorColumn > 0 ? safeText`\x1b[${layout.cursorColumn}C` : safeText``;
    const text = joinSafe([
      joinSafe([...tail.rows, ...footer], safeText`\n`),
      up,
      safeText`\r`,
      right,
    ]);
    // What stands there already needs no writing.
    if (this.#painted?.text === text && this.#painted.columns === columns) return;
    this.#write(joinSafe([this.#erased(), text]));
    this.#painted = {
      text,
      columns,
      widths: [...tail.widths, ...layout.widths],
      cursorRow: tail.rows.length + layout.cursorRow,
      cursorColumn: layout.cursorColumn,
    };
  }

  #write(text: SafeText): void {
    this.#terminal.stdout.write(text);
  }
}

const NO_INPUT = { prompt: safeText``, line: EMPTY_LINE };
