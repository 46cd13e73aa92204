import { BINDINGS, type KeyName } from "./bindings.ts";
import { chordOfControl, chordOfSequence } from "./chords.ts";

/** A key press, or what stands for several: a paste. */
export type Key =
  | { readonly name: "text"; readonly text: string }
  /** Text from the clipboard, with its line ends. */
  | { readonly name: "paste"; readonly text: string }
  /** A digit of the number of times that the next key is to count. */
  | { readonly name: "digit"; readonly digit: string }
  | { readonly name: KeyName };

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
const CSI = "\\x1b?\\x1b\\[";
/** A whole sequence; `[[` is how the Linux console begins its function keys. */
const SEQUENCE = new RegExp(
  `^(?:${CSI}\\[[A-E]|${CSI}[\\x30-\\x3f]*[\\x20-\\x2f]*[$@-Z\\\\-~]` +
    // What a terminal answers to who asks for its colors and the like.
    "|\\x1b\\]\\d[^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|\\x1b[P_][^\\x1b]*\\x1b\\\\" +
    "|\\x1b?\\x1bO[\\d;]*[A-Za-z]|\\x1b[^[O\\x1b])",
  "u",
);
/** What may yet become a sequence. */
const BEGUN_SEQUENCE = new RegExp(
  `^(?:${CSI}\\[?[\\x30-\\x3f]*[\\x20-\\x2f]*|\\x1b?\\x1b(?:O[\\d;]*)?)$`,
);
// deno-lint-ignore no-control-regex
const PLAIN_TEXT = /^[^\x00-\x1f\x7f-\x9f]+/;

/** Turns what a terminal sends into keys; a sequence or a character may be split over reads. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #pending = "";
  /** Whether the next character is text, whatever it is. */
  #quoting = false;
  #afterControlX = false;

  /** Whether a paste has begun that has not come to its end. */
  get isPasting(): boolean {
    return this.#pending.startsWith(PASTE_START);
  }

  /** Whether what came last is an Escape, which alone is a key, and begins others. */
  get isEscaping(): boolean {
    return this.#pending === "\x1b";
  }

  /** The keys that are complete with these bytes. */
  decode(bytes: Uint8Array): Key[] {
    this.#pending += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#pending !== "") {
      const pending = this.#pending;
      const key = this.#next();
      if (key !== undefined) keys.push(key);
      else if (this.#pending === pending) break;
    }
    return keys;
  }

  /** The next key; undefined where it is not complete, or only the beginning of one. */
  #next(): Key | undefined {
    const pending = this.#pending;
    if (this.isPasting) {
      const end = pending.indexOf(PASTE_END);
      if (end === -1) return undefined;
      this.#take(end + PASTE_END.length);
      return { name: "paste", text: withLineEnds(pending.slice(PASTE_START.length, end)) };
    }
    if (this.#quoting) {
      this.#quoting = false;
      const [character = ""] = pending;
      this.#take(character.length);
      return { name: "text", text: character };
    }
    const text = this.#afterControlX ? undefined : PLAIN_TEXT.exec(pending)?.[0];
    if (text !== undefined) {
      this.#take(text.length);
      return { name: "text", text };
    }
    const sequence = pending.startsWith("\x1b")
      ? this.#sequence(pending)
      : String.fromCodePoint(pending.codePointAt(0) ?? 0);
    if (sequence === undefined) return undefined;
    this.#take(sequence.length);
    const chord = pending.startsWith("\x1b") ? chordOfSequence(sequence) : chordOfControl(sequence);
    return this.#keyOf(chord);
  }

  /** The sequence that stands first; of what can never become one, as much as there is. */
  #sequence(pending: string): string | undefined {
    const whole = SEQUENCE.exec(pending)?.[0];
    if (whole !== undefined) return whole;
    if (BEGUN_SEQUENCE.test(pending)) return undefined;
    let length = pending.length - 1;
    while (!BEGUN_SEQUENCE.test(pending.slice(0, length))) length--;
    return pending.slice(0, length);
  }

  #keyOf(single: string): Key | undefined {
    const chord = this.#afterControlX ? `C-x ${single}` : single;
    this.#afterControlX = chord === "C-x";
    if (this.#afterControlX) return undefined;
    const name = (BINDINGS as { readonly [chord: string]: KeyName })[chord] ?? "unknown";
    if (name === "quote") this.#quoting = true;
    const digit = /^M-([-\d])$/.exec(chord)?.[1];
    if (digit !== undefined) return { name: "digit", digit };
    // A terminal that reports every key by its number reports letters too.
    if (name === "unknown" && Array.from(chord).length === 1) return { name: "text", text: chord };
    return name === "quote" ? undefined : { name };
  }

  #take(length: number): void {
    this.#pending = this.#pending.slice(length);
  }
}

/**
 * A paste with the line ends of what was copied: most terminals send a carriage return for each of
 * them; where there are line feeds, this one sends text as it is.
 */
function withLineEnds(pasted: string): string {
  return pasted.includes("\n") ? pasted : pasted.replaceAll("\r", "\n");
}
