/** What a JUnit file says of a run of tests. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
}

/** Reads the JUnit XML that `deno test --junit-path` writes. A test with steps counts, and each step. */
export function readJunit(xml: string): TestReport {
  const cases = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)];
  const failed = cases.filter(([, , content]) => /<(?:failure|error)\b/.test(content ?? ""));
  const skipped = cases.filter(([, , content]) => /<skipped\b/.test(content ?? ""));
  return {
    passed: cases.length - failed.length - skipped.length,
    failed: failed.length,
    skipped: skipped.map(([, name]) => unescapeXml(name ?? "")),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|(\w+));/g,
    (whole, code: string, name: string) =>
      code === undefined ? ENTITIES[name] ?? whole : String.fromCodePoint(Number(code)),
  );
}
