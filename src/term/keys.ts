/** A key press, or what stands for several: a paste. */
export type Key =
  | { readonly name: "text"; readonly text: string }
  /** Text from the clipboard, with its line ends. */
  | { readonly name: "paste"; readonly text: string }
  | { readonly name: KeyName };

export type KeyName =
  | "enter"
  | "newline"
  | "tab"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "word-left"
  | "word-right"
  | "delete-word-left"
  | "delete-word-right"
  | "kill-to-end"
  | "kill-to-start"
  | "kill-word-left"
  | "yank"
  | "transpose"
  | "clear-screen"
  | "search"
  | "cancel"
  | "end-of-input"
  | "escape"
  | "unknown";

/** Keys that are one control character: readline's emacs bindings. */
const CONTROL_KEYS: { readonly [character: string]: KeyName } = {
  "\x01": "home",
  "\x02": "left",
  "\x03": "cancel",
  "\x04": "end-of-input",
  "\x05": "end",
  "\x06": "right",
  "\x07": "escape",
  "\x08": "backspace",
  "\x09": "tab",
  "\x0a": "newline",
  "\x0b": "kill-to-end",
  "\x0c": "clear-screen",
  "\x0d": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x12": "search",
  "\x14": "transpose",
  "\x15": "kill-to-start",
  "\x17": "kill-word-left",
  "\x19": "yank",
  "\x7f": "backspace",
};

/** Keys that are an escape sequence, by what follows the ESC. */
const ESCAPE_KEYS: { readonly [sequence: string]: KeyName } = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  "[1~": "home",
  "[3~": "delete",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[1;3C": "word-right",
  "[1;3D": "word-left",
  "[1;5C": "word-right",
  "[1;5D": "word-left",
  "OA": "up",
  "OB": "down",
  "OC": "right",
  "OD": "left",
  "OF": "end",
  "OH": "home",
  "b": "word-left",
  "f": "word-right",
  "d": "delete-word-right",
  "\x7f": "delete-word-left",
  "\x08": "delete-word-left",
  "\r": "newline",
};

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b(?:\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|O[\x40-\x7e]|[^[O])/;
// deno-lint-ignore no-control-regex
const PLAIN_TEXT = /^[^\x00-\x1f\x7f-\x9f]+/;

/** Turns what a terminal sends into keys; a sequence or a character may be split over reads. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #pending = "";

  /** The keys that are complete with these bytes. */
  decode(bytes: Uint8Array): Key[] {
    this.#pending += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#pending !== "") {
      const key = this.#next();
      if (key === undefined) break;
      keys.push(key);
    }
    return keys;
  }

  #next(): Key | undefined {
    const pending = this.#pending;
    if (pending.startsWith(PASTE_START)) {
      const end = pending.indexOf(PASTE_END);
      if (end === -1) return undefined;
      this.#pending = pending.slice(end + PASTE_END.length);
      const text = pending.slice(PASTE_START.length, end);
      return { name: "paste", text: text.replaceAll(/\r\n?/g, "\n") };
    }
    if (pending.startsWith("\x1b")) {
      const sequence = SEQUENCE.exec(pending)?.[0];
      if (sequence === undefined) return undefined;
      this.#pending = pending.slice(sequence.length);
      return { name: ESCAPE_KEYS[sequence.slice(1)] ?? "unknown" };
    }
    const text = PLAIN_TEXT.exec(pending)?.[0];
    if (text !== undefined) {
      this.#pending = pending.slice(text.length);
      return { name: "text", text };
    }
    const control = pending.charAt(0);
    this.#pending = pending.slice(1);
    return { name: CONTROL_KEYS[control] ?? "unknown" };
  }
}
