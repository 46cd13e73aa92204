import { assertEquals } from "@std/assert";
import { PASSED, Report } from "../../../scripts/report.ts";

class FakePaper {
  readonly isTerminal: boolean;
  text = "";

  constructor(isTerminal = false) {
    this.isTerminal = isTerminal;
  }

  write(text: string): void {
    this.text += text;
  }
}

Deno.test("Report.end() adds up checks and tests", () => {
  const paper = new FakePaper();
  const report = new Report(paper);
  report.check("format", PASSED, 120);
  report.suite("tests/unit", { passed: 12, failed: 0, skipped: [], output: "" }, 2_340);
  assertEquals(report.end(), 0);
  assertEquals(
    paper.text,
    "ok      format (0.1 s)\nok      tests/unit (12 passed, 0 failed, 2.3 s)\n13 passed, 0 failed\n",
  );
});

Deno.test("Report.end() fails when a check or a test has, and shows all of it", () => {
  const paper = new FakePaper();
  const report = new Report(paper);
  report.check("lint", { kind: "failed", output: "one\n\ntwo\n" }, 1_000);
  report.suite("tests/cli", { passed: 1, failed: 2, skipped: [], output: "three\n" }, 1_000);
  assertEquals(report.end(), 1);
  assertEquals(
    paper.text,
    "FAILED  lint (1.0 s)\n\n    one\n\n    two\n\n" +
      "FAILED  tests/cli (1 passed, 2 failed, 1.0 s)\n\n    three\n\n" +
      "1 passed, 3 failed\n",
  );
});

Deno.test("Report.end() names what was skipped, and why", () => {
  const paper = new FakePaper();
  const report = new Report(paper);
  report.check("shell", { kind: "skipped", reason: "shellcheck is not installed" }, 0);
  const skipped = ["chat shows tools (skipped: tmux is not installed)"];
  report.suite("tests/e2e", { passed: 1, failed: 0, skipped, output: "" }, 0);
  assertEquals(report.end(), 0);
  assertEquals(
    paper.text,
    "SKIPPED shell\n\n    shellcheck is not installed\n\n" +
      "ok      tests/e2e (1 passed, 0 failed, 1 skipped, 0.0 s)\n" +
      "SKIPPED chat shows tools (skipped: tmux is not installed)\n" +
      "1 passed, 0 failed, 2 skipped\n",
  );
});

Deno.test("Report.end() fails when no test was run", () => {
  const report = new Report(new FakePaper());
  report.check("format", PASSED, 0);
  report.suite("tests/unit", { passed: 0, failed: 0, skipped: ["a (skipped: b)"], output: "" }, 0);
  assertEquals(report.end(), 1);
});

Deno.test("Report.begin() shows on a terminal only what is going on", () => {
  const terminal = new FakePaper(true);
  const report = new Report(terminal);
  report.begin("types");
  report.check("types", PASSED, 0);
  assertEquals(terminal.text, "  …     types\r\x1b[Kok      types (0.0 s)\n");
  const pipe = new FakePaper();
  new Report(pipe).begin("types");
  assertEquals(pipe.text, "");
});
