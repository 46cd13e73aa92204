import { padEndToWidth, widthOf, wrapToWidth } from "../render/width.ts";

/** What a topic's lines are made for. */
const WIDE = 80;

/** Below this, lines are left to the terminal. */
const NARROWEST = 32;

/** A second column that begins further to the right goes below the first one. */
const NEAR = 16;

/** What is typed, in lines of its own. They are left whole, so that they can be copied. */
const COMMAND = /^(?:limacharlie|sha256sum|install)\s/;

/** Lines that belong together: prose, or the columns of a table's row. */
interface Block {
  readonly indent: number;
  /** Where the lines after the first one begin. */
  readonly hang: number;
  /** One for prose; the last one may go on in lines that are indented deeper. */
  readonly cells: string[];
  /** Where the second column begins. */
  readonly second: number;
}

/**
 * Fits the text of a topic, whose lines are made for 80 columns, to a narrower terminal: prose is
 * wrapped anew, what stands in columns goes below one another where it has to.
 */
export function fitColumns(text: string, columns: number): string {
  if (columns >= WIDE || columns < NARROWEST) return text;
  const fitted: string[] = [];
  let block: Block | undefined;
  const end = () => {
    if (block !== undefined) fitted.push(...linesOf(block, columns));
    block = undefined;
  };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const body = line.trimStart();
    const indent = line.length - body.length;
    if (block !== undefined && body !== "" && goesOn(block, indent, body)) {
      block.cells.push(`${block.cells.pop()} ${body}`);
    } else {
      end();
      if (body === "") fitted.push("");
      else block = read(body, indent);
    }
  }
  end();
  return `${fitted.join("\n")}\n`;
}

function read(body: string, indent: number): Block {
  const cells = body.split(/ {2,}/);
  const item = /^\d+\. /.exec(body)?.[0].length ?? 0;
  const second = indent + (/^.*? {2,}/.exec(body)?.[0].length ?? 0);
  return { indent, hang: indent + item, cells, second };
}

function goesOn({ hang, cells, second }: Block, indent: number, body: string): boolean {
  if (/ {2}/.test(body) || isCommand(indent, body)) return false;
  if (cells.length > 1) return indent === second;
  return indent > NEAR || indent === hang && !isCommand(hang, cells[0] ?? "");
}

function isCommand(indent: number, text: string): boolean {
  return indent > 0 && COMMAND.test(text);
}

function linesOf({ indent, hang, cells, second }: Block, columns: number): string[] {
  const [first = "", ...others] = cells;
  // What has no first column is the head of a table.
  const start = " ".repeat(indent > NEAR ? 2 : indent);
  if (others.length === 0) {
    return isCommand(indent, first) ? [start + first] : hanging(start, first, hang, columns);
  }
  if (others.length === 1 && second <= NEAR) {
    return hanging(padEndToWidth(start + first, second), others[0] ?? "", second, columns);
  }
  const below = indent > NEAR ? start : `${start}  `;
  return [
    start + first,
    ...others.flatMap((cell) => hanging(below, cell, below.length, columns)),
  ];
}

/** Text behind what stands before it in its first line. */
function hanging(before: string, text: string, hang: number, columns: number): string[] {
  const width = columns - Math.max(widthOf(before), hang);
  return wrapToWidth(text, width).map((line, index) =>
    index === 0 ? before + line : " ".repeat(hang) + line
  );
}
