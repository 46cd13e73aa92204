import type { Deps } from "../../app/deps.ts";
import { counted } from "../../render/human.ts";
import {
  joinSafe,
  type SafeText,
  safeText,
  sanitize,
  sanitizeLine,
} from "../../render/safe_text.ts";
import { makeStyles, type Style } from "../../render/styles.ts";
import { wrapToWidth } from "../../render/width.ts";
import { usesColor } from "../../term/uses_color.ts";
import type { Finding, Status } from "./finding.ts";

/** Width of the longest status, and of the space behind it. */
const INDENT = 9;

/** Fewer columns of text are no help. */
const NARROWEST = 10;

const MARGIN = sanitize(" ".repeat(INDENT));
const LINE_END = sanitize("\n");

const TOTALS: Readonly<Record<Status, { readonly one: string; readonly more: string }>> = {
  ok: { one: "ok", more: "ok" },
  warning: { one: "warning", more: "warnings" },
  failure: { one: "failure", more: "failures" },
  skipped: { one: "skipped", more: "skipped" },
};

/** Prints findings for people, each as soon as it is there. */
export class FindingPrinter {
  readonly #deps: Deps;
  readonly #styles: Readonly<Record<Status, Style>>;
  readonly #dim: Style;

  constructor(deps: Deps) {
    this.#deps = deps;
    const styles = makeStyles(usesColor(deps));
    this.#styles = {
      ok: styles.success,
      warning: styles.toolUse,
      failure: styles.error,
      skipped: styles.dim,
    };
    this.#dim = styles.dim;
  }

  print({ check, status, detail, remedy }: Finding): void {
    const name = this.#styles[status](sanitize(status));
    const gap = sanitize(" ".repeat(INDENT - status.length));
    this.#write(joinSafe([name, gap, this.#indented(`${check}: ${detail}`), LINE_END]));
    if (remedy === undefined) return;
    this.#write(joinSafe([MARGIN, this.#dim(this.#indented(remedy)), LINE_END]));
  }

  /** Says how many there were of each status. */
  printTotals(findings: readonly Finding[]): void {
    const counts = Object.entries(TOTALS).flatMap(([status, words]) => {
      const count = findings.filter((finding) => finding.status === status).length;
      return count === 0 ? [] : counted(count, words.one, words.more);
    });
    this.#write(sanitize(`\n${counts.join(", ")}\n`));
  }

  #write(text: SafeText): void {
    if (!this.#deps.flags.quiet) this.#deps.terminal.stdout.write(text);
  }

  /** Text on one line; on a terminal, on as many as its width takes, behind the margin. */
  #indented(text: string): SafeText {
    const line = sanitizeLine(text);
    const { terminal } = this.#deps;
    if (!terminal.stdout.isTerminal) return line;
    const columns = Math.max(terminal.size().columns - INDENT, NARROWEST);
    return joinSafe(wrapToWidth(line, columns), safeText`\n${MARGIN}`);
  }
}
