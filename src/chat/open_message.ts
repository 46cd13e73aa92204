import type { Clock } from "../app/deps.ts";
import type { Frame } from "../protocol/frames.ts";
import { isLaterState, type MessageSoFar, messageSoFar } from "../protocol/growing_message.ts";
import { indentRows } from "../render/frames.ts";
import type { MarkdownUpdate } from "../render/markdown.ts";
import { joinSafe, type SafeText, safeText } from "../render/safe_text.ts";
import type { View } from "./view.ts";

/** Renders text that arrives in pieces, in rows that end in LF. */
export interface ProseStream {
  push(text: string): MarkdownUpdate;
  /** Returns what is still open, as it is if the text ends here. */
  flush(): SafeText;
}

export interface OpenMessageOptions {
  readonly view: View;
  readonly clock: Clock;
  readonly openProse: () => ProseStream;
}

/** Between two paintings of what is still open. */
const PAINT_MILLISECONDS = 50;
/** Where it can't be painted, what is open is printed after such a pause. */
const QUIET_MILLISECONDS = 500;

/**
 * Shows the agent's last message while it grows: what is final is printed, and what is still open
 * stands below it, where the view can show that.
 */
export class OpenMessage {
  readonly #options: OpenMessageOptions;
  /** The last one, which may be closed by now, and grow all the same. */
  #message: MessageSoFar | undefined;
  #prose: ProseStream | undefined;
  /** Whether nothing else stands behind it. */
  #isOpen = false;
  /** What is to be printed with the next painting. */
  #stable: SafeText[] = [];
  #update: MarkdownUpdate | undefined;
  #pause: AbortController | undefined;

  constructor(options: OpenMessageOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Takes a frame.
   *
   * @param heading stands above a new message, and above more of one that was closed
   * @returns false where it is none that can grow; then it shows nothing
   */
  take(frame: Frame, heading: () => SafeText): boolean {
    const message = messageSoFar(frame);
    if (message === undefined || message.text === "") return false;
    const before = this.#message;
    const isSame = before !== undefined && isLaterState(message, before);
    let text = message.text.slice(isSame ? before.text.length : 0);
    this.#message = message;
    if (isSame && text === "") return true;
    if (!isSame) {
      this.close();
      this.#prose = undefined;
    }
    const prose = this.#prose ??= this.#options.openProse();
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#stable.push(heading());
      // No empty row stands below a heading.
      text = text.replace(/^\s*\n/, "\n");
    }
    this.#update = prose.push(text);
    if (this.#update.stable !== "") this.#stable.push(indentRows(this.#update.stable));
    if (this.#options.view.tail === undefined) this.#printSoon();
    else if (this.#pause === undefined) this.#paint();
    return true;
  }

  /** Takes what is shown as final: something else follows. */
  close(): void {
    this.#pause?.abort();
    this.#pause = undefined;
    this.#update = undefined;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#flush();
    this.#options.view.tail?.(safeText``);
  }

  #flush(): void {
    if (this.#prose !== undefined) this.#stable.push(indentRows(this.#prose.flush()));
    this.#print();
  }

  #print(): void {
    if (this.#stable.length > 0) this.#options.view.print(joinSafe(this.#stable));
    this.#stable = [];
  }

  /** Paints what there is, and what comes soon after it only after a pause. */
  #paint(): void {
    const update = this.#update;
    if (update === undefined) return;
    this.#update = undefined;
    this.#options.view.tail?.(indentRows(update.tail));
    this.#print();
    this.#wait(PAINT_MILLISECONDS, () => this.#paint());
  }

  /** Prints what is final at once, and what is open when nothing more comes. */
  #printSoon(): void {
    this.#print();
    this.#pause?.abort();
    this.#wait(QUIET_MILLISECONDS, () => this.#flush());
  }

  #wait(milliseconds: number, then: () => void): void {
    const pause = this.#pause = new AbortController();
    const isOver = () => {
      if (pause.signal.aborted) return;
      this.#pause = undefined;
      then();
    };
    this.#options.clock.sleep(milliseconds, pause.signal).then(isOver, () => {});
  }
}
