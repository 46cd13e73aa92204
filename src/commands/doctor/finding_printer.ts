import type { Deps } from "../../app/deps.ts";
import { type SafeText, safeText, sanitize } from "../../render/safe_text.ts";
import { makeStyles, type Style } from "../../render/styles.ts";
import { usesColor } from "../../term/uses_color.ts";
import type { Finding, Status } from "./finding.ts";

/** Width of the longest status. */
const STATUS_WIDTH = 7;

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
    const gap = sanitize(" ".repeat(STATUS_WIDTH - status.length + 2));
    this.#write(safeText`${name}${gap}${oneLine(check)}: ${oneLine(detail)}\n`);
    if (remedy === undefined) return;
    const indent = sanitize(" ".repeat(STATUS_WIDTH + 2));
    this.#write(safeText`${indent}${this.#dim(oneLine(remedy))}\n`);
  }

  /** Says how many there were of each status. */
  printTotals(findings: readonly Finding[]): void {
    const counts = Object.entries(TOTALS).flatMap(([status, words]) => {
      const count = findings.filter((finding) => finding.status === status).length;
      return count === 0 ? [] : `${count} ${count === 1 ? words.one : words.more}`;
    });
    this.#write(sanitize(`\n${counts.join(", ")}\n`));
  }

  #write(text: SafeText): void {
    if (!this.#deps.flags.quiet) this.#deps.terminal.stdout.write(text);
  }
}

function oneLine(text: string): SafeText {
  return sanitize(text.replaceAll(/\s*\n\s*/g, " "));
}
