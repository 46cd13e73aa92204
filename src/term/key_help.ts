import { BINDINGS, type BoundName } from "./bindings.ts";

/** Columns that keys may take in help. */
const MOST_COLUMNS = 17;

/** What keys do, in words: those that one needs first, and others in the order of their use. */
const GROUPS: Readonly<Record<string, { readonly [name in BoundName]?: string }>> = {
  "The message": {
    "enter": "Send the message",
    "newline": "Begin a new line, as a \\ at the end of one does",
    "tab": "Complete a command or its argument",
    "up": "Take back what is queued, or go to an earlier message",
    "search": "Search earlier messages",
    "cancel": "Clear the line, else stop the agent, else leave",
    "end-of-input": "Leave; the session goes on",
  },
  "The cursor": {
    "left": "Back",
    "right": "On",
    "word-left": "Back a word",
    "word-right": "On a word",
    "home": "To the beginning of the line",
    "end": "To the end of the line",
    "down": "To the line below, or a later message",
  },
  "Deleting": {
    "backspace": "Delete a character",
    "delete": "Delete the one under the cursor, as Ctrl-D does in a text",
    "delete-blanks": "Delete the blanks around the cursor",
    "kill-word-left": "Cut back to a blank",
    "delete-word-left": "Cut back to the beginning of a word",
    "delete-word-right": "Cut up to the end of a word",
    "kill-to-start": "Cut back to the beginning of the line",
    "kill-to-end": "Cut up to the end of the line",
    "yank": "Put in what was cut",
    "yank-pop": "Right after that: what was cut before, in its place",
    "undo": "Undo the last change",
    "revert": "Undo every change",
  },
  "Changing": {
    "transpose": "Exchange two characters",
    "transpose-words": "Exchange two words",
    "uppercase": "Make a word upper case",
    "lowercase": "Make a word lower case",
    "capitalize": "Begin a word with a capital",
    "last-word": "Put in the last word of the last message; again: of the one before",
    "quote": "Put in the next key as it is",
  },
  "Earlier messages": {
    "page-up": "The one before that begins as the text before the cursor",
    "page-down": "The one after that begins so",
    "history-start": "The first",
    "history-end": "Back to what you were writing",
    "search-forth": "Search later ones",
    "escape": "Leave a search where it began",
    "submit-and-next": "Send an earlier one, and go to the next",
  },
  "The screen": {
    "clear-screen": "Clear it",
  },
};

/** Keys that belong together, as help tells of them. */
export interface KeyGroup {
  readonly heading: string;
  readonly keys: readonly (readonly [keys: string, what: string])[];
}

/** All keys in words; those of the first group are the ones that one needs. */
export function keyGroups(): KeyGroup[] {
  return Object.entries(GROUPS).map(([heading, doings]) => ({
    heading,
    keys: Object.entries<string>(doings).map(([name, what]) => [keysOf(name), what] as const),
  }));
}

/** The keys that do something, as many as there is room for. */
function keysOf(name: string): string {
  const chords = Object.entries(BINDINGS).filter(([, bound]) => bound === name)
    .map(([chord]) => inWords(chord));
  return chords.reduce((keys, chord) => {
    const longer = `${keys}, ${chord}`;
    return longer.length > MOST_COLUMNS ? keys : longer;
  });
}

function inWords(chord: string): string {
  return chord.replaceAll("C-", "Ctrl-").replaceAll("M-", "Alt-").replaceAll("S-", "Shift-")
    .replace(/(?<=-)[a-z]\b/g, (letter) => letter.toUpperCase());
}
