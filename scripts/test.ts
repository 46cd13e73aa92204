// scripts/dev test: every check and every test. Its last line says how many passed and failed.
import { checkImports } from "./check_imports.ts";
import { DENO, DENO_DIR, DEPENDENCY_OPTIONS, ROOT } from "./deno_call.ts";
import { buildExecutable, missingBase } from "./executable.ts";
import { checkGoldens } from "./goldens.ts";
import { listFiles } from "./list_files.ts";
import { readJunit } from "./junit.ts";
import { type Outcome, PASSED, Report, type TestOutcome } from "./report.ts";

const USAGE = `Usage: scripts/dev test [--update] [FILTER]

Runs every check and every test; with FILTER only the tests of files whose path contains it or,
where no path does, the tests whose name does. --update writes the golden files anew.
`;

/** Exit code for a wrong command line, as the program's own. */
const BAD_USAGE = 4;

/** Nothing may take longer, in milliseconds. */
const TIME_LIMIT = 15 * 60_000;

/** What the type checker looks at. */
const SOURCES = ["main.ts", "src", "tests", "scripts"];

const SUITES = ["tests/unit", "tests/cli", "tests/e2e"];

/** Variables that would make the program, the tests or Deno behave differently from run to run. */
const UNWANTED =
  /^(?:LC_(?!DEV_|ALL$|CTYPE$)|XDG_|TMUX|RUST_|DENO_|NO_COLOR$|FORCE_COLOR$|CLICOLOR|ACCESSIBLE$)/;

// deno-lint-ignore no-control-regex
const COLORS = /\x1b\[[\d;]*m/g;

/** What the command line asks for. */
interface Request {
  readonly update: boolean;
  readonly filter?: string | undefined;
}

/** Folders and files that one run uses, and removes at its end. */
class Workplace implements Disposable {
  readonly #folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "limacharlie-gate-" }));
  /** Home of the tests, which they have to leave empty. */
  readonly home = `${this.#folder}/home`;
  /** Folder for the tests' temporary files, which they have to leave empty. */
  readonly temporary = `${this.#folder}/tmp`;
  readonly executable = `${this.#folder}/limacharlie`;
  readonly junit = `${this.#folder}/junit.xml`;
  readonly usedGoldens = `${this.#folder}/goldens`;

  constructor() {
    Deno.mkdirSync(this.home);
    Deno.mkdirSync(this.temporary);
    Deno.writeTextFileSync(this.usedGoldens, "");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

interface Ended {
  readonly success: boolean;
  /** All that was printed, without colours. */
  readonly output: string;
}

/** Runs a command in the project's folder, in an environment that is the same for everybody. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...ownEnvironment(), ...env },
    stdin: "null",
    signal: AbortSignal.timeout(TIME_LIMIT),
  }).output();
  const decoder = new TextDecoder();
  const output = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.replaceAll(COLORS, "");
  return { success, output };
}

function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !UNWANTED.test(name));
  return { ...Object.fromEntries(kept), DENO_DIR, DENO_NO_UPDATE_CHECK: "1" };
}

/** A check that is a command; a warning fails it too. */
async function command(name: string, ...args: string[]): Promise<Outcome> {
  const { success, output } = await run(name, args);
  return success && !/^warning\b/im.test(output) ? PASSED : { kind: "failed", output };
}

function findings(lines: readonly string[]): Outcome {
  return lines.length === 0 ? PASSED : { kind: "failed", output: lines.join("\n") };
}

/** Looks at the shell scripts, where shellcheck is installed. */
async function shell(): Promise<Outcome> {
  const scripts = ["scripts/dev", "scripts/npm_only/settle.sh", ".ci/run"];
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

/** The files of each suite that are to be run, and the option that picks tests in them. */
async function chooseTests(filter: string | undefined) {
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

async function runTests(
  args: readonly string[],
  place: Workplace,
  env: Readonly<Record<string, string>>,
): Promise<TestOutcome> {
  await Deno.remove(place.junit).catch(() => {});
  const { success, output } = await run(DENO, [
    "test",
    "--quiet",
    "--no-check",
    "--parallel",
    "--allow-all",
    "--no-prompt",
    "--reporter=dot",
    `--junit-path=${place.junit}`,
    `--preload=${ROOT}/scripts/test_preload.ts`,
    ...DEPENDENCY_OPTIONS,
    ...args,
  ], { HOME: place.home, TMPDIR: place.temporary, ...env });
  const junit = await Deno.readTextFile(place.junit).catch(() => "");
  const { passed, failed, skipped } = readJunit(junit);
  // A module that cannot be loaded is in no JUnit file, but twice in what Deno prints.
  const broken = [...output.matchAll(/^.* \(uncaught error\)$/gm)].length / 2;
  const unexplained = !success && failed + broken === 0 ? 1 : 0;
  return {
    passed,
    failed: failed + broken + unexplained,
    skipped,
    output: failuresIn(output),
  };
}

/** What Deno prints of failures, without its dots. */
function failuresIn(output: string): string {
  const start = output.indexOf("\n ERRORS \n");
  const text = start < 0 ? output.replaceAll(/^[.,!]$\n?/gm, "") : output.slice(start);
  // The names of the tests say where they are.
  return text.replaceAll(/ => \S*test_preload\.ts:\d+:\d+$/gm, "").trimStart();
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
  let complete = true;
  for (const { name, files } of suites) {
    if (files.length === 0) continue;
    report.begin(name);
    const start = performance.now();
    const outcome = await runTests([...options, ...files], place, env);
    report.suite(name, outcome, performance.now() - start);
    complete &&= outcome.failed === 0 && outcome.skipped.length === 0;
  }
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

const request = readLine(Deno.args);
if (request === undefined) {
  console.error(USAGE);
  Deno.exit(BAD_USAGE);
}
Deno.exit(await main(request));
