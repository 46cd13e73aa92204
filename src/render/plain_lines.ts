import type { MarkdownUpdate } from "./markdown.ts";
import { type SafeText, safeText, sanitize } from "./safe_text.ts";

/** Text that arrives in pieces, as it stands: what is final are its whole lines. */
export class PlainLines {
  #open = "";

  push(text: string): MarkdownUpdate {
    const all = this.#open + text;
    const end = all.lastIndexOf("\n") + 1;
    this.#open = all.slice(end);
    return { stable: sanitize(all.slice(0, end)), tail: this.#rest() };
  }

  /** Ends the text, and returns what was still open. */
  end(): SafeText {
    const rest = this.#rest();
    this.#open = "";
    return rest;
  }

  #rest(): SafeText {
    return this.#open === "" ? safeText`` : safeText`${sanitize(this.#open)}\n`;
  }
}
