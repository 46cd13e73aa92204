import { PROGRAM_NAME } from "./program_name.ts";

/**
 * Lines of ours in a file of somebody else's, between two marks. What has to be known to take them
 * out again, so that all is as it was before, stands in the first mark and in the first lines.
 */

const beginOf = (name: string) => `# >>> ${name} completions >>>`;
const endOf = (name: string) => `# <<< ${name} completions <<<`;

/** Behind the first mark where the file ended in the middle of a line. */
const JOINED = " (the line before had no end)";

/** Behind the first mark where there was no file. */
const MADE = " (there was no such file)";

/** In front of the name of a folder that was made for a file, in that file. */
const MADE_FOLDER = "# Folder made for this: ";

/** Lines that are there, and what is around them. */
interface Found {
  readonly before: string;
  readonly lines: string;
  readonly after: string;
  /** What stands behind the first mark. */
  readonly note: string;
}

/** What is left without our lines. */
export interface Left {
  /** Undefined where nothing is left of a file that was made for them. */
  readonly text: string | undefined;
  /** Folders that were made for the file, the outermost first. */
  readonly folders: readonly string[];
}

/**
 * The text of a file with lines of ours in it, in place of those that it had.
 *
 * @param text undefined where there is no file
 * @param folders that were made for the file, the outermost first
 * @param name of the program, which the marks tell
 * @throws {Error} where a mark stands alone
 */
export function withLines(
  text: string | undefined,
  lines: string,
  folders: readonly string[] = [],
  name = PROGRAM_NAME,
): string {
  const [begin, end] = [beginOf(name), endOf(name)];
  const found = text === undefined ? undefined : find(text, name);
  if (found !== undefined) {
    const own = foldersLines(foldersIn(found.lines)) + lines;
    return `${found.before}${begin}${found.note}\n${own}${end}\n${found.after}`;
  }
  if (text === undefined) return `${begin}${MADE}\n${foldersLines(folders)}${lines}${end}\n`;
  return text === "" || text.endsWith("\n")
    ? `${text}${begin}\n${lines}${end}\n`
    : `${text}\n${begin}${JOINED}\n${lines}${end}\n`;
}

/**
 * The text of a file without our lines: what it was before they came, and what else has changed.
 *
 * @throws {Error} where a mark stands alone
 */
export function withoutLines(text: string, name = PROGRAM_NAME): Left {
  const found = find(text, name);
  if (found === undefined) return { text, folders: [] };
  const { before, after, note, lines } = found;
  if (note === MADE && before + after === "") return { text: undefined, folders: foldersIn(lines) };
  // A line that came behind ours needs the end of the one before.
  const joined = note === JOINED && after === "";
  return { text: joined ? before.replace(/\n$/, "") : before + after, folders: [] };
}

/** Lines that name folders that were made for a file. */
export function foldersLines(folders: readonly string[]): string {
  return folders.map((folder) => `${MADE_FOLDER}${folder}\n`).join("");
}

/** The folders that lines of a file name, the outermost first. */
export function foldersIn(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(MADE_FOLDER))
    .map((line) => line.slice(MADE_FOLDER.length));
}

function find(text: string, name: string): Found | undefined {
  const [beginMark, endMark] = [beginOf(name), endOf(name)];
  const begin = lineOf(beginMark, text, 0);
  const end = lineOf(endMark, text, begin?.end ?? 0);
  if (begin === undefined && end === undefined) return undefined;
  if (begin === undefined || end === undefined) {
    throw new Error(`It has the line "${begin === undefined ? endMark : beginMark}" alone`);
  }
  return {
    before: text.slice(0, begin.start),
    lines: text.slice(begin.end, end.start),
    after: text.slice(end.end),
    note: text.slice(begin.start + beginMark.length, begin.end).trimEnd(),
  };
}

/** Where a line is that begins with a mark; its end is behind the line's. */
function lineOf(mark: string, text: string, from: number) {
  let start = text.indexOf(mark, from);
  while (start > 0 && text[start - 1] !== "\n") start = text.indexOf(mark, start + 1);
  if (start < 0) return undefined;
  const newline = text.indexOf("\n", start);
  return { start, end: newline < 0 ? text.length : newline + 1 };
}
