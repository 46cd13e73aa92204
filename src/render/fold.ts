import { cutCharacters } from "./cut.ts";
import { bytes, count } from "./human.ts";
import { utf8Length } from "./utf8_length.ts";

/** What is left of a long text, and how much was left out. */
export interface FoldedText {
  readonly shown: string;
  /** Lines that aren't shown at all. */
  readonly hiddenLines: number;
  /** Bytes of UTF-8 that aren't shown, ends of overlong lines among them. */
  readonly hiddenBytes: number;
}

/** Rows of a screen that a line may take where many others are shown. */
const ROWS_PER_LINE = 2;

/**
 * Folds a long text: its first and its last lines stay, a line between them says how much is left
 * out; overlong lines are cut and end in `...`: the fewer there are, the longer they may be. What
 * fits is returned as it is.
 *
 * @param limit lines that are shown at most, at least 3
 * @param columns user-perceived characters in a row of the screen
 */
export function foldLines(text: string, limit: number, columns: number): FoldedText {
  const end = text.endsWith("\n") ? text.length - 1 : text.length;
  const most = Math.max(limit, 3);
  const lines = countLines(text, end);
  const longest = columns * Math.max(ROWS_PER_LINE, Math.floor(most / lines));
  if (lines <= most) {
    const [shown, hiddenBytes] = cutLines(text.slice(0, end), longest);
    return { shown: shown + text.slice(end), hiddenLines: 0, hiddenBytes };
  }
  const tailLines = Math.floor((most - 1) / 2);
  const headEnd = skipLines(text, most - 1 - tailLines);
  const tailStart = skipLinesBack(text, end, tailLines);
  const [head, hiddenOfHead] = cutLines(text.slice(0, headEnd), longest);
  const [tail, hiddenOfTail] = cutLines(text.slice(tailStart, end), longest);
  const hiddenLines = lines - most + 1;
  const middle = utf8Length(text.slice(headEnd, tailStart));
  const mark = `... ${count(hiddenLines)} more lines, ${bytes(middle)} ...\n`;
  return {
    shown: head + mark + tail + text.slice(end),
    hiddenLines,
    hiddenBytes: hiddenOfHead + middle + hiddenOfTail,
  };
}

/** Lines with overlong ones cut, and the bytes that this took away. */
function cutLines(text: string, longest: number): [text: string, hiddenBytes: number] {
  let hidden = 0;
  const lines = text.split("\n").map((line) => {
    const cut = cutCharacters(line, longest);
    if (cut !== line) hidden += utf8Length(line.slice(cut.length - "...".length));
    return cut;
  });
  return [lines.join("\n"), hidden];
}

function countLines(text: string, end: number): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Where the line begins that comes after so many others. */
function skipLines(text: string, lines: number): number {
  let start = 0;
  for (let line = 0; line < lines; line++) start = text.indexOf("\n", start) + 1;
  return start;
}

/** Where the last lines begin of a text that ends there. */
function skipLinesBack(text: string, end: number, lines: number): number {
  let start = end + 1;
  for (let line = 0; line < lines; line++) start = text.lastIndexOf("\n", start - 2) + 1;
  return start;
}
