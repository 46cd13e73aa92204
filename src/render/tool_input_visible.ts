import { cutCharacters } from "./cut.ts";
import { MOST_JOINED, PICTOGRAPH } from "./graphemes.ts";
import { count } from "./human.ts";
import {
  joinSafe,
  type SafeText,
  safeText,
  sanitize,
  spell,
  spellOut,
  spellOutLine,
  STRAY_JAMO,
  UNSEEN,
} from "./safe_text.ts";

/**
 * A piece of a line as a person is to see it: what stands there; a mark of ours in place of white
 * space; or something that hides or deceives, spelled out.
 */
export interface Piece {
  readonly kind: "text" | "mark" | "hidden";
  readonly text: SafeText;
}

/**
 * How a line is written down: as it stands, as a shell reads it, or as what is between the quotes of
 * a JSON string.
 */
export type Notation = "text" | "command" | "json";

/** As many blanks or line ends in a row are counted instead of shown. */
const LONG_RUN = 40;

/** More accents on one character are a heap. */
const MOST_ACCENTS = 5;

/** As many kinds of hidden characters are named in a warning, and as many keys. */
const NAMED_KINDS = 8;

/** User-perceived characters of a key that are named in a warning. */
const LONGEST_KEY = 40;

const TAB_STOP = 4;

/** A pictograph with those that are joined to it; or a keycap. */
const EMOJI = `${PICTOGRAPH}(?:\\u200d${PICTOGRAPH}){0,${MOST_JOINED - 1}}|[0-9#*]\\ufe0f\\u20e3`;

/** Letters that look like Latin ones: Cyrillic, Armenian, Cherokee, and many of Greek. */
const LOOKALIKE = "[\\p{Script=Cyrillic}\\p{Script=Armenian}\\p{Script=Cherokee}\\u0391\\u0392" +
  "\\u0395-\\u0397\\u0399\\u039a\\u039c\\u039d\\u039f\\u03a1\\u03a4\\u03a5\\u03a7" +
  "\\u03b1\\u03b9\\u03ba\\u03bd\\u03bf\\u03c1\\u03c5\\u03c7\\u03f2\\u03f3]";

/**
 * What a terminal acts upon, and what can't be seen, covers what can be, or is not what it looks like:
 * control, format and private characters, those that fonts leave out, blanks other than the space,
 * strokes and frames over other characters, heaps of accents, an accent on nothing, which would fall
 * on our own words, and letters of other alphabets in a word with Latin ones.
 */
const HIDDEN = [
  UNSEEN,
  STRAY_JAMO,
  `${LOOKALIKE}(?:(?<=\\p{Script=Latin}${LOOKALIKE}{1,20})|(?=${LOOKALIKE}{0,20}\\p{Script=Latin}))`,
  "(?! )[\\p{Zs}\\u2800\\u{1d159}\\u{13441}\\u{13442}]",
  "[\\p{Me}\\u0334-\\u0338\\u20d2\\u20d3\\u20d8-\\u20da\\u20e5\\u20e6\\u20ea\\u20eb]",
  `(?<=\\p{Mn}{${MOST_ACCENTS}})\\p{Mn}`,
  "^\\p{M}",
].join("|");

/** What looks like a quotation mark or a semicolon of a shell, and is none: it quotes and ends nothing. */
const LIKE_SHELL_SYNTAX =
  "[\u02b9-\u02bf\u02c8\u02ca\u02cb\u02ee\u037e\u1fef\u2018-\u201f\u2032-\u2037]";

const SPECIAL = specialPattern(HIDDEN);
const SPECIAL_IN_COMMAND = specialPattern(`${HIDDEN}|${LIKE_SHELL_SYNTAX}`);

function specialPattern(hidden: string): RegExp {
  return new RegExp(
    [
      `(?<emoji>${EMOJI})`,
      "(?<tab>\\t)",
      `(?<run> {${LONG_RUN}}|\\n{${LONG_RUN}})`,
      "(?<lineEnd>\\n)",
      "(?<return>\\r$)",
      "(?<trailing> +(?=\\r?$))",
      `(?<hidden>${hidden})`,
    ].join("|"),
    "gu",
  );
}

/** Letters that run from right to left, which many terminals show in another order. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Gathers what a person should be warned of. */
export class Findings {
  readonly #hidden = new Map<string, number>();
  readonly #ambiguous = new Set<string>();
  #longRuns = 0;
  #rightToLeft = false;

  hidden(character: string): void {
    const spelled = spell(character);
    this.#hidden.set(spelled, (this.#hidden.get(spelled) ?? 0) + 1);
  }

  /**
   * Takes down keys of one object that a reader may take for one and the same.
   *
   * @param nameOf what is the same of two keys that are
   */
  keys(keys: readonly string[], nameOf: (key: string) => string): void {
    for (const [, same = []] of Map.groupBy(keys, nameOf)) {
      if (same.length > 1) { for (const key of same) this.#ambiguous.add(key); }
    }
  }

  longRun(): void {
    this.#longRuns++;
  }

  rightToLeft(): void {
    this.#rightToLeft = true;
  }

  /** One line without its end; undefined where there is nothing to warn of. */
  warning(): SafeText | undefined {
    const parts: SafeText[] = [];
    if (this.#ambiguous.size > 0) {
      const keys = Array.from(this.#ambiguous, (key) => cutCharacters(key, LONGEST_KEY));
      const named = namedOf(keys.map((key) => safeText`"${spellOutLine(key)}"`));
      parts.push(
        safeText`keys stand more than once or differ in case only, and the tool may go by any: ${named}`,
      );
    }
    if (this.#hidden.size > 0) {
      const named = namedOf(
        Array.from(this.#hidden, ([spelled, times]) => sanitize(`${spelled} (${times})`)),
      );
      parts.push(safeText`hidden or deceptive characters are spelled out: ${named}`);
    }
    if (this.#longRuns > 0) {
      parts.push(safeText`long white space is counted, not shown (${this.#longRuns})`);
    }
    if (this.#rightToLeft) {
      parts.push(safeText`letters that run from right to left may stand in another order`);
    }
    return parts.length === 0 ? undefined : safeText`Warning: ${joinSafe(parts, safeText`; `)}`;
  }
}

/** The first of several kinds of things, and how many more there are. */
function namedOf(kinds: readonly SafeText[]): SafeText {
  const named = joinSafe(kinds.slice(0, NAMED_KINDS), safeText`, `);
  const more = kinds.length - NAMED_KINDS;
  return more > 0 ? safeText`${named} and ${more} more` : named;
}

/**
 * Breaks a line into what stands there and what would otherwise not be seen. Tabs are shown, and
 * spaces where nothing follows them; a CR before a line's end is shown but no reason for a warning.
 *
 * @param line without line ends, unless it is in JSON notation
 */
export function visiblePieces(line: string, notation: Notation, findings: Findings): Piece[] {
  const pieces: Piece[] = [];
  let written = 0;
  let column = 0;
  const write = (kind: Piece["kind"], text: SafeText) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) pieces.splice(-1, 1, { kind, text: safeText`${last.text}${text}` });
    else if (text !== "") pieces.push({ kind, text });
    column += text.length;
  };
  const writeUpTo = (end: number) => {
    const text = line.slice(written, end);
    if (text === "") return;
    if (RIGHT_TO_LEFT.test(text)) findings.rightToLeft();
    write("text", spellOut(notation === "json" ? JSON.stringify(text).slice(1, -1) : text));
  };
  const special = notation === "command" ? SPECIAL_IN_COMMAND : SPECIAL;
  special.lastIndex = 0;
  for (let match = special.exec(line); match !== null; match = special.exec(line)) {
    const { emoji, tab, run, lineEnd, return: carriageReturn, trailing, hidden } = match.groups ??
      {};
    if (emoji !== undefined) continue;
    writeUpTo(match.index);
    written = match.index + match[0].length;
    if (tab !== undefined) {
      const stop = TAB_STOP - column % TAB_STOP;
      if (notation === "json") write("text", safeText`\\t`);
      else write("mark", sanitize(TAB_MARK.padEnd(stop)));
    } else if (run !== undefined) {
      // Regular expressions give up on repetitions that are longer still.
      while (line[written] === run[0]) written++;
      special.lastIndex = written;
      findings.longRun();
      const what = run.startsWith("\n") ? "line ends" : "spaces";
      write("mark", sanitize(`[${count(written - match.index)} ${what}]`));
    } else if (lineEnd !== undefined) {
      write("text", safeText`\\n`);
    } else if (trailing !== undefined) {
      if (notation === "json") write("text", sanitize(trailing));
      else write("mark", sanitize(SPACE_MARK.repeat(trailing.length)));
    } else if (carriageReturn !== undefined && notation !== "json") {
      write("mark", spellOut(carriageReturn));
    } else {
      for (const character of hidden ?? match[0]) {
        findings.hidden(character);
        write("hidden", notation === "json" ? jsonEscape(character) : spellOut(spell(character)));
      }
    }
  }
  writeUpTo(line.length);
  return pieces;
}

const TAB_MARK = "\u21e5";
const SPACE_MARK = "\u2423";

function jsonEscape(character: string): SafeText {
  const units = Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit));
  return sanitize(units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join(""));
}
