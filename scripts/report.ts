/** How a check ended. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly output: string }
  | { readonly kind: "skipped"; readonly reason: string };

export const PASSED: Outcome = { kind: "passed" };

/** What became of one group of tests. */
export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were skipped, with the reasons. */
  readonly skipped: readonly string[];
  /** What is to be seen of the failures. */
  readonly output: string;
}

/** Where a report is written, line by line. */
export interface Paper {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Prints how checks and tests end, and adds them up. */
export class Report {
  readonly #paper: Paper;
  readonly #skipped: string[] = [];
  #passed = 0;
  #failed = 0;
  #tests = 0;

  constructor(paper: Paper) {
    this.#paper = paper;
  }

  /** Says, on a terminal, what is going on until the next line. */
  begin(name: string): void {
    if (this.#paper.isTerminal) this.#paper.write(`  …     ${name}`);
  }

  /** Prints how a check ended after so many milliseconds. */
  check(name: string, outcome: Outcome, milliseconds: number): void {
    switch (outcome.kind) {
      case "passed":
        this.#passed++;
        this.#line("ok", name, seconds(milliseconds));
        break;
      case "failed":
        this.#failed++;
        this.#line("FAILED", name, seconds(milliseconds));
        this.#block(outcome.output);
        break;
      case "skipped":
        this.#skipped.push(`${name} (skipped: ${firstLine(outcome.reason)})`);
        this.#line("SKIPPED", name);
        this.#block(outcome.reason);
        break;
    }
  }

  /** Prints how a group of tests ended after so many milliseconds. */
  suite(name: string, outcome: TestOutcome, milliseconds: number): void {
    const { passed, failed, skipped, output } = outcome;
    this.#passed += passed;
    this.#failed += failed;
    this.#tests += passed + failed;
    this.#skipped.push(...skipped);
    const counts = summary(passed, failed, skipped.length);
    this.#line(failed === 0 ? "ok" : "FAILED", name, `${counts}, ${seconds(milliseconds)}`);
    if (failed > 0) this.#block(output);
    for (const test of skipped) this.#line("SKIPPED", test);
  }

  /**
   * Prints the last line. A run without any test has failed.
   *
   * @returns the exit code
   */
  end(): number {
    if (this.#tests === 0) {
      this.check("tests", { kind: "failed", output: "No test was run" }, 0);
    }
    this.#paper.write(`${summary(this.#passed, this.#failed, this.#skipped.length)}\n`);
    return this.#failed === 0 ? 0 : 1;
  }

  #line(status: string, name: string, detail?: string): void {
    const clear = this.#paper.isTerminal ? "\r\x1b[K" : "";
    const text = `${status.padEnd(7)} ${name}`;
    this.#paper.write(`${clear}${detail === undefined ? text : `${text} (${detail})`}\n`);
  }

  #block(text: string): void {
    this.#paper.write(`\n${text.replaceAll(/^(?=.)/gm, "    ").trimEnd()}\n\n`);
  }
}

function summary(passed: number, failed: number, skipped: number): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
