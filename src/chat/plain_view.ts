import { type SafeText, safeText } from "../render/safe_text.ts";
import { truncateToWidth } from "../render/width.ts";
import { findAskOutput } from "../term/ask_output.ts";
import type { Terminal } from "../term/terminal.ts";
import { HeldOutput } from "./held_output.ts";
import type { View } from "./view.ts";

/**
 * Appends lines, without moving the cursor but for a line of progress: for pipes and plain terminals.
 */
export class PlainView implements View {
  readonly #terminal: Terminal;
  readonly #held = new HeldOutput();
  /** Whether a line of progress stands on the screen. */
  #isProgressing = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  print(text: SafeText): void {
    if (this.#held.isHeld) return this.#held.keep(() => this.print(text));
    this.progress(undefined);
    this.#terminal.stdout.write(text);
  }

  note(text: SafeText): void {
    if (this.#held.isHeld) return this.#held.keep(() => this.note(text));
    this.progress(undefined);
    this.#terminal.stderr.write(text);
  }

  bell(): void {
    findAskOutput(this.#terminal)?.write(safeText`\x07`);
  }

  progress(line: SafeText | undefined): void {
    if (this.#held.isHeld || (line === undefined && !this.#isProgressing)) return;
    const { stderr } = this.#terminal;
    // With room for the "^C" that a terminal echoes.
    const columns = this.#terminal.size().columns - 3;
    stderr.write(safeText`\r\x1b[K${truncateToWidth(line ?? safeText``, columns)}`);
    this.#isProgressing = line !== undefined;
  }

  hold(): Disposable {
    this.progress(undefined);
    return this.#held.hold();
  }
}
