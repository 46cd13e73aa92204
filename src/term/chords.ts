/** Names of the keys that end a `CSI`, or follow `ESC O`. */
const LETTERS: { readonly [final: string]: string } = {
  A: "Up",
  B: "Down",
  C: "Right",
  D: "Left",
  F: "End",
  H: "Home",
  M: "Enter",
  Z: "S-Tab",
};

/** rxvt's letters for arrows with a modifier: with Shift after `CSI`, with Ctrl after `ESC O`. */
const RXVT_ARROWS: { readonly [final: string]: string } = {
  a: "Up",
  b: "Down",
  c: "Right",
  d: "Left",
};

/** What the number pad sends after `ESC O` in its application mode, from `j` on. */
const NUMBER_PAD = "*+,-./0123456789";

/** Names of the keys of `CSI number ~`: xterm's, those of the Linux console and PuTTY, and rxvt's. */
const NUMBERS: { readonly [number: string]: string } = {
  1: "Home",
  3: "Delete",
  4: "End",
  5: "PageUp",
  6: "PageDown",
  7: "Home",
  8: "End",
};

/** rxvt ends the sequence of a key in these, when it is pressed with Shift, Ctrl or both. */
const RXVT_MODIFIERS: { readonly [final: string]: string } = { $: "S-", "^": "C-", "@": "C-S-" };

const NAMED_CONTROLS: { readonly [character: string]: string } = {
  "\t": "Tab",
  "\r": "Enter",
  "\x1b": "Escape",
  "\x7f": "Backspace",
};

/** The chord that a control character stands for: `C-a`, `Tab`, … */
export function chordOfControl(character: string): string {
  const named = NAMED_CONTROLS[character];
  if (named !== undefined) return named;
  return `C-${String.fromCharCode(character.charCodeAt(0) + 0x40).toLowerCase()}`;
}

/**
 * The chord that an escape sequence stands for: its modifiers in the order C-, M-, S-, and its key,
 * as in `C-Left`, `M-b`, `C-M-h`. Sequences that stand for none have names that are nobody's.
 */
export function chordOfSequence(sequence: string): string {
  // rxvt puts an ESC before the sequence of a key that is pressed with Alt.
  if (sequence.length > 2 && sequence.startsWith("\x1b\x1b")) {
    return withMeta(chordOfSequence(sequence.slice(1)));
  }
  const body = sequence.slice(1);
  const csi = /^\[([\d;:]*)([^\d;:])$/.exec(body);
  if (csi !== null) return chordOfCsi(csi[1] ?? "", csi[2] ?? "");
  const ss3 = /^O([\d;]*)([A-Za-z])$/.exec(body);
  if (ss3 !== null) return chordOfSs3(ss3[1] ?? "", ss3[2] ?? "");
  if (Array.from(body).length > 1) return "unknown sequence";
  const isControl = body < " " || body === "\x7f";
  return withMeta(isControl ? chordOfControl(body) : body);
}

function chordOfCsi(parameters: string, final: string): string {
  const [first = "", second = "", third = ""] = parameters.split(";").map((one) =>
    one.split(":")[0]
  );
  // xterm's modifyOtherKeys, and the same in the other notation.
  if (final === "~" && first === "27") return chordOfCode(Number(third), second);
  if (final === "u") return chordOfCode(Number(first), second);
  if (final === "~") return modified(NUMBERS[first], second);
  const rxvt = RXVT_MODIFIERS[final];
  if (rxvt !== undefined) return rxvt + (NUMBERS[first] ?? "unknown");
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined && parameters === "") return `S-${arrow}`;
  return modified(LETTERS[final], second || (first === "1" ? "" : first));
}

function chordOfSs3(modifiers: string, final: string): string {
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined) return `C-${arrow}`;
  const padKey = NUMBER_PAD[final.charCodeAt(0) - "j".charCodeAt(0)];
  if (padKey !== undefined) return padKey;
  return modified(LETTERS[final], modifiers.split(";").at(-1) ?? "");
}

/** The chord of a key that is named by the code point that it types. */
function chordOfCode(code: number, modifiers: string): string {
  if (!(code > 0 && code <= 0x10ffff)) return "unknown code";
  const character = String.fromCodePoint(code);
  const named = code === 8 ? "Backspace" : NAMED_CONTROLS[character];
  if (named !== undefined) return modified(named, modifiers);
  const chord = modified(character, modifiers);
  // With Shift the code is sometimes that of the key alone, sometimes of what it types.
  const [, prefix, key = ""] = /^((?:[CM]-)*)S-(.+)$/u.exec(chord) ?? [];
  if (prefix === undefined) return chord;
  return prefix + (prefix === "" ? key.toUpperCase() : key);
}

/** A key with the modifiers that xterm counts from 1: Shift 1, Alt 2, Ctrl 4, Meta 8. */
function modified(key: string | undefined, modifiers: string): string {
  if (key === undefined) return "unknown key";
  const bits = Math.max(0, Number(modifiers || 1) - 1);
  const control = (bits & 4) === 0 ? "" : "C-";
  const meta = (bits & (2 | 8)) === 0 ? "" : "M-";
  const shift = (bits & 1) === 0 ? "" : "S-";
  return control + meta + shift + key;
}

function withMeta(chord: string): string {
  return chord.startsWith("C-") ? `C-M-${chord.slice(2)}` : `M-${chord}`;
}
