import type { Key } from "../term/keys.ts";
import { HistorySearch } from "./history_search.ts";
import { InputHistory } from "./input_history.ts";
import { KillRing } from "./kill_ring.ts";
import {
  blankStart,
  EMPTY_LINE,
  type Line,
  placeInNextRow,
  replaced,
  rowEnd,
  rowStart,
  spacesAround,
  textOfLine,
  withCharactersTransposed,
  withCursor,
  withWordsTransposed,
  wordEnd,
  wordStart,
} from "./line.ts";
import { RepeatCount } from "./repeat_count.ts";

/** What a key did to the editor, beyond changing its line. */
export type EditorAction =
  | { readonly type: "edited" }
  | { readonly type: "submitted"; readonly text: string }
  | { readonly type: "clear-screen" }
  | { readonly type: "complete" }
  | { readonly type: "end-of-input" };

const EDITED: EditorAction = { type: "edited" };

/** So many changes can be undone. */
const MOST_CHANGES = 500;

/** What a key does that is to count a negative number of times. */
const OPPOSITES: { readonly [name in Key["name"]]?: Key["name"] } = Object.fromEntries(
  [
    ["left", "right"],
    ["word-left", "word-right"],
    ["up", "down"],
    ["backspace", "delete"],
    ["delete-word-left", "delete-word-right"],
    ["kill-to-start", "kill-to-end"],
  ].flatMap(([one, other]) => [[one, other], [other, one]]),
);

/**
 * A line editor with readline's emacs keys. It knows nothing of a terminal: keys go in, a line and
 * what to do about it come out.
 */
export class Editor {
  #line = EMPTY_LINE;
  readonly #killed = new KillRing();
  readonly #history = new InputHistory();
  /** Earlier states of the line, the last one last. */
  #changes: Line[] = [];
  #search: HistorySearch | undefined;
  #lastQuery = "";
  readonly #count = new RepeatCount();
  /** What the last key did. */
  #last: Key["name"] = "unknown";
  /** The line before something was put in that the next key may put something else in place of. */
  #beforeInsert = EMPTY_LINE;
  /** How far back in the history the last word was taken from. */
  #wordsBack = 0;

  get line(): Line {
    return this.#line;
  }

  get isEmpty(): boolean {
    return this.#line.characters.length === 0;
  }

  /** Puts another line in the place of this one. */
  replace(line: Line): void {
    this.#line = line;
    this.#changes = [];
    this.#search = undefined;
    this.#count.use();
  }

  /** What is being searched for in the history, while something is. */
  get search(): Pick<HistorySearch, "query" | "hasFailed" | "isForth"> | undefined {
    return this.#search;
  }

  /** How often the next key is to count, while that is being typed. */
  get count(): string {
    return this.#count.typed;
  }

  /** Text from the beginning of the line to the cursor. */
  get textBeforeCursor(): string {
    return this.#line.characters.slice(0, this.#line.cursor).join("");
  }

  /** Adds earlier inputs, the oldest first, that the arrow keys go back to. */
  remember(...texts: string[]): void {
    for (const text of texts) this.#history.add(text);
  }

  /** Puts a text in the place of so many characters before the cursor. */
  insert(text: string, insteadOf = 0): void {
    this.#replace(this.#line.cursor - insteadOf, this.#line.cursor, text);
  }

  /** Ends a search at what it has found, as Escape does before it is known whether it is alone. */
  endSearch(): void {
    if (this.#search !== undefined) this.#lastQuery = this.#search.query || this.#lastQuery;
    this.#search = undefined;
  }

  /** Ends a search where it began. */
  cancelSearch(): void {
    if (this.#search === undefined) return;
    this.#goTo(this.#search.begin);
    this.endSearch();
  }

  /** Applies one key. */
  press(key: Key): EditorAction {
    if (this.#search !== undefined) {
      if (this.#pressInSearch(this.#search, key)) return EDITED;
    }
    const left = this.#count.take(key);
    if (left === undefined) return EDITED;
    const before = this.#line;
    const place = this.#history.place;
    const action = this.#apply(left);
    if (action.type === "submitted" || this.#history.place !== place) this.#changes = [];
    else if (this.#line.characters !== before.characters && left.name !== "undo") {
      const goesOn = left.name === "text" && this.#last === "text" && !/\s/.test(left.text);
      if (!goesOn) this.#changes.push(before);
      if (this.#changes.length > MOST_CHANGES) this.#changes.shift();
    }
    this.#last = left.name;
    this.#count.use();
    return action;
  }

  #apply(key: Key): EditorAction {
    const { cursor, characters } = this.#line;
    switch (key.name) {
      case "enter":
        return this.#submit();
      case "submit-and-next": {
        const next = this.#history.place + 1;
        const action = this.#submit();
        if (action.type === "submitted" && next < this.#history.end) this.#goTo(next);
        return action;
      }
      case "tab":
        return { type: "complete" };
      case "clear-screen":
        return { type: "clear-screen" };
      case "end-of-input":
        if (this.isEmpty) return { type: "end-of-input" };
        this.#repeat("delete");
        return EDITED;
      case "text":
        this.insert(key.text.repeat(Math.max(this.#count.use(), 0)));
        return EDITED;
      case "paste":
        this.insert(key.text);
        return EDITED;
      case "search":
      case "search-forth":
        this.#history.keep(this.#line);
        this.#search = new HistorySearch(
          this.#history,
          key.name === "search" ? -1 : 1,
          this.#lastQuery,
        );
        return EDITED;
      case "kill-to-end":
        if (this.#count.typed === "") {
          // At its end, what is killed is the line end.
          const end = rowEnd(this.#line, cursor);
          this.#kill(cursor, end > cursor ? end : Math.min(end + 1, characters.length));
          return EDITED;
        }
    }
    this.#repeat(key.name);
    return EDITED;
  }

  /** Does what a key does as often as it is to count. */
  #repeat(name: Key["name"]): void {
    const times = this.#count.use();
    const opposite = times < 0 ? OPPOSITES[name] : undefined;
    for (let time = 0; time < Math.abs(times); time++) {
      const before = this.#line;
      const place = this.#history.place;
      this.#edit(opposite ?? name);
      if (this.#line === before && this.#history.place === place) break;
      this.#last = opposite ?? name;
    }
  }

  #edit(name: Key["name"]): void {
    const line = this.#line;
    const { cursor } = line;
    switch (name) {
      case "newline":
        return this.insert("\n");
      case "left":
        return this.#moveTo(cursor - 1);
      case "right":
        return this.#moveTo(cursor + 1);
      case "home":
        return this.#moveTo(rowStart(line, cursor));
      case "end":
        return this.#moveTo(rowEnd(line, cursor));
      case "word-left":
        return this.#moveTo(wordStart(line, cursor));
      case "word-right":
        return this.#moveTo(wordEnd(line, cursor));
      case "up":
      case "down":
        return this.#recall(name === "up" ? -1 : 1);
      case "history-start":
        return this.#recallAt(0);
      case "history-end":
        return this.#recallAt(this.#history.end);
      case "page-up":
        return this.#recallWithStart(-1);
      case "page-down":
        return this.#recallWithStart(1);
      case "backspace":
        return this.#replace(cursor - 1, cursor, "");
      case "delete":
        return this.#replace(cursor, cursor + 1, "");
      case "delete-blanks":
        return this.#replace(...spacesAround(line, cursor), "");
      case "delete-word-left":
        return this.#kill(wordStart(line, cursor), cursor);
      case "delete-word-right":
        return this.#kill(cursor, wordEnd(line, cursor));
      case "kill-word-left":
        return this.#kill(blankStart(line, cursor), cursor);
      case "kill-to-start": {
        const start = rowStart(line, cursor);
        return this.#kill(start < cursor ? start : cursor - 1, cursor);
      }
      case "kill-to-end":
        return this.#kill(cursor, rowEnd(line, cursor));
      case "yank":
        this.#beforeInsert = line;
        return this.insert(this.#killed.text);
      case "yank-pop":
        if (this.#last !== "yank" && this.#last !== "yank-pop") return;
        this.#killed.turn();
        this.#line = this.#beforeInsert;
        return this.insert(this.#killed.text);
      case "last-word":
        return this.#insertLastWord();
      case "transpose":
        this.#line = withCharactersTransposed(line);
        return;
      case "transpose-words":
        this.#line = withWordsTransposed(line);
        return;
      case "uppercase":
        return this.#changeWord((word) => word.toUpperCase());
      case "lowercase":
        return this.#changeWord((word) => word.toLowerCase());
      case "capitalize":
        return this.#changeWord((word) =>
          word.toLowerCase().replace(/[\p{L}\p{N}]/u, (first) => first.toUpperCase())
        );
      case "undo":
        this.#line = this.#changes.pop() ?? line;
        return;
      case "revert":
        this.#line = this.#history.original;
    }
  }

  #submit(): EditorAction {
    const { characters, cursor } = this.#line;
    if (cursor === characters.length && characters.at(-1) === "\\") {
      this.#replace(cursor - 1, cursor, "\n");
      return EDITED;
    }
    const text = textOfLine(this.#line);
    this.#line = EMPTY_LINE;
    this.#history.add(text);
    return { type: "submitted", text };
  }

  /** Searches as keys are typed; any key that does not belong to the search ends it. */
  #pressInSearch(search: HistorySearch, key: Key): boolean {
    if (key.name === "escape") {
      this.cancelSearch();
      return true;
    }
    const place = this.#history.place;
    if (search.press(key)) {
      if (this.#history.place !== place) this.#line = this.#history.line;
      return true;
    }
    this.endSearch();
    return key.name === "newline";
  }

  #replace(from: number, to: number, text: string): void {
    if (from < 0 || to > this.#line.characters.length || (from === to && text === "")) return;
    this.#line = replaced(this.#line, from, to, text);
  }

  #kill(from: number, to: number): void {
    const start = Math.max(from, 0);
    const isBackwards = to === this.#line.cursor;
    const joins = !KILLS.has(this.#last) ? undefined : isBackwards ? "before" : "after";
    this.#killed.add(this.#line.characters.slice(start, to).join(""), joins);
    this.#replace(start, to, "");
  }

  #changeWord(change: (word: string) => string): void {
    const { characters, cursor } = this.#line;
    const end = wordEnd(this.#line, cursor);
    this.#replace(cursor, end, change(characters.slice(cursor, end).join("")));
  }

  /** Puts in the last word of the last input; again, that of the one before in its place. */
  #insertLastWord(): void {
    const isAgain = this.#last === "last-word";
    if (!isAgain) this.#beforeInsert = this.#line;
    this.#wordsBack = isAgain ? this.#wordsBack + 1 : 1;
    const text = this.#history.at(this.#history.end - this.#wordsBack);
    if (text === undefined) return;
    this.#line = this.#beforeInsert;
    this.insert(/\S+(?=\s*$)/.exec(text)?.[0] ?? "");
  }

  #recall(step: -1 | 1): void {
    const place = placeInNextRow(this.#line, step);
    if (place !== undefined) this.#moveTo(place);
    else this.#recallAt(this.#history.place + step);
  }

  #recallAt(place: number): void {
    if (place < 0 || place > this.#history.end) return;
    this.#history.keep(this.#line);
    this.#goTo(place);
  }

  /** Goes to the nearest input that begins as the line does up to the cursor. */
  #recallWithStart(step: -1 | 1): void {
    const start = this.textBeforeCursor;
    const from = this.#history.place + step;
    const found = this.#history.find((text) => text.startsWith(start), from, step);
    const place = found ?? (step === 1 ? this.#history.end : undefined);
    if (place === undefined) return;
    const { cursor } = this.#line;
    this.#recallAt(place);
    if (start !== "") this.#moveTo(cursor);
  }

  #goTo(place: number): void {
    this.#history.goTo(place);
    this.#line = this.#history.line;
  }

  #moveTo(cursor: number): void {
    const moved = withCursor(this.#line, cursor);
    if (moved.cursor !== this.#line.cursor) this.#line = moved;
  }
}

/** What goes into the kill ring as one when it follows on another of them. */
const KILLS: ReadonlySet<Key["name"]> = new Set<Key["name"]>([
  "kill-to-end",
  "kill-to-start",
  "kill-word-left",
  "delete-word-left",
  "delete-word-right",
]);
