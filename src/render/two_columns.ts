import { wrapToWidth } from "./width.ts";

/** With fewer columns beside the first column, the second stands below it. */
const LEAST_WIDTH = 10;

/** Columns before the first column, and between the two. */
const INDENT = "  ";

/** Rows of two columns, such as a name and what it means, whose second column is wrapped. */
export function twoColumns(
  rows: readonly (readonly [left: string, right: string])[],
  columns: number,
): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  const start = INDENT.length + width + INDENT.length;
  const isBeside = columns - start >= LEAST_WIDTH;
  return rows.flatMap(([left, right]) => {
    const first = `${INDENT}${left.padEnd(width)}${INDENT}`;
    const before = " ".repeat(isBeside ? start : 2 * INDENT.length);
    const parts = wrapToWidth(right, Math.max(columns - before.length, 1));
    return isBeside
      ? parts.map((part, index) => `${index === 0 ? first : before}${part}`)
      : [first.trimEnd(), ...parts.map((part) => `${before}${part}`)];
  });
}
