import type { MarkdownUpdate } from "./markdown.ts";
import { type SafeText, safeText, sanitize } from "./safe_text.ts";

/** Text that arrives in pieces, as it stands: what is final are its whole lines. */
export class PlainLines {
  #open = "";
  /** Whether the beginning of the open line was returned already. */
  #isRest = false;

  push(text: string): MarkdownUpdate {
    const all = this.#open + (this.#isRest ? text.replace(/^\r?\n/, "") : text);
    this.#isRest &&= text === "";
    const end = all.lastIndexOf("\n") + 1;
    this.#open = all.slice(end);
    return { stable: sanitize(all.slice(0, end)), tail: this.#rest() };
  }

  /** Returns what is still open; what follows all the same is a line of its own. */
  flush(): SafeText {
    const rest = this.#rest();
    this.#isRest ||= this.#open !== "";
    this.#open = "";
    return rest;
  }

  #rest(): SafeText {
    return this.#open === "" ? safeText`` : safeText`${sanitize(this.#open)}\n`;
  }
}
