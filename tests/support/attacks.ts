/** What an agent may send to take over a terminal, or to be read as what it is not. */
export const ATTACKS: readonly [name: string, text: string][] = [
  ["a color", "\x1b[31mred\x1b[0m"],
  ["a title", "\x1b]0;owned\x07"],
  ["a title that ends in ST", "\x1b]2;owned\x1b\\"],
  ["the clipboard", "\x1b]52;c;cm0gLXJmIC8=\x07"],
  ["a hyperlink", "\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\"],
  ["cursor movement", "allow\x1b[1A\x1b[2Kdeny"],
  ["a query that types its answer", "\x1b[6n\x1b[c\x1bZ"],
  ["a device control string", "\x1bP+q544e\x1b\\"],
  ["an application command", "\x1b_Gf=100;AAAA\x1b\\"],
  ["tmux's own passthrough", "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\"],
  ["iTerm's file download", "\x1b]1337;File=inline=1:AAAA\x07"],
  ["a sequence in C1 form", "\u009b31m\u009d0;x\u009c\u0090q\u009c"],
  ["a sequence that is cut off", "text\x1b["],
  ["a string that never ends", "text\x1b]0;title\nnext line"],
  ["a carriage return", "rm -rf /\recho ok   "],
  ["backspaces", "evil\b\b\b\bgood"],
  ["a bell and shifts", "\x07\x0e\x0f"],
  ["a reset", "\x1bc\x1b#8"],
  ["DEL and NUL", "\x7f\x00"],
  ["bidi overrides", "\u202eevil\u202c\u2066x\u2069\u200f\u061c"],
  ["zero-width characters", "a\u200bb\u2060c\ufeffd"],
  ["line separators", "a\u2028b\u2029c"],
  ["tag characters", "a\u{e0041}\u{e007f}b"],
  ["lone surrogates", "a\ud800b\udc00c"],
];

/** Everything that only the program itself may send to a terminal. */
export const ACTIVE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\p{Surrogate}]/u;
