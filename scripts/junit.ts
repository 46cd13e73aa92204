/** One test that a JUnit file names. */
export interface TestName {
  readonly name: string;
  /** Path of the module that has it, as Deno prints it. */
  readonly module: string;
}

/** What a JUnit file says of a run of tests. */
export interface TestReport {
  readonly passed: number;
  readonly failed: readonly TestName[];
  readonly skipped: readonly TestName[];
}

/** Reads the JUnit XML of `deno test --junit-path`. A test with steps counts, and each step. */
export function readJunit(xml: string): TestReport {
  const cases = [...xml.matchAll(CASE)].map(([, name = "", module = "", content = ""]) => ({
    test: { name: unescapeXml(name), module: unescapeXml(module) },
    result: content.match(/<(failure|error|skipped)\b/)?.[1],
  }));
  const failed = cases.filter(({ result }) => result === "failure" || result === "error");
  const skipped = cases.filter(({ result }) => result === "skipped");
  return {
    passed: cases.length - failed.length - skipped.length,
    failed: failed.map(({ test }) => test),
    skipped: skipped.map(({ test }) => test),
  };
}

const CASE = /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (whole, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(parseInt(decimal ?? hexadecimal ?? "", decimal ? 10 : 16));
    },
  );
}
