import { graphemes } from "../render/graphemes.ts";

/** A text and a cursor in it; the characters are those that a person sees as one. */
export interface Line {
  readonly characters: readonly string[];
  /** Characters before the cursor. */
  readonly cursor: number;
}

export const EMPTY_LINE: Line = { characters: [], cursor: 0 };

/** The line with this text, and the cursor at its end. */
export function lineOf(text: string): Line {
  const characters = Array.from(graphemes(text), ({ segment }) => segment);
  return { characters, cursor: characters.length };
}

/** The text of a line. */
export function textOfLine(line: Line): string {
  return line.characters.join("");
}

/** The line with its cursor elsewhere, as near to that as there are characters. */
export function withCursor({ characters }: Line, cursor: number): Line {
  return { characters, cursor: Math.min(Math.max(cursor, 0), characters.length) };
}

/** The line with something else between two places, and the cursor behind that. */
export function replaced({ characters }: Line, from: number, to: number, text: string): Line {
  const start = Math.max(from, 0);
  // Told apart anew with their neighbours, which a combining mark or a joiner makes one with them.
  const left = characters[start - 1] ?? "";
  const right = characters[to] ?? "";
  const before = lineOf(left + text).characters;
  const after = lineOf(left + text + right).characters;
  const joinsRight = before.length + (right === "" ? 0 : 1) !== after.length;
  const first = left === "" ? start : start - 1;
  return {
    characters: [
      ...characters.slice(0, first),
      ...after,
      ...characters.slice(right === "" ? to : to + 1),
    ],
    cursor: first + (joinsRight ? after.length : before.length),
  };
}

/** Where the row begins in which a place is. */
export function rowStart({ characters }: Line, at: number): number {
  return at === 0 ? 0 : characters.lastIndexOf("\n", at - 1) + 1;
}

/** Where the row ends in which a place is. */
export function rowEnd({ characters }: Line, at: number): number {
  const end = characters.indexOf("\n", at);
  return end === -1 ? characters.length : end;
}

/** The place in the row above or below the cursor; undefined where the text has no such row. */
export function placeInNextRow(line: Line, step: -1 | 1): number | undefined {
  const start = rowStart(line, line.cursor);
  const column = line.cursor - start;
  const target = step === -1 ? start - 1 : rowEnd(line, line.cursor) + 1;
  if (target < 0 || target > line.characters.length) return undefined;
  const nextStart = step === -1 ? rowStart(line, target) : target;
  return Math.min(nextStart + column, rowEnd(line, nextStart));
}

/** Where the word begins that ends at or before a place. */
export function wordStart(line: Line, at: number, belongs = isWordCharacter): number {
  const { characters } = line;
  let index = at;
  while (index > 0 && !belongs(characters[index - 1] ?? "")) index--;
  while (index > 0 && belongs(characters[index - 1] ?? "")) index--;
  return index;
}

/** Where the word ends that begins at or after a place. */
export function wordEnd({ characters }: Line, at: number): number {
  let index = at;
  while (index < characters.length && !isWordCharacter(characters[index] ?? "")) index++;
  while (index < characters.length && isWordCharacter(characters[index] ?? "")) index++;
  return index;
}

/** Where the text without white space begins that ends at or before a place. */
export function blankStart(line: Line, at: number): number {
  return wordStart(line, at, (character) => character.trim() !== "");
}

/** The spaces around a place: where they begin and end. */
export function spacesAround({ characters }: Line, at: number): [from: number, to: number] {
  const isSpace = (index: number) => /^[ \t]$/.test(characters[index] ?? "");
  let [from, to] = [at, at];
  while (isSpace(from - 1)) from--;
  while (isSpace(to)) to++;
  return [from, to];
}

/** The line with the word before the cursor and that behind it in each other's place. */
export function withWordsTransposed(line: Line): Line {
  const atEnd = wordEnd(line, line.cursor);
  const start = wordStart(line, atEnd);
  const end = wordEnd(line, start);
  const startBefore = wordStart(line, start);
  const endBefore = wordEnd(line, startBefore);
  if (startBefore >= start || endBefore > start) return line;
  const part = (from: number, to: number) => line.characters.slice(from, to).join("");
  const text = part(start, end) + part(endBefore, start) + part(startBefore, endBefore);
  return replaced(line, startBefore, end, text);
}

/** The line with the characters before the cursor and under it in each other's place. */
export function withCharactersTransposed(line: Line): Line {
  const { characters, cursor } = line;
  const right = Math.min(cursor, characters.length - 1);
  const [first, second] = [characters[right - 1], characters[right]];
  if (first === undefined || second === undefined) return line;
  return { characters: characters.toSpliced(right - 1, 2, second, first), cursor: right + 1 };
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}\p{M}]/u.test(character);
}
