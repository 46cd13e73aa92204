import type { Random } from "./random.ts";

type Attack = readonly [name: string, text: string];

/** What an agent may send to take over a terminal, or to be read as what it is not. */
export const ATTACKS: readonly [Attack, ...Attack[]] = [
  // Control sequences.
  ["a color", "\x1b[31mred\x1b[0m"],
  ["a color that stays", "\x1b[38:2::255:0:0m\x1b[7mred"],
  ["a hidden text", "\x1b[8mhidden\x1b[28m"],
  ["cursor movement over an approval", "allow\x1b[1A\x1b[2Kdeny"],
  ["a cursor address", "\x1b[1;1Hallowed\x1b[24;80f"],
  ["a cursor that is saved and restored", "\x1b7\x1b[s\x1b[Ax\x1b[u\x1b8"],
  ["an erased screen and scrollback", "\x1b[2J\x1b[3J\x1b[H"],
  ["an erased line", "rm -rf /\x1b[2K\x1b[Gls"],
  ["erased, inserted and deleted characters", "\x1b[5X\x1b[5@\x1b[5P"],
  ["inserted and deleted lines", "\x1b[5L\x1b[5M"],
  ["scrolled lines", "\x1b[20S\x1b[20T\x1bM\x1bD\x1bE"],
  ["a repeated character", "x\x1b[9999b"],
  ["scroll margins", "\x1b[1;2r\x1b[?6h\x1b[?69h\x1b[1;2s"],
  ["the alternate screen", "\x1b[?1049hhello\x1b[?1049l\x1b[?47h"],
  ["mouse reports", "\x1b[?1000h\x1b[?1003h\x1b[?1006h"],
  ["focus reports and pasting", "\x1b[?1004h\x1b[?2004l"],
  ["other keys", "\x1b[?1h\x1b=\x1b[>4;2m\x1b[>1u"],
  ["a hidden cursor", "\x1b[?25l\x1b[0 q"],
  ["lines that don't wrap", "\x1b[?7l\x1b[4h\x1b[20h"],
  ["a screen that waits", "\x1b[?2026h\x1bP=1s\x1b\\"],
  ["a soft reset", "\x1b[!p\x1b[?5h"],
  ["a reset", "\x1bc\x1b#8"],
  ["a moved window", "\x1b[3;0;0t\x1b[8;1;1t\x1b[2t"],
  ["a title that is taken back", "\x1b[22;0t\x1b[23;0t"],
  ["printing", "\x1b[5iprinted\x1b[4i"],
  ["a long parameter", `\x1b[${"9".repeat(300)}C`],
  ["a sequence with an intermediate", "\x1b[ q\x1b[!p\x1b[1$}"],
  // Queries, whose answers would be typed.
  ["a query of the cursor", "\x1b[6n\x1b[?6n\x1b[5n"],
  ["a query of the terminal", "\x1b[c\x1b[>c\x1b[=c\x1bZ"],
  ["a query of modes", "\x1b[?2026$p\x1b[4$p\x1b[?u"],
  ["a query of the size", "\x1b[18t\x1b[14t\x1b[19t"],
  ["a query of the title", "\x1b]2;;touch /tmp/owned\x07\x1b[21t"],
  ["a query of colors", "\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]4;1;?\x07"],
  ["a query of a setting", "\x1bP$qm\x1b\\"],
  ["a query of abilities", "\x1bP+q544e;436f\x1b\\"],
  ["a query of the version", "\x1b[>q\x1b[>0q"],
  ["an answer to ENQ", "\x05"],
  // Strings.
  ["a title", "\x1b]0;owned\x07"],
  ["a title that ends in ST", "\x1b]2;owned\x1b\\"],
  ["a title of tmux", "\x1bkowned\x1b\\"],
  ["the clipboard", "\x1b]52;c;cm0gLXJmIC8=\x07"],
  ["the clipboard that is read", "\x1b]52;c;?\x1b\\"],
  ["a hyperlink", "\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\"],
  ["a hyperlink that stays open", "\x1b]8;id=1;file:///etc/passwd\x07click"],
  ["a folder", "\x1b]7;file://evil.example/\x07"],
  ["a notification", "\x1b]9;owned\x07\x1b]777;notify;a;b\x07\x1b]99;;owned\x1b\\"],
  ["changed colors", "\x1b]4;1;#000000\x07\x1b]11;#000000\x07\x1b]104\x07"],
  ["marks of a prompt", "\x1b]133;A\x07\x1b]633;E;rm -rf /\x07"],
  ["a download of iTerm", "\x1b]1337;File=name=YQ==;inline=1:AAAA\x07"],
  ["a change of iTerm", "\x1b]1337;SetUserVar=a=Yg==\x07\x1b]50;SetProfile=x\x07"],
  ["a picture of kitty", "\x1b_Gf=100,a=T;AAAA\x1b\\"],
  ["a picture of sixels", '\x1bPq"1;1;1;1#0;2;0;0;0~-\x1b\\'],
  ["keys that are defined", "\x1bP1;1|17/726d\x1b\\"],
  ["a device control string", "\x1bP0;1|17/ab\x9c"],
  ["the passthrough of tmux", "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\"],
  ["the passthrough of screen", "\x1bP\x1b]52;c;eA==\x07\x1b\\"],
  ["a privacy message", "\x1b^hidden words\x1b\\"],
  ["a start of string", "\x1bXhidden words\x1b\\"],
  ["a string that never ends", "text\x1b]0;title\nnext line"],
  ["a string that another one breaks off", "\x1b]0;a\x1b]2;b\x1b[31m\x07"],
  ["a string that is cancelled", "\x1b]0;a\x18b\x1b]0;c\x1ad"],
  ["strings in C1 form", "\u009d0;x\u009c\u0090q\u009c\u009ep\u009c\u009fG\u009c\u0098s\u009c"],
  ["a sequence in C1 form", "\u009b31m\u009b6n\u0085\u008d\u0084"],
  ["a sequence that is cut off", "text\x1b["],
  ["an escape at the end", "text\x1b"],
  ["another character set", "\x1b(0qqq\x1b)0\x1b%G\x1bn\x1b~"],
  // Single characters.
  ["a carriage return", "rm -rf /\recho ok   "],
  ["carriage returns before a line end", "rm -rf /\r\r\nok"],
  ["backspaces", "evil\b\b\b\bgood"],
  ["vertical movement", "a\vb\fc"],
  ["a bell and shifts", "\x07\x0e\x0f"],
  ["flow control", "\x11\x13\x10"],
  ["DEL and NUL", "\x7f\x00"],
  // Text that isn't read as what it is.
  ["bidi overrides", "\u202eevil\u202c\u202dx\u202a\u202b"],
  ["bidi isolates and marks", "\u2066x\u2069\u2067\u2068\u200e\u200f\u061c"],
  ["zero-width characters", "a\u200bb\u2060c\ufeffd"],
  ["joiners between letters", "pass\u200dword\u200c"],
  ["invisible operators", "f\u2061x\u2062y\u2063z\u2064"],
  ["obsolete format characters", "\u206a\u206b\u206c\u206d\u206e\u206f"],
  ["line separators", "a\u2028b\u2029c"],
  ["tag characters", "a\u{e0041}\u{e007f}b"],
  ["a flag of tags", "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}"],
  ["bytes in variation selectors", "\u{1f600}\u{e0100}\u{e01ef}\ufe00\ufe0f"],
  ["variation selectors on letters", "a\ufe0fb\ufe0e1\ufe0f"],
  ["a soft hyphen", "pass\u00adword"],
  ["fillers of Hangul", "a\u115f\u1160\u3164\uffa0b"],
  ["a joiner of graphemes", "a\u034fb"],
  ["vowels and separators that aren't seen", "\u17b4\u17b5\u180e\u180b"],
  ["interlinear annotations", "a\ufff9b\ufffac\ufffbd"],
  ["controls of music, shorthand and hieroglyphs", "\u{1d173}\u{1d17a}\u{1bca0}\u{13430}"],
  ["private characters", "\ue000\uf8ff\u{f0000}\u{10fffd}"],
  ["a placeholder of a picture", "\u{10eeee}\u0305\u0305"],
  ["noncharacters", "\ufdd0\ufffe\uffff\u{1ffff}\u{10ffff}"],
  ["heaps of accents", `Z${"\u0300\u0334\u0489\u035c".repeat(20)}a\u0301${"\u0301".repeat(50)}`],
  ["vowels of Hangul on nothing", "a\u1161\u11a8b"],
  ["heaps of Hangul", `\u1100${"\u1161".repeat(50)}\uac00${"\u11a8".repeat(50)}\ud7b0\ud7cb\ud7cb`],
  ["emoji that are joined without end", "\u{1f469}\u200d".repeat(50)],
  ["lone surrogates", "a\ud800b\udc00c"],
];

/** Everything that only the program itself may send to a terminal, or nobody. */
export const ACTIVE = new RegExp(
  "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
    "\\u200b\\u200c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb" +
    "\\ufdd0-\\ufdef\\ufffe\\uffff\\ue000-\\uf8ff\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}" +
    "\\u{1d173}-\\u{1d17a}\\u{1fffe}\\u{1ffff}\\u{e0000}-\\u{e0fff}\\u{f0000}-\\u{10ffff}\\p{Surrogate}]" +
    // What emoji are made of, anywhere else.
    "|(?<!\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]|(?<![\\p{Extended_Pictographic}\\ufe0f])\\u200d" +
    "|[\\u0300-\\u036f]{6}|[\\u1161-\\u11a7\\ud7b0-\\ud7c6]{2}|[\\u11a8-\\u11ff\\ud7cb-\\ud7fb]{2}" +
    "|(?<![\\u1100-\\u11ff\\ua960-\\ua97f\\uac00-\\ud7ff])[\\u1161-\\u11ff\\ud7b0-\\ud7c6\\ud7cb-\\ud7fb]" +
    "|(?:\\u200d\\p{Extended_Pictographic}){4}",
  "u",
);

/** A random text from pieces of attacks, which may be cut off anywhere. */
export function randomAttack(random: Random): string {
  const pieces = Array.from({ length: 1 + random.below(8) }, () => {
    const [, attack] = random.pick(ATTACKS);
    const start = random.below(attack.length);
    return attack.slice(start, start + 1 + random.below(8));
  });
  return pieces.join(random.pick(["", "a", ";", "\n", "\x1b", "["]));
}

/** Reads text back that was spelled out. */
export function unspell(text: string): string {
  return text.replaceAll(
    /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]+)\}/g,
    (_, ...groups) => {
      const code = parseInt(groups.slice(0, 3).find((group) => group !== undefined), 16);
      return code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(code);
    },
  );
}
