/** A quote that is open at the end of a text: none, single, double, or bash's `$'…'`. */
export type Quote = "" | "'" | '"' | "$'";

/** What a shell makes of the text of a word. */
export interface Decoded {
  readonly text: string;
  /** The quote that is still open at its end. */
  readonly quote: Quote;
  /** Where in the word what stands behind that quote begins; 0 where none is open. */
  readonly quotedFrom: number;
}

/** The words of a command line before the cursor. */
export interface ShellLine {
  /** As the program would get them. */
  readonly words: readonly string[];
  /** The word at the cursor, as it stands there. */
  readonly raw: string;
  /** Whether that word names a file of a redirection. */
  readonly redirected: boolean;
  /** The words behind that one, as the program would get them. */
  readonly behind: readonly string[];
}

/** Reads a word as the POSIX shell does, or fish, but for expansions: they stay as they stand. */
export function decodeWord(raw: string, shell: "posix" | "fish" = "posix"): Decoded {
  let text = "";
  let quote: Quote = "";
  let quotedFrom = 0;
  for (let index = 0; index < raw.length; index++) {
    const character = raw[index] ?? "";
    const next = raw[index + 1] ?? "";
    if (quote === "'" || quote === "$'") {
      if (character === "'") quote = "";
      else if (shell === "fish" && /^\\['\\]$/.test(character + next)) text += raw[++index];
      else text += character;
    } else if (quote === '"') {
      if (character === '"') quote = "";
      else if (character === "\\" && '"\\$`'.includes(next) && next !== "") text += raw[++index];
      else text += character;
    } else if (character === "\\") {
      if (next !== "\n") text += next;
      index++;
    } else if (character === "$" && next === "'") {
      quote = "$'";
      index++;
      quotedFrom = index + 1;
    } else if (character === "'" || character === '"') {
      quote = character;
      quotedFrom = index + 1;
    } else {
      text += character;
    }
  }
  return { text, quote, quotedFrom: quote === "" ? 0 : quotedFrom };
}

/**
 * Splits a command line of bash into words; the name of the program, assignments before it and
 * redirections are left out.
 *
 * @param line up to the cursor
 * @param rest of the line; it may begin with the end of the word at the cursor
 */
export function splitLine(line: string, rest = ""): ShellLine {
  const tokens = tokensOf(line);
  const raw = tokens.at(-1)?.text ?? "";
  const { words: before, redirects } = withoutRedirections(tokens.slice(0, -1));
  const program = before.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const isBetween = raw === "" && /^\s|^$/.test(rest);
  const { words: behind } = withoutRedirections(tokensOf(raw + rest).slice(isBetween ? 0 : 1));
  const decode = (word: string) => decodeWord(word).text;
  return {
    words: program < 0 ? [] : before.slice(program + 1).map(decode),
    raw,
    redirected: redirects,
    behind: behind.filter((word) => word !== "").map(decode),
  };
}

/** The words among tokens, and whether the next one would name the file of a redirection. */
function withoutRedirections(tokens: readonly Token[]) {
  const words: string[] = [];
  let redirects = false;
  for (const { text, operator } of tokens) {
    if (operator) redirects = /[<>]/.test(text);
    else if (redirects) redirects = false;
    else words.push(text);
  }
  return { words, redirects };
}

interface Token {
  readonly text: string;
  readonly operator: boolean;
}

/** Words and redirections; the last one is the word at the cursor, which may be empty. */
function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let start: number | undefined;
  let index = 0;
  const end = () => {
    if (start !== undefined) tokens.push({ text: line.slice(start, index), operator: false });
    start = undefined;
  };
  while (index < line.length) {
    const operator = /^(?:\d*|&)(?:<<<|<<-?|>>|>\||<>|[<>]&?)/.exec(line.slice(index))?.[0];
    if (/\s/.test(line[index] ?? "")) {
      end();
      index++;
    } else if (operator !== undefined && (start === undefined || !/^[\d&]/.test(operator))) {
      end();
      tokens.push({ text: operator, operator: true });
      index += operator.length;
    } else {
      start ??= index;
      index += lengthOfPart(line.slice(index));
    }
  }
  if (start === undefined) start = line.length;
  end();
  return tokens;
}

/** How much of a text is one part of a word: a quoted part, an escaped character, a character. */
function lengthOfPart(text: string): number {
  if (text.startsWith("\\")) return 2;
  const quoted = /^'[^']*(?:'|$)|^"(?:[^"\\]|\\.)*(?:"|\\?$)/s.exec(text)?.[0];
  return quoted?.length ?? 1;
}

/** Characters that mean nothing but themselves in a word of bash. */
const PLAIN = /[\w@%+=:,./\-\u{80}-\u{10ffff}]/u;

/**
 * Quotes text so that it goes on a word of bash in which a quote may be open; that is then left open.
 *
 * @returns undefined where that cannot be written
 */
export function quoteForBash(text: string, quote: Quote): string | undefined {
  switch (quote) {
    case "":
      return Array.from(text, (each) => PLAIN.test(each) ? each : `\\${each}`).join("");
    case "'":
      return text.replaceAll("'", "'\\''");
    case '"':
      // History is expanded within double quotes, and a backslash before it would stay.
      return text.includes("!") ? undefined : text.replaceAll(/["\\$`]/g, "\\$&");
    case "$'":
      return undefined;
  }
}

/** Reads a word as PowerShell does, but for expansions: they stay as they stand. */
export function decodePowerShellWord(raw: string): string {
  if (raw.startsWith("'")) {
    return raw.slice(1).replace(/(?<!')((?:'')*)'$/, "$1").replaceAll("''", "'");
  }
  const inner = raw.startsWith('"') ? raw.slice(1).replace(/(?<!`)"$/, "") : raw;
  return inner.replaceAll(/`(.)/gs, "$1");
}

/** Quotes a word for PowerShell, where it needs that. */
export function quoteForPowerShell(text: string): string {
  // It takes `-a.b` and `-a:b` apart.
  const isPlain = text.startsWith("-")
    ? /^[\w+/=-]+$/.test(text)
    : /^[\w+./:][\w+./:=-]*$/.test(text);
  return isPlain ? text : `'${text.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}
