// scripts/dev test: every check and every test. Its last line says how many passed and failed.
import { ExitCode } from "../src/app/exit_codes.ts";
import { checkImports } from "./check_imports.ts";
import { DENO, DEPENDENCY_OPTIONS, ROOT } from "./deno_call.ts";
import { buildExecutable, missingBase } from "./executable.ts";
import { checkGoldens, mayUseGoldens } from "./goldens.ts";
import { listFiles } from "./list_files.ts";
import { type Outcome, PASSED, Report } from "./report.ts";
import { runCommand } from "./run_command.ts";
import { runTests, type TestPlace } from "./run_tests.ts";

const USAGE = `Usage: scripts/dev test [--update] [FILTER]

Runs every check and every test; with FILTER only the tests of files whose path contains it or,
where no path does, the tests whose name does. --update writes the golden files anew.
`;

/** What the type checker looks at. */
const SOURCES = ["main.ts", "src", "tests", "scripts"];

const SUITES = ["tests/unit", "tests/cli", "tests/e2e"];

/** Folders and files that one run uses, and removes at its end. */
class Workplace implements Disposable {
  readonly #folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "limacharlie-gate-" }));
  readonly home = `${this.#folder}/home`;
  readonly temporary = `${this.#folder}/tmp`;
  readonly executable = `${this.#folder}/limacharlie`;
  readonly usedGoldens = `${this.#folder}/goldens`;

  constructor() {
    Deno.mkdirSync(this.home);
    Deno.mkdirSync(this.temporary);
    Deno.writeTextFileSync(this.usedGoldens, "");
    Deno.addSignalListener("SIGINT", () => {
      this[Symbol.dispose]();
      Deno.exit(ExitCode.Interrupted);
    });
  }

  /** Where one suite finds what it needs. */
  forSuite(name: string): TestPlace {
    const junit = `${this.#folder}/${name.replaceAll("/", "-")}.xml`;
    return { home: this.home, temporary: this.temporary, junit };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** What the command line asks for. */
interface Request {
  readonly update: boolean;
  readonly filter?: string | undefined;
}

/** A check that is a command; a warning fails it too. */
async function command(name: string, ...args: string[]): Promise<Outcome> {
  const { success, output } = await runCommand(name, args);
  return success && !/^warning\b/im.test(output) ? PASSED : { kind: "failed", output };
}

function findings(lines: readonly string[]): Outcome {
  return lines.length === 0 ? PASSED : { kind: "failed", output: lines.join("\n") };
}

/** Looks at the shell scripts, where shellcheck is installed. */
async function shell(): Promise<Outcome> {
  const release = (await listFiles(`${ROOT}/scripts/release`)).filter((path) =>
    path.endsWith(".sh")
  )
    .map((path) => `scripts/release/${path}`);
  const scripts = ["scripts/dev", "scripts/npm_only/settle.sh", ".ci/run", ...release];
  try {
    return await command("shellcheck", ...scripts);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { kind: "skipped", reason: "shellcheck is not installed" };
  }
}

/**
 * Looks whether docs/cli.md is up to date, or brings it up to date; in a process of its own,
 * because that loads the whole program.
 */
function docs(update: boolean): Promise<Outcome> {
  const script = [
    "run",
    "--quiet",
    "--allow-all",
    ...DEPENDENCY_OPTIONS,
    "scripts/generate_docs.ts",
  ];
  return command(DENO, ...script, ...(update ? [] : ["--check"]));
}

async function makeExecutable(path: string): Promise<Outcome> {
  const reason = await missingBase(Deno.build.target);
  if (reason !== undefined) return { kind: "skipped", reason };
  await buildExecutable(Deno.build.target, path);
  return PASSED;
}

/** Runs checks at the same time, and prints them in order. */
async function runChecks(
  report: Report,
  checks: readonly (readonly [name: string, check: () => Promise<Outcome>])[],
): Promise<Outcome[]> {
  const running = checks.map(async ([name, check]) => {
    const start = performance.now();
    const outcome = await check().catch((error): Outcome => ({
      kind: "failed",
      output: error instanceof Error ? error.message : String(error),
    }));
    return { name, outcome, milliseconds: performance.now() - start };
  });
  const outcomes: Outcome[] = [];
  for (const [index, check] of running.entries()) {
    report.begin(checks[index]?.[0] ?? "");
    const { name, outcome, milliseconds } = await check;
    report.check(name, outcome, milliseconds);
    outcomes.push(outcome);
  }
  return outcomes;
}

interface Suite {
  readonly name: string;
  readonly files: readonly string[];
}

/** The files of each suite that are to be run, and the option that picks tests in them. */
async function chooseTests(
  filter: string | undefined,
): Promise<{ readonly suites: readonly Suite[]; readonly options: readonly string[] }> {
  const suites = await Promise.all(
    SUITES.map(async (name) => ({ name, files: await listTests(name) })),
  );
  if (filter === undefined) return { suites, options: [] };
  const byPath = suites.map(({ name, files }) => ({
    name,
    files: files.filter((file) => file.includes(filter)),
  }));
  return byPath.some(({ files }) => files.length > 0)
    ? { suites: byPath, options: [] }
    : { suites, options: [`--filter=${filter}`] };
}

async function listTests(folder: string): Promise<string[]> {
  const files = await listFiles(`${ROOT}/${folder}`);
  return files.filter((file) => file.endsWith("_test.ts")).map((file) => `${folder}/${file}`);
}

/**
 * Runs the suites and prints how they ended, in order. The tests of the last one mostly wait for a
 * terminal: it runs beside the others.
 *
 * @returns whether every test that may use golden files ran to its end
 */
async function runSuites(
  report: Report,
  suites: readonly Suite[],
  place: Workplace,
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const chosen = suites.filter(({ files }) => files.length > 0);
  let previous: Promise<unknown> = Promise.resolve();
  const running = chosen.map(({ name, files }, index) => {
    const isLast = index === chosen.length - 1;
    const outcome = (isLast ? Promise.resolve() : previous).then(async () => {
      const start = performance.now();
      const tests = await runTests([...options, ...files], place.forSuite(name), env);
      return { tests, milliseconds: performance.now() - start };
    });
    previous = outcome;
    return { name, outcome };
  });
  let complete = true;
  for (const { name, outcome } of running) {
    report.begin(name);
    const { tests, milliseconds } = await outcome;
    report.suite(name, tests, milliseconds);
    const missed = await Promise.all(tests.skipped.map(mayUseGoldens));
    complete &&= tests.failed === 0 && !missed.includes(true);
  }
  return complete;
}

async function checkLeftovers({ home, temporary }: Workplace): Promise<Outcome> {
  const list = async (folder: string, what: string) =>
    (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => `${name} is left in ${what}`);
  return findings([
    ...await list(temporary, "the folder for temporary files"),
    ...await list(home, "HOME"),
  ]);
}

async function main({ update, filter }: Request): Promise<number> {
  using place = new Workplace();
  const report = new Report({
    isTerminal: Deno.stdout.isTerminal(),
    write: (text) => void Deno.stdout.writeSync(new TextEncoder().encode(text)),
  });
  const { suites, options } = await chooseTests(filter);
  if (filter === undefined) {
    await runChecks(report, [
      ["format", () => command(DENO, "fmt", "--check")],
      ["lint", () => command("sh", `${ROOT}/scripts/dev`, "deno", "lint")],
      ["shell", shell],
      ["types", () => command(DENO, "check", "--quiet", ...DEPENDENCY_OPTIONS, ...SOURCES)],
      ["imports", async () => findings(await checkImports(ROOT))],
      ["docs", () => docs(update)],
    ]);
  }
  const env: Record<string, string> = { LC_TEST_GOLDEN_USED: place.usedGoldens };
  if (update) env["LC_TEST_GOLDEN"] = "update";
  if (suites.some(({ name, files }) => name === "tests/e2e" && files.length > 0)) {
    const [built] = await runChecks(report, [
      ["executable", () => makeExecutable(place.executable)],
    ]);
    if (built?.kind === "passed") env["LC_TEST_EXECUTABLE"] = place.executable;
    else env["LC_TEST_NO_EXECUTABLE"] = "there is no executable to test";
  }
  const complete = await runSuites(report, suites, place, options, env);
  if (filter === undefined) {
    const used = (await Deno.readTextFile(place.usedGoldens)).split("\n");
    await runChecks(report, [
      ["goldens", () => checkGoldens(`${ROOT}/tests/golden`, used, { update, complete })],
      ["leftovers", () => checkLeftovers(place)],
    ]);
  }
  return report.end();
}

function readLine(args: readonly string[]): Request | undefined {
  const [filter, ...more] = args.filter((arg) => arg !== "--update");
  if (more.length > 0 || filter?.startsWith("-")) return undefined;
  return { update: args.includes("--update"), filter };
}

if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
  console.log(USAGE);
  Deno.exit(ExitCode.Done);
}
const request = readLine(Deno.args);
if (request === undefined) {
  console.error(USAGE);
  Deno.exit(ExitCode.Usage);
}
Deno.exit(await main(request));
