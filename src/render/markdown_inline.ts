import { type Delimiter, Emphasis } from "./markdown_emphasis.ts";
import {
  type CodeSpan,
  endOfRun,
  findCode,
  findSpaces,
  isCombined,
  matchBrackets,
} from "./markdown_scan.ts";
import type { Mark, Run } from "./markdown_wrap.ts";

type Part = { readonly text: string; readonly mark?: Mark } | Delimiter;

const MARKUP = /[`*_[\]\\<!]/g;

/** What a backslash keeps from being markup. */
const ESCAPABLE = /^[`*_[\]<>#~|]/;

/**
 * Reads the markup within a line: bold, italic, code, links, escapes. Emphasis is read more strictly
 * than CommonMark does: what could as well be a path, a pattern, a product or a name with underscores
 * stays as it was written, because a marker that vanishes changes what they say.
 */
export function parseInline(text: string, marks: readonly Mark[]): Run[] {
  MARKUP.lastIndex = 0;
  if (!MARKUP.test(text)) return [{ text, marks }];
  return new InlineParser(text).parse(marks);
}

class InlineParser {
  readonly #text: string;
  readonly #parts: Part[] = [];
  readonly #code: ReadonlyMap<number, CodeSpan>;
  /** Where each bracket closes that does. */
  readonly #closing: ReadonlyMap<number, number>;
  /** What to write instead of a closing bracket and the address behind it. */
  readonly #addresses = new Map<number, { readonly address: string; readonly end: number }>();
  readonly #emphasis = new Emphasis();
  /** Whether a backslash stood in this word that escapes nothing: then none in it does. */
  #inPath = false;
  /** For each place, where the next space stands. */
  readonly #spaces: Int32Array;
  #nextGreater = -1;

  constructor(text: string) {
    this.#text = text;
    this.#code = findCode(text);
    const mayLink = text.includes("](");
    this.#closing = mayLink ? matchBrackets(text, this.#code) : new Map();
    this.#spaces = mayLink || text.includes("<http") ? findSpaces(text) : new Int32Array();
  }

  parse(base: readonly Mark[]): Run[] {
    const text = this.#text;
    let index = 0;
    while (index < text.length) {
      MARKUP.lastIndex = index;
      const next = MARKUP.exec(text)?.index ?? text.length;
      this.#write(text.slice(index, next));
      index = next < text.length ? this.#markup(next) : next;
    }
    return this.#runs(base);
  }

  /** Reads the markup that begins there, and returns where it ends. */
  #markup(index: number): number {
    const text = this.#text;
    switch (text[index]) {
      case "`": {
        const span = this.#code.get(index);
        if (span === undefined) return this.#literal(index, endOfRun(text, index));
        this.#parts.push({ text: span.content, mark: "code" });
        return span.end;
      }
      case "\\":
        return this.#backslash(index);
      case "<":
        return this.#autolink(index);
      case "!":
        return this.#addressBehind(index + 1) === undefined
          ? this.#literal(index, index + 1)
          : this.#literal(index, index + 1, "image: ");
      case "[":
        return this.#link(index);
      case "]": {
        const link = this.#addresses.get(index);
        if (link === undefined) return this.#literal(index, index + 1);
        this.#parts.push({ text: " (" }, { text: link.address, mark: "link" }, { text: ")" });
        return link.end;
      }
      default:
        return this.#delimiter(index, text[index] === "*" ? "*" : "_");
    }
  }

  #write(text: string): void {
    if (text === "") return;
    if (/\s/.test(text)) this.#inPath = false;
    this.#parts.push({ text });
  }

  #literal(index: number, end: number, text = this.#text.slice(index, end)): number {
    this.#write(text);
    return end;
  }

  #backslash(index: number): number {
    const next = this.#text[index + 1] ?? "";
    if (!ESCAPABLE.test(next)) {
      this.#inPath = true;
      return this.#literal(index, index + 1);
    }
    if (this.#inPath || this.#text[index - 1] === ":") {
      this.#inPath = true;
      return this.#literal(index, index + 2);
    }
    return this.#literal(index, index + 2, next);
  }

  #autolink(index: number): number {
    const text = this.#text;
    if (!/^<https?:/.test(text.slice(index, index + 7))) return this.#literal(index, index + 1);
    if (this.#nextGreater < index) {
      const found = text.indexOf(">", index);
      this.#nextGreater = found < 0 ? text.length : found;
    }
    const end = this.#nextGreater;
    if (end === text.length || end > this.#spaceAfter(index) || isCombined(text, end + 1)) {
      return this.#literal(index, index + 1);
    }
    this.#parts.push({ text: text.slice(index + 1, end), mark: "link" });
    return end + 1;
  }

  #link(index: number): number {
    const close = this.#closing.get(index) ?? 0;
    const address = isCombined(this.#text, index + 1) ? undefined : this.#addressBehind(index);
    if (address === undefined) return this.#literal(index, index + 1);
    const label = this.#text.slice(index + 1, close);
    if (label === address.address || label.trim() === "") {
      this.#parts.push({ text: address.address, mark: "link" });
      return address.end;
    }
    this.#addresses.set(close, address);
    return index + 1;
  }

  /** The address behind the brackets that open there, if they are those of a link. */
  #addressBehind(index: number): { readonly address: string; readonly end: number } | undefined {
    const text = this.#text;
    const close = this.#closing.get(index);
    // What follows a name is an index and a call.
    if (close === undefined || /[\w)\]]/.test(text[index - 1] ?? "")) return undefined;
    const end = this.#closing.get(close + 1);
    if (end === undefined) return undefined;
    const space = this.#spaceAfter(close + 1);
    if (space < end) {
      // Behind the address there may be a title, and nothing else.
      const quote = text[end - 1] ?? "";
      const title = /^ {1,4}(["'])/.exec(text.slice(space, Math.min(space + 5, end - 1)))?.[1];
      if (title === undefined || title !== quote) return undefined;
    }
    const address = text.slice(close + 2, end);
    return address === "" || isCombined(address, 0) ? undefined : { address, end: end + 1 };
  }

  #spaceAfter(index: number): number {
    return this.#spaces[index] ?? this.#text.length;
  }

  #delimiter(index: number, character: "*" | "_"): number {
    const end = endOfRun(this.#text, index);
    const length = end - index;
    if (length > (character === "*" ? 3 : 1) || isCombined(this.#text, end)) {
      return this.#literal(index, end);
    }
    const delimiter: Delimiter = { character, left: length, bold: 0, italic: 0 };
    this.#parts.push(delimiter);
    this.#emphasis.add(delimiter, this.#text[index - 1] ?? " ", this.#text[end] ?? " ");
    return end;
  }

  #runs(base: readonly Mark[]): Run[] {
    const runs: Run[] = [];
    const known = new Map<string, readonly Mark[]>();
    let [bold, italic] = [0, 0];
    const write = (text: string, mark: Mark | undefined) => {
      if (text === "") return;
      const marks: Mark[] = [...base];
      if (bold > 0) marks.push("bold");
      if (italic > 0) marks.push("italic");
      if (mark !== undefined) marks.push(mark);
      const key = marks.join();
      const same = known.get(key) ?? marks;
      known.set(key, same);
      const last = runs.at(-1);
      if (last?.marks === same) runs[runs.length - 1] = { text: last.text + text, marks: same };
      else runs.push({ text, marks: same });
    };
    for (const part of this.#parts) {
      if ("text" in part) {
        write(part.text, part.mark);
        continue;
      }
      const { character, left } = part;
      const ends = part.bold < 0 || part.italic < 0;
      if (!ends) write(character.repeat(left), undefined);
      bold += part.bold;
      italic += part.italic;
      if (ends) write(character.repeat(left), undefined);
    }
    return runs;
  }
}
