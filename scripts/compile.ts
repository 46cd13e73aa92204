// scripts/dev compile: executables, a bill of materials, and SHA256SUMS over everything that is there.
import config from "../deno.json" with { type: "json" };
import { ExitCode } from "../src/app/exit_codes.ts";
import { FROM_JSR, ROOT } from "./deno_call.ts";
import {
  baseOf,
  buildExecutable,
  executableName,
  isBasePinned,
  missingBase,
  TARGETS,
} from "./executable.ts";
import {
  type MadeExecutable,
  ownBillOfMaterials,
  type UsedBase,
} from "./release/bill_of_materials.ts";
import { sha256OfFile } from "./release/file_hash.ts";
import { readModuleGraph } from "./release/module_graph.ts";
import { settleTimes, sourceDateEpoch } from "./release/settle_times.ts";

const USAGE =
  `Usage: scripts/dev compile [--target <target>]… | [--all] [--into <folder>] [--release]

Makes the executable for this platform, for the targets given, or for all of them:
  ${TARGETS.join("\n  ")}
They go into dist, or the folder given, with a bill of materials, and SHA256SUMS over all of it.

--release makes nothing without JSR, or on a base of Deno's that has no pinned hash.

With SOURCE_DATE_EPOCH every file that goes in gets that time: then, with DENO_DIR at the same
place, other machines make the same executable to the byte.
`;

/** How the name of a bill of materials ends. */
const BILL_SUFFIX = ".cdx.json";

/** What the command line asks for. */
interface Request {
  readonly targets: readonly string[];
  readonly into: string;
  readonly isRelease: boolean;
}

/** @returns what is wrong, where the command line cannot be understood */
function readLine(args: readonly string[]): Request | string {
  const targets: string[] = [];
  let into = `${ROOT}/dist`;
  let isRelease = false;
  for (let index = 0; index < args.length; index++) {
    const [, flag = "", own] = args[index]?.match(/^(.*?)(?:=(.*))?$/s) ?? [];
    const value = () => own ?? args[++index] ?? "";
    if (flag === "--all" && own === undefined) {
      targets.push(...TARGETS);
    } else if (flag === "--target") {
      const target = value();
      if (!TARGETS.includes(target)) return `unknown target "${target}"`;
      targets.push(target);
    } else if (flag === "--into") {
      into = value();
      if (into === "") return "--into needs a folder";
    } else if (flag === "--release" && own === undefined) {
      isRelease = true;
    } else {
      return `unknown option "${args[index]}"`;
    }
  }
  const all = targets.length === 0 ? [Deno.build.target] : [...new Set(targets)];
  return { targets: all, into, isRelease };
}

/** Writes SHA256SUMS, as `sha256sum --check` reads it. */
async function writeSums(folder: string): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const names = entries.map(({ name }) => name)
    .filter((name) => isExecutable(name) || name.endsWith(BILL_SUFFIX)).sort();
  const lines = names.map(async (name) => `${await sha256OfFile(`${folder}/${name}`)}  ${name}\n`);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, (await Promise.all(lines)).join(""));
}

/** Whether it is an executable, and not what a compiler that was killed has left. */
function isExecutable(name: string): boolean {
  return TARGETS.some((target) => name.replace(/\.exe$/, "").endsWith(`-${target}`));
}

/** Why executables for these targets may not be released. */
function whyNoRelease(targets: readonly string[]): string[] {
  const reasons = targets.filter((target) => !isBasePinned(target))
    .map((target) => `the base for ${target} has no pinned hash`);
  return FROM_JSR ? reasons : ["dependencies do not come from JSR", ...reasons];
}

async function usedBase(target: string): Promise<UsedBase> {
  const { url, file } = baseOf(target);
  return { target, url, sha256: await sha256OfFile(file) };
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const request = readLine(args);
  if (typeof request === "string") {
    console.error(`scripts/dev compile: ${request}\n\n${USAGE}`);
    return ExitCode.Usage;
  }
  const { targets, into, isRelease } = request;
  const missing = (await Promise.all(targets.map(missingBase))).filter((why) => why !== undefined);
  if (missing.length > 0) {
    for (const why of missing) console.error(`scripts/dev compile: ${why}`);
    return 1;
  }
  const reasons = whyNoRelease(targets);
  for (const why of reasons) console.error(`scripts/dev compile: not for a release: ${why}`);
  if (isRelease && reasons.length > 0) return 1;
  const graph = await readModuleGraph();
  const epoch = sourceDateEpoch(Deno.env.get("SOURCE_DATE_EPOCH"));
  if (epoch !== undefined) await settleTimes(graph, epoch);
  await Deno.mkdir(into, { recursive: true });
  const made: MadeExecutable[] = [];
  for (const target of targets) {
    const name = executableName(target);
    await buildExecutable(target, `${into}/${name}`);
    made.push({ name, sha256: await sha256OfFile(`${into}/${name}`) });
    console.log(`${into}/${name}`);
  }
  const bill = `${into}/limacharlie-${config.version}${BILL_SUFFIX}`;
  const bases = await Promise.all(targets.map(usedBase));
  await Deno.writeTextFile(bill, await ownBillOfMaterials(graph, made, bases));
  console.log(bill);
  await writeSums(into);
  console.log(`${into}/SHA256SUMS`);
  return 0;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`scripts/dev compile: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
