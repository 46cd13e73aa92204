import { joinSafe, type SafeText, safeText } from "../render/safe_text.ts";
import type { Terminal } from "../term/terminal.ts";
import { EMPTY_LINE, type Line } from "./editor.ts";
import { type Layout, layOut, rowsToCursor } from "./layout.ts";

/** Where a conversation is shown. */
export interface View {
  /** Shows what belongs to the conversation: on stdout. */
  print(text: SafeText): void;
  /** Shows what is said about it: on stderr. */
  note(text: SafeText): void;
  /** Calls for attention, where that can be done. */
  bell(): void;
  /** Keeps what is printed back until disposed of, while a question has the screen. */
  hold(): Disposable;
}

/** Appends lines, without moving the cursor: for pipes and plain terminals. */
export class PlainView implements View {
  readonly #terminal: Terminal;
  readonly #held = new HeldOutput();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  print(text: SafeText): void {
    if (!this.#held.keep(() => this.print(text))) this.#terminal.stdout.write(text);
  }

  note(text: SafeText): void {
    if (!this.#held.keep(() => this.note(text))) this.#terminal.stderr.write(text);
  }

  bell(): void {}

  hold(): Disposable {
    return this.#held.hold();
  }
}

/**
 * Prints above an input line that stays at the bottom. Nothing here uses the alternate screen, so
 * that the scrollback holds the conversation and nothing else.
 */
export class TerminalView implements View, Disposable {
  readonly #terminal: Terminal;
  readonly #held = new HeldOutput();
  readonly #resizing: Disposable;
  /** Undefined when the input line is gone for good. */
  #line: Line | undefined = EMPTY_LINE;
  #painted: Layout | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#resizing = terminal.onResize(() => this.#repaint());
    this.#write(BRACKETED_PASTE_ON);
  }

  /** Shows the input line as it is now. */
  show(line: Line): void {
    if (this.#line === undefined) return;
    this.#line = line;
    this.#repaint();
  }

  print(text: SafeText): void {
    if (this.#held.keep(() => this.print(text))) return;
    this.#write(joinSafe([this.#erased(), text]));
    this.#paint();
  }

  note(text: SafeText): void {
    // On the one screen that both are, stderr is written in its turn, between two paintings.
    if (this.#terminal.stderr.isTerminal) return this.print(text);
    this.#terminal.stderr.write(text);
  }

  bell(): void {
    this.#write(safeText`\x07`);
  }

  hold(): Disposable {
    this.#write(this.#erased());
    const held = this.#held.hold();
    return {
      [Symbol.dispose]: () => {
        held[Symbol.dispose]();
        this.#repaint();
      },
    };
  }

  /** Clears the screen, and leaves the scrollback as it is. */
  clear(): void {
    this.#painted = undefined;
    this.#write(safeText`\x1b[H\x1b[2J`);
    this.#paint();
  }

  /** Takes the input line off the screen. */
  [Symbol.dispose](): void {
    this.#resizing[Symbol.dispose]();
    this.#line = undefined;
    this.#write(joinSafe([this.#erased(), BRACKETED_PASTE_OFF]));
  }

  #repaint(): void {
    if (this.#held.isHeld) return;
    this.#write(this.#erased());
    this.#paint();
  }

  #erased(): SafeText {
    if (this.#painted === undefined) return safeText``;
    const up = rowsToCursor(this.#painted, this.#terminal.size().columns);
    this.#painted = undefined;
    return up > 0 ? safeText`\r\x1b[${up}A\x1b[J` : safeText`\r\x1b[J`;
  }

  #paint(): void {
    if (this.#line === undefined) return;
    const { columns, rows } = this.#terminal.size();
    const layout = layOut(this.#line, columns, Math.max(1, Math.floor(rows / 2)));
    const below = layout.rows.length - 1 - layout.cursorRow;
    const up = below > 0 ? safeText`\x1b[${below}A` : safeText``;
    const right = layout.cursorColumn > 0 ? safeText`\x1b[${layout.cursorColumn}C` : safeText``;
    this.#write(joinSafe([joinSafe(layout.rows, safeText`\n`), up, safeText`\r`, right]));
    this.#painted = layout;
  }

  #write(text: SafeText): void {
    this.#terminal.stdout.write(text);
  }
}

const BRACKETED_PASTE_ON = safeText`\x1b[?2004h`;
const BRACKETED_PASTE_OFF = safeText`\x1b[?2004l`;

/** What was to be printed while something else had the screen. */
class HeldOutput {
  #kept: (() => void)[] | undefined;

  get isHeld(): boolean {
    return this.#kept !== undefined;
  }

  /** Keeps a piece of output for later, if output is held. */
  keep(print: () => void): boolean {
    this.#kept?.push(print);
    return this.isHeld;
  }

  hold(): Disposable {
    this.#kept ??= [];
    return {
      [Symbol.dispose]: () => {
        const kept = this.#kept ?? [];
        this.#kept = undefined;
        for (const print of kept) print();
      },
    };
  }
}
