import { assertEquals, assertThrows } from "@std/assert";
import {
  foldersIn,
  foldersLines,
  withLines,
  withoutLines,
} from "../../../src/completion/startup_file.ts";

const LINES = "one\ntwo\n";

const FILES = [
  ["an empty file", ""],
  ["a file of lines", "a\nb\n"],
  ["a file whose last line has no end", "a\nb"],
  ["a file with CR LF", "a\r\nb\r\n"],
] as const;

for (const [name, text] of FILES) {
  Deno.test(`withoutLines() gives ${name} back as it was`, () => {
    const added = withLines(text, LINES);
    assertEquals(added.includes(LINES), true);
    assertEquals(withoutLines(added), { text, folders: [] });
  });

  Deno.test(`withoutLines() keeps what was added to ${name} before and behind`, () => {
    const added = withLines(text, LINES);
    const left = withoutLines(`first\n${added}last\n`).text;
    assertEquals(left?.startsWith(`first\n${text}`), true);
    assertEquals(left?.endsWith("\nlast\n"), true);
  });

  Deno.test(`withLines() puts new lines in place of those in ${name}`, () => {
    const once = withLines(text, LINES);
    assertEquals(withLines(once, LINES), once);
    assertEquals(withoutLines(withLines(once, "three\n")), { text, folders: [] });
    assertEquals(withLines(withLines(once, "three\n"), LINES), once);
  });
}

Deno.test("withoutLines() leaves nothing of a file that was made, and names its folders", () => {
  const made = withLines(undefined, LINES, ["/a", "/a/b"]);
  assertEquals(withoutLines(made), { text: undefined, folders: ["/a", "/a/b"] });
  assertEquals(withoutLines(withLines(made, "three\n")).folders, ["/a", "/a/b"]);
  assertEquals(withoutLines(`${made}more\n`), { text: "more\n", folders: [] });
});

Deno.test("withoutLines() changes no file without our lines, nor one that only mentions them", () => {
  for (const text of ["", "a\n", "echo '# >>> limacharlie completions >>>'\n"]) {
    assertEquals(withoutLines(text), { text, folders: [] });
  }
});

Deno.test("withLines() refuses a file with one mark alone", () => {
  const [begin = "", , , end = ""] = withLines("", LINES).split("\n");
  for (const mark of [begin, end]) {
    assertThrows(
      () => withLines(`a\n${mark}\nb\n`, LINES),
      Error,
      `It has the line "${mark}" alone`,
    );
  }
});

Deno.test("foldersIn() reads what foldersLines() writes", () => {
  assertEquals(foldersIn(`x\n${foldersLines(["/a b", "/c"])}y\n`), ["/a b", "/c"]);
});
