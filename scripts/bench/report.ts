/** What became of a goal; `none` where there is no goal, `unmeasured` where something is missing. */
export type Verdict = "met" | "missed" | "none" | "unmeasured";

/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What it is compared with, and how it compares. */
  readonly comparison?: string;
  readonly goal?: string;
  readonly verdict: Verdict;
}

const HEADINGS = ["what", "figure", "against", "goal", ""];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  met: "met",
  missed: "MISSED",
  none: "",
  unmeasured: "not measured",
};

/** The rows as a Markdown table, whose columns are aligned so that it reads well as plain text. */
export function toTable(rows: readonly Row[]): string {
  const lines = [
    HEADINGS,
    ...rows.map(({ what, figure, comparison = "", goal = "", verdict }) =>
      [what, figure, comparison, goal, VERDICTS[verdict]].map((cell) => cell.replaceAll("|", "\\|"))
    ),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0))
  );
  const [head = "", ...body] = lines.map((cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[head, rule, ...body].join("\n")}\n`;
}

const BEGIN = "<!-- Figures: written by scripts/dev bench -->";
const END = "<!-- End of figures -->";

/**
 * The text of a document with its figures replaced.
 *
 * @throws {Error} where the document has no place for them
 */
export function withFigures(document: string, figures: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`Cannot find the place of the figures: "${BEGIN}"`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${figures}\n${document.slice(end)}`;
}

/** A figure against a bound that it may not exceed. */
export function atMost(value: number, bound: number): Verdict {
  return value <= bound ? "met" : "missed";
}

/** A figure against a bound that it has to reach. */
export function atLeast(value: number, bound: number): Verdict {
  return value >= bound ? "met" : "missed";
}

export function times(ratio: number): string {
  return `${ratio.toPrecision(ratio < 1 ? 2 : 3)} ×`;
}

export function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")}/s`;
}
