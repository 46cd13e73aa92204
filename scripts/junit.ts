/** What a JUnit file says of a run of tests. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
}

/** Reads the JUnit XML of `deno test --junit-path`. A test with steps counts, and each step. */
export function readJunit(xml: string): TestReport {
  const cases = [...xml.matchAll(CASE)].map(([, name = "", content = ""]) => ({
    name: unescapeXml(name),
    result: content.match(/<(failure|error|skipped)\b/)?.[1] ?? "passed",
  }));
  const skipped = cases.filter(({ result }) => result === "skipped");
  const passed = cases.filter(({ result }) => result === "passed");
  return {
    passed: passed.length,
    failed: cases.length - passed.length - skipped.length,
    skipped: skipped.map(({ name }) => name),
  };
}

/** A test that a filter has left out has no time. */
const CASE = /<testcase name="([^"]*)"(?=[^>]* time=)[^>]*>([\s\S]*?)<\/testcase>/g;

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
