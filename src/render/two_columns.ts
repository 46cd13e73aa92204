import { wrapToWidth } from "./width.ts";

/** The second column is never narrower than this. */
const LEAST_WIDTH = 10;

/** Rows of two columns, such as a name and what it means, whose second column is wrapped. */
export function twoColumns(
  rows: readonly (readonly [left: string, right: string])[],
  columns: number,
): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrapToWidth(right, Math.max(columns - width - 5, LEAST_WIDTH)).map((part, index) =>
      `  ${(index === 0 ? left : "").padEnd(width)}  ${part}`
    )
  );
}
