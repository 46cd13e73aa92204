import { assertEquals } from "@std/assert";
import { Editor, type EditorAction, textOfLine } from "../../../src/chat/editor.ts";
import { KeyDecoder } from "../../../src/term/keys.ts";

/** Types into an editor; the cursor shows as `|` in what comes back. */
function type(editor: Editor, input: string): EditorAction[] {
  return new KeyDecoder().decode(new TextEncoder().encode(input)).map((key) => editor.press(key));
}

function shown(editor: Editor): string {
  const { characters, cursor } = editor.line;
  return characters.toSpliced(cursor, 0, "|").join("");
}

const HOME = "\x01";
const END = "\x05";
const KILL_TO_END = "\x0b";
const YANK = "\x19";
const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";

const EDITS: readonly [name: string, input: string, result: string][] = [
  ["inserts at the cursor", `ac${LEFT}b`, "ab|c"],
  ["removes a whole user-perceived character", "e\u0301👩‍👩‍👧\x7f", "e\u0301|"],
  ["joins a combining mark to the character before it", `e\u0301${LEFT}x`, "x|e\u0301"],
  ["moves over words", `one two-three\x1bb${LEFT}\x1bb`, "one |two-three"],
  ["kills to the end and yanks", `one two${HOME}\x1bf${KILL_TO_END}${HOME}${YANK}`, " two|one"],
  ["kills to the start", `one two${LEFT}\x15`, "|o"],
  ["kills the word before, up to white space", "a one/two\x17", "a |"],
  ["kills the next word", `one two${HOME}\x1bd`, "| two"],
  ["transposes", "teh\x14", "the|"],
  ["deletes under the cursor", `abc${HOME}\x04`, "|bc"],
  ["does nothing at the edges", `${LEFT}\x7f${END}\x1b[C`, "|"],
  ["moves between the rows of a longer text", `one\ntwo${UP}X`, "oneX|\ntwo"],
];

for (const [name, input, result] of EDITS) {
  Deno.test(`Editor.press() ${name}`, () => {
    const editor = new Editor();
    type(editor, input);
    assertEquals(shown(editor), result);
  });
}

Deno.test("Editor.press() submits the line and begins a new one", () => {
  const editor = new Editor();
  assertEquals(type(editor, "hello\r").at(-1), { type: "submitted", text: "hello" });
  assertEquals(editor.isEmpty, true);
});

Deno.test("Editor.press() goes on in a new row after a backslash at the end", () => {
  const editor = new Editor();
  type(editor, "one\\\rtwo");
  assertEquals(textOfLine(editor.line), "one\ntwo");
});

Deno.test("Editor.press() goes back in the history, and forth to the draft", () => {
  const editor = new Editor();
  type(editor, "first\rsecond\rdraft");
  type(editor, UP);
  assertEquals(shown(editor), "second|");
  type(editor, UP + UP);
  assertEquals(shown(editor), "first|");
  type(editor, DOWN + DOWN);
  assertEquals(shown(editor), "draft|");
});

Deno.test("Editor.press() keeps a paste exactly as it was copied", () => {
  const pasted = "日本語\ttab\n👩‍👩‍👧 e\u0301\nשלום";
  const editor = new Editor();
  type(editor, `\x1b[200~${pasted}\x1b[201~`);
  assertEquals(textOfLine(editor.line), pasted);
});

Deno.test("Editor.press() reports the end of input on an empty line only", () => {
  const editor = new Editor();
  assertEquals(type(editor, "x\x04").at(-1), { type: "edited" });
  assertEquals(type(editor, "\x7f\x04").at(-1), { type: "end-of-input" });
});

const SEARCH = "\x12";
const GIVE_UP = "\x07";

Deno.test("Editor.press() searches the history backwards as the words are typed", () => {
  const editor = new Editor();
  editor.remember("look at host A", "look at host B", "summarize");
  type(editor, `${SEARCH}host`);
  assertEquals([shown(editor), editor.search], ["look at host B|", "host"]);
  type(editor, SEARCH);
  assertEquals(shown(editor), "look at host A|");
  assertEquals(type(editor, "\r").at(-1), { type: "submitted", text: "look at host A" });
});

Deno.test("Editor.press() comes back to the draft when a search is given up", () => {
  const editor = new Editor();
  editor.remember("earlier");
  type(editor, `draft${SEARCH}earl`);
  assertEquals(shown(editor), "earlier|");
  type(editor, GIVE_UP);
  assertEquals([shown(editor), editor.search], ["draft|", undefined]);
});

Deno.test("Editor.press() goes on editing what a search has found", () => {
  const editor = new Editor();
  editor.remember("earlier");
  type(editor, `${SEARCH}earl${LEFT}X`);
  assertEquals([shown(editor), editor.search], ["earlieX|r", undefined]);
});
