import { assertEquals } from "@std/assert";
import { Editor, type EditorAction } from "../../../src/chat/editor.ts";
import { textOfLine } from "../../../src/chat/line.ts";
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
  ["kills the word before, up to a sign", "a one/two\x1b\x7f", "a one/|"],
  ["kills a line end at the end of its row", `one\ntwo${UP}${KILL_TO_END}`, "one|two"],
  ["kills a line end at the start of its row", `one\ntwo${HOME}\x15`, "one|two"],
  ["yanks what was killed in a row as one", `one two three\x17\x17x${YANK}`, "one xtwo three|"],
  [
    "yanks what was killed forth in a row",
    `one two three${HOME}\x1bd\x1bd${END}${YANK}`,
    " threeone two|",
  ],
  [
    "yanks what was killed before that",
    `one two\x17${END}x${HOME}${KILL_TO_END}${YANK}\x1by`,
    "two|",
  ],
  ["does not turn the ring without a yank", `one\x17${YANK}x\x1by`, "onex|"],
  ["transposes words", `one two-three${LEFT}\x1bt`, "one three-two|"],
  [
    "makes words upper and lower case and capital",
    `ONE two three${HOME}\x1bl\x1bu\x1bc`,
    "one TWO Three|",
  ],
  ["capitalizes behind signs", `  (straße)${HOME}\x1bc`, "  (Straße|)"],
  ["undoes a word at a time", "one two\x17xy\x1f\x1f", "one two|"],
  ["undoes a paste as one", "a\x1b[200~b c\nd\x1b[201~\x18\x15", "a|"],
  ["takes the line back to what it was", "one two\x1br", "|"],
  ["removes spaces around the cursor", `one   two\x1bb${LEFT}\x1b\\`, "one|two"],
  ["counts how often a key is pressed", `abcdef${HOME}\x1b3\x06`, "abc|def"],
  ["counts in two digits", "\x1b12x", "xxxxxxxxxxxx|"],
  ["counts backwards", `abcdef\x1b-\x1b2\x06`, "abcd|ef"],
  ["counts kills as one", `one two three${HOME}\x1b2\x1bd${END}${YANK}`, " threeone two|"],
  ["keeps control characters that are quoted", "a\x11\x1bb", "a\x1bb|"],
  ["removes half of a flag that two letters make", "🇩🇪\x7f", "|"],
  ["joins an emoji to the joiner before it", "👩\u200d👧\x7f", "|"],
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
  assertEquals([shown(editor), editor.search?.query], ["look at host B|", "host"]);
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

Deno.test("Editor.press() searches forth again, and tells that nothing is found", () => {
  const editor = new Editor();
  editor.remember("look at host A", "look at host B", "summarize");
  type(editor, `${SEARCH}host${SEARCH}\x13`);
  assertEquals([shown(editor), editor.search?.hasFailed], ["look at host B|", false]);
  type(editor, "\x13");
  assertEquals([shown(editor), editor.search?.hasFailed], ["look at host B|", true]);
});

Deno.test("Editor.press() searches for the same again", () => {
  const editor = new Editor();
  editor.remember("look at host A", "summarize");
  type(editor, `${SEARCH}host\x1b[C`);
  type(editor, `\x15${DOWN}${DOWN}${SEARCH}${SEARCH}`);
  assertEquals(editor.search?.query, "host");
});

Deno.test("Editor.press() keeps what was changed in an earlier input until one is submitted", () => {
  const editor = new Editor();
  type(editor, `first\rsecond\r${UP}!${UP}?${DOWN}`);
  assertEquals(shown(editor), "second!|");
  type(editor, UP);
  assertEquals(shown(editor), "first?|");
  type(editor, `\r${UP}${UP}`);
  assertEquals(shown(editor), "second|");
});

Deno.test("Editor.press() finds inputs that begin as the line does", () => {
  const editor = new Editor();
  editor.remember("look at A", "summarize", "look at B");
  type(editor, "look\x1bp\x1bp");
  assertEquals(shown(editor), "look| at A");
  type(editor, "\x1bn\x1bn");
  assertEquals(shown(editor), "look|");
});

Deno.test("Editor.press() puts in the last word of earlier inputs", () => {
  const editor = new Editor();
  editor.remember("look at WS-22", "isolate WS-23");
  type(editor, "what is \x1b.");
  assertEquals(shown(editor), "what is WS-23|");
  type(editor, "\x1b.");
  assertEquals(shown(editor), "what is WS-22|");
});

Deno.test("Editor.press() goes to the first input and behind the last", () => {
  const editor = new Editor();
  editor.remember("one", "two", "three");
  type(editor, "draft\x1b<");
  assertEquals(shown(editor), "one|");
  type(editor, "\x1b>");
  assertEquals(shown(editor), "draft|");
});

Deno.test("Editor.press() submits an earlier input and shows the one that followed it", () => {
  const editor = new Editor();
  editor.remember("one", "two", "three");
  assertEquals(type(editor, "\x1b<\x0f"), [{ type: "edited" }, { type: "submitted", text: "one" }]);
  assertEquals(type(editor, "\x0f"), [{ type: "submitted", text: "two" }]);
  assertEquals(shown(editor), "three|");
});

Deno.test("Editor.press() goes on editing what a search has found", () => {
  const editor = new Editor();
  editor.remember("earlier");
  type(editor, `${SEARCH}earl${LEFT}X`);
  assertEquals([shown(editor), editor.search], ["earlieX|r", undefined]);
});
