import { widthOf } from "./width.ts";

const TAB_STOP = 4;

/** The marker of a list item at the start of a line, and the spaces behind it. */
export function markerOf(
  rest: string,
): { readonly bullet: string; readonly spaces: number } | undefined {
  const bullet = /^(?:[-*+]|\d{1,4}[.)])(?= |$)/.exec(rest)?.[0];
  if (bullet === undefined) return undefined;
  return { bullet, spaces: / */.exec(rest.slice(bullet.length))?.[0].length ?? 0 };
}

/** Whether a line can be no row of a table although it has bars. */
export function startsBlock(rest: string): boolean {
  return /^(?:>|#{1,6} |`{3}|~{3})/.test(rest) || markerOf(rest) !== undefined;
}

/** Three or more of the same `*`, `-` or `_`, and spaces. */
export function isRule(rest: string): boolean {
  const [first = ""] = rest;
  if (!"*-_".includes(first)) return false;
  const signs = rest.replaceAll(" ", "");
  return signs.length >= 3 && signs === first.repeat(signs.length);
}

/** A heading may end in number signs as well. */
export function withoutClosing(heading: string): string {
  let end = heading.length;
  while (heading[end - 1] === "#") end--;
  return end === 0 || heading[end - 1] === " " ? heading.slice(0, end).trimEnd() : heading;
}

/** Text with spaces up to the next tab stop in place of each tab. */
export function withoutTabs(text: string): string {
  const [first = "", ...rest] = text.split("\t");
  let spaced = first;
  let column = widthOf(first);
  for (const part of rest) {
    const spaces = TAB_STOP - column % TAB_STOP;
    spaced += " ".repeat(spaces) + part;
    column += spaces + widthOf(part);
  }
  return spaced;
}
