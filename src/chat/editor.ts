import { graphemes } from "../render/graphemes.ts";
import { InputHistory } from "./input_history.ts";
import type { Key } from "../term/keys.ts";

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

/** What a key did to the editor, beyond changing its line. */
export type EditorAction =
  | { readonly type: "edited" }
  | { readonly type: "submitted"; readonly text: string }
  | { readonly type: "clear-screen" }
  | { readonly type: "complete" }
  | { readonly type: "end-of-input" };

/**
 * A line editor with readline's emacs keys. It knows nothing of a terminal: keys go in, a line and
 * what to do about it come out.
 */
export class Editor {
  #line = EMPTY_LINE;
  #killed: readonly string[] = [];
  readonly #history = new InputHistory();
  /** The line that was being written when the history was gone into. */
  #draft = EMPTY_LINE;
  #search: string | undefined;

  get line(): Line {
    return this.#line;
  }

  get isEmpty(): boolean {
    return this.#line.characters.length === 0;
  }

  /** Puts another line in the place of this one. */
  replace(line: Line): void {
    this.#line = line;
  }

  /** What is being searched for in the history, while something is. */
  get search(): string | undefined {
    return this.#search;
  }

  /** Text from the beginning of the line to the cursor. */
  get textBeforeCursor(): string {
    return this.#line.characters.slice(0, this.#line.cursor).join("");
  }

  /** Adds earlier inputs, the oldest first, that the arrow keys go back to. */
  remember(...texts: string[]): void {
    for (const text of texts) this.#history.add(text);
  }

  /** Puts text in at the cursor. */
  insert(text: string): void {
    this.#insert(lineOf(text).characters);
  }

  /** Applies one key. */
  press(key: Key): EditorAction {
    if (this.#search !== undefined && this.#pressInSearch(key)) return { type: "edited" };
    switch (key.name) {
      case "search":
        if (this.#history.isBehind) this.#draft = this.#line;
        this.#search = "";
        break;
      case "text":
      case "paste":
        this.#insert(lineOf(key.text).characters);
        break;
      case "newline":
        this.#insert(["\n"]);
        break;
      case "enter":
        return this.#submit();
      case "tab":
        return { type: "complete" };
      case "clear-screen":
        return { type: "clear-screen" };
      case "end-of-input":
        if (this.isEmpty) return { type: "end-of-input" };
        this.#remove(this.#line.cursor, this.#line.cursor + 1);
        break;
      case "up":
      case "down":
        this.#recall(key.name === "up" ? -1 : 1);
        break;
      default:
        this.#edit(key.name);
    }
    return { type: "edited" };
  }

  #edit(name: Key["name"]): void {
    const { characters, cursor } = this.#line;
    switch (name) {
      case "left":
        return this.#moveTo(cursor - 1);
      case "right":
        return this.#moveTo(cursor + 1);
      case "home":
        return this.#moveTo(this.#rowStart());
      case "end":
        return this.#moveTo(this.#rowEnd());
      case "word-left":
        return this.#moveTo(this.#wordStart());
      case "word-right":
        return this.#moveTo(this.#wordEnd());
      case "backspace":
        return this.#remove(cursor - 1, cursor);
      case "delete":
        return this.#remove(cursor, cursor + 1);
      case "delete-word-left":
        return this.#kill(this.#wordStart(), cursor);
      case "delete-word-right":
        return this.#kill(cursor, this.#wordEnd());
      case "kill-word-left":
        return this.#kill(this.#blankStart(), cursor);
      case "kill-to-start":
        return this.#kill(this.#rowStart(), cursor);
      case "kill-to-end":
        return this.#kill(
          cursor,
          Math.max(this.#rowEnd(), Math.min(cursor + 1, characters.length)),
        );
      case "yank":
        return this.#insert(this.#killed);
      case "transpose":
        return this.#transpose();
      default:
        return;
    }
  }

  #submit(): EditorAction {
    const { characters, cursor } = this.#line;
    if (cursor === characters.length && characters.at(-1) === "\\") {
      this.#line = { characters: [...characters.slice(0, -1), "\n"], cursor };
      return { type: "edited" };
    }
    const text = textOfLine(this.#line);
    this.#line = EMPTY_LINE;
    this.#history.add(text);
    return { type: "submitted", text };
  }

  /** Searches as keys are typed; any key that does not belong to the search ends it. */
  #pressInSearch(key: Key): boolean {
    const query = this.#search ?? "";
    switch (key.name) {
      case "text":
        return this.#find(query + key.text, false);
      case "backspace":
        return this.#find(Array.from(query).slice(0, -1).join(""), false);
      case "search":
        return this.#find(query, true);
      case "escape":
        this.#search = undefined;
        this.#history.leave();
        this.#line = this.#draft;
        return true;
      default:
        this.#search = undefined;
        return false;
    }
  }

  #find(query: string, strictlyBefore: boolean): boolean {
    this.#search = query;
    const found = query === "" ? undefined : this.#history.search(query, strictlyBefore);
    if (found !== undefined) this.#line = lineOf(found);
    return true;
  }

  #insert(inserted: readonly string[]): void {
    const { characters, cursor } = this.#line;
    const before = [...characters.slice(0, cursor), ...inserted].join("");
    // Segmented anew, because a combining mark joins the character before it.
    const start = lineOf(before).characters;
    this.#line = { characters: [...start, ...characters.slice(cursor)], cursor: start.length };
  }

  #remove(from: number, to: number): void {
    const { characters } = this.#line;
    const start = Math.max(from, 0);
    if (to > characters.length) return;
    this.#line = {
      characters: [...characters.slice(0, start), ...characters.slice(to)],
      cursor: start,
    };
  }

  #kill(from: number, to: number): void {
    const killed = this.#line.characters.slice(from, to);
    if (killed.length > 0) this.#killed = killed;
    this.#remove(from, to);
  }

  #transpose(): void {
    const { characters, cursor } = this.#line;
    const right = Math.min(cursor, characters.length - 1);
    const [first, second] = [characters[right - 1], characters[right]];
    if (first === undefined || second === undefined) return;
    this.#line = {
      characters: characters.toSpliced(right - 1, 2, second, first),
      cursor: right + 1,
    };
  }

  #recall(step: -1 | 1): void {
    if (this.#moveRow(step)) return;
    if (!this.#history.canStep(step)) return;
    if (this.#history.isBehind) this.#draft = this.#line;
    const text = this.#history.step(step);
    this.#line = text === undefined ? this.#draft : lineOf(text);
  }

  /** Moves the cursor to the row above or below, where the text has one. */
  #moveRow(step: -1 | 1): boolean {
    const { characters, cursor } = this.#line;
    const start = this.#rowStart();
    const column = cursor - start;
    const target = step === -1 ? start - 1 : this.#rowEnd() + 1;
    if (target < 0 || target > characters.length) return false;
    const rowStart = step === -1 ? characters.lastIndexOf("\n", target - 1) + 1 : target;
    const next = characters.indexOf("\n", rowStart);
    this.#moveTo(Math.min(rowStart + column, next === -1 ? characters.length : next));
    return true;
  }

  #moveTo(cursor: number): void {
    const { characters } = this.#line;
    this.#line = { characters, cursor: Math.min(Math.max(cursor, 0), characters.length) };
  }

  #rowStart(): number {
    const { characters, cursor } = this.#line;
    return cursor === 0 ? 0 : characters.lastIndexOf("\n", cursor - 1) + 1;
  }

  #rowEnd(): number {
    const { characters, cursor } = this.#line;
    const end = characters.indexOf("\n", cursor);
    return end === -1 ? characters.length : end;
  }

  #wordStart(): number {
    return this.#scanLeft(isWordCharacter);
  }

  #blankStart(): number {
    return this.#scanLeft((character) => character.trim() !== "");
  }

  #scanLeft(belongs: (character: string) => boolean): number {
    const { characters } = this.#line;
    let index = this.#line.cursor;
    while (index > 0 && !belongs(characters[index - 1] ?? "")) index--;
    while (index > 0 && belongs(characters[index - 1] ?? "")) index--;
    return index;
  }

  #wordEnd(): number {
    const { characters } = this.#line;
    let index = this.#line.cursor;
    while (index < characters.length && !isWordCharacter(characters[index] ?? "")) index++;
    while (index < characters.length && isWordCharacter(characters[index] ?? "")) index++;
    return index;
  }
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}\p{M}]/u.test(character);
}
