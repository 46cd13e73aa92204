import { breakLines } from "./break_lines.ts";
import { INDENT } from "./frames.ts";
import type { MarkdownUpdate } from "./markdown.ts";
import { type SafeText, safeText, sanitize } from "./safe_text.ts";

/** Text that arrives in pieces, as it stands: what is final are its whole lines. */
export class PlainLines {
  readonly #columns: (() => number) | undefined;
  #open = "";
  /** Whether the beginning of the open line was returned already. */
  #isRest = false;

  /** @param columns of the terminal, where lines that do not fit are broken; they stay whole unless given */
  constructor(columns?: () => number) {
    this.#columns = columns;
  }

  push(text: string): MarkdownUpdate {
    const all = this.#open + (this.#isRest ? text.replace(/^\r?\n/, "") : text);
    this.#isRest &&= text === "";
    const end = all.lastIndexOf("\n") + 1;
    this.#open = all.slice(end);
    return { stable: this.#broken(all.slice(0, end)), tail: this.#rest() };
  }

  /** Returns what is still open; what follows all the same is a line of its own. */
  flush(): SafeText {
    const rest = this.#rest();
    this.#isRest ||= this.#open !== "";
    this.#open = "";
    return rest;
  }

  #broken(text: string): SafeText {
    const lines = sanitize(text);
    return this.#columns === undefined ? lines : breakLines(lines, this.#columns() - INDENT);
  }

  #rest(): SafeText {
    return this.#open === "" ? safeText`` : safeText`${this.#broken(this.#open)}\n`;
  }
}
