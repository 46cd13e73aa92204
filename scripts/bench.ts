// scripts/dev bench: the measures of docs/performance.md, side by side within one run.
import { join } from "node:path";
import { ExitCode } from "../src/app/exit_codes.ts";
import { temporaryHome } from "../tests/support/home.ts";
import { compileOptions } from "./bench/compile_options.ts";
import { describeMachine } from "./bench/machine.ts";
import { keystroke } from "./bench/keystroke.ts";
import { memory } from "./bench/memory.ts";
import { type Row, toTable, withFigures } from "./bench/report.ts";
import { sessions } from "./bench/sessions.ts";
import { ServerProcess } from "./bench/server_process.ts";
import type { Measure } from "./bench/setting.ts";
import { startUp } from "./bench/start_up.ts";
import { soak } from "./bench/soak.ts";
import { stream } from "./bench/stream.ts";
import { ROOT } from "./deno_call.ts";
import { buildExecutable, missingBase } from "./executable.ts";

const MEASURES: readonly Measure[] = [
  startUp,
  compileOptions,
  stream,
  memory,
  keystroke,
  sessions,
  soak,
];

const USAGE = `Usage: scripts/dev bench [NAME…]

Takes the measures of docs/performance.md, or those named, and prints them. All of them together are
written into docs/performance.md too. It takes about twelve minutes.

  ${MEASURES.map(({ name }) => name).join("\n  ")}

LC_BENCH_PEER     a command that runs the Python CLI, as docs/performance.md says
LC_BENCH_PROGRAM  an executable to measure in place of a new one
`;

const DOCUMENT = join(ROOT, "docs/performance.md");

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const unknown = args.find((arg) => MEASURES.every(({ name }) => name !== arg));
  if (unknown !== undefined) {
    console.error(`scripts/dev bench: unknown measure "${unknown}"\n\n${USAGE}`);
    return ExitCode.Usage;
  }
  const measures = MEASURES.filter(({ name }) => args.length === 0 || args.includes(name));
  using home = temporaryHome();
  const peer = words(Deno.env.get("LC_BENCH_PEER"));
  const executable = Deno.env.get("LC_BENCH_PROGRAM") ?? await build(home.path);
  const rows: Row[] = [];
  for (const { name, take } of measures) {
    console.error(`measuring ${name} …`);
    // One each: what a measure leaves behind in a server slows it down.
    await using server = await ServerProcess.start();
    const env = { ...home.env, PATH: Deno.env.get("PATH") ?? "", ...server.ready.environment };
    rows.push(...await take({ program: [executable], peer, server, env }));
  }
  const figures = [
    toTable(rows),
    ...(await describeMachine(peer)).map((line) => `- ${line}`),
    `- program: ${await describeProgram(executable)}`,
    `- command: \`${peer === undefined ? "" : "LC_BENCH_PEER=… "}scripts/dev bench\``,
    "",
  ].join("\n");
  console.log(figures);
  if (measures.length === MEASURES.length) {
    await Deno.writeTextFile(DOCUMENT, withFigures(await Deno.readTextFile(DOCUMENT), figures));
    console.error("docs/performance.md is written");
  }
  return 0;
}

function words(command: string | undefined): string[] | undefined {
  return command?.split(/\s+/).filter((word) => word !== "");
}

/** Makes the executable for this machine. */
async function build(folder: string): Promise<string> {
  const { target } = Deno.build;
  const missing = await missingBase(target);
  if (missing !== undefined) throw new Error(`Cannot make the executable: ${missing}`);
  const path = join(folder, "limacharlie");
  await buildExecutable(target, path);
  return path;
}

async function describeProgram(executable: string): Promise<string> {
  const { size } = await Deno.stat(executable);
  const git = await new Deno.Command("git", {
    args: ["describe", "--always", "--dirty"],
    cwd: ROOT,
  }).output();
  const commit = new TextDecoder().decode(git.stdout).trim();
  return `an executable of ${(size / 1e6).toFixed(1)} MB, made of commit ${commit}`;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`scripts/dev bench: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
