// scripts/dev compile: executables into dist/, a bill of materials, and SHA256SUMS over everything
// that is there.
import config from "../deno.json" with { type: "json" };
import { FROM_JSR, ROOT } from "./deno_call.ts";
import { baseOf, buildExecutable, executableName, missingBase, TARGETS } from "./executable.ts";
import { ownBillOfMaterials, type UsedBase } from "./release/bill_of_materials.ts";
import { type ModuleGraph, readModuleGraph } from "./release/module_graph.ts";
import { settleTimes, sourceDateEpoch } from "./release/settle_times.ts";

const USAGE = `Usage: scripts/dev compile [--target <target>]… | [--all]

Makes the executable for this platform, for the targets given, or for all of them:
  ${TARGETS.join("\n  ")}

With SOURCE_DATE_EPOCH every file that goes in gets that time: then, with DENO_DIR at the same
place, other machines make the same executable to the byte.
`;

/** Exit code for a wrong command line, as the program's own. */
const BAD_USAGE = 4;

const DIST = `${ROOT}/dist`;

/** How the name of a bill of materials ends. */
const BILL_SUFFIX = ".cdx.json";

function targetsOf(args: readonly string[]): readonly string[] | string {
  const targets: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    const [flag, value = args[index + 1]] = arg?.split("=") ?? [];
    if (flag === "--all") {
      targets.push(...TARGETS);
    } else if (flag === "--target") {
      if (value === undefined || !TARGETS.includes(value)) return `unknown target "${value ?? ""}"`;
      targets.push(value);
      if (arg === flag) index++;
    } else {
      return `unknown option "${arg}"`;
    }
  }
  return targets.length === 0 ? [Deno.build.target] : [...new Set(targets)];
}

/** Writes SHA256SUMS, as `sha256sum --check` reads it. */
async function writeSums(): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(DIST));
  const names = entries.map(({ name }) => name)
    .filter((name) => isExecutable(name) || name.endsWith(BILL_SUFFIX)).sort();
  const lines = names.map(async (name) => `${await sha256(`${DIST}/${name}`)}  ${name}\n`);
  await Deno.writeTextFile(`${DIST}/SHA256SUMS`, (await Promise.all(lines)).join(""));
}

async function sha256(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Writes the bill of materials.
 *
 * @returns the name of its file
 */
async function writeBill(graph: ModuleGraph, targets: readonly string[]): Promise<string> {
  const bases = targets.map(async (target): Promise<UsedBase> => {
    const { url, file } = baseOf(target);
    return { target, url, sha256: await sha256(file) };
  });
  const name = `limacharlie-${config.version}${BILL_SUFFIX}`;
  await Deno.writeTextFile(
    `${DIST}/${name}`,
    await ownBillOfMaterials(graph, await Promise.all(bases)),
  );
  return name;
}

/** Whether it is an executable, and not what a compiler that was killed has left. */
function isExecutable(name: string): boolean {
  return TARGETS.some((target) => name.replace(/\.exe$/, "").endsWith(`-${target}`));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const targets = targetsOf(args);
  if (typeof targets === "string") {
    console.error(`scripts/dev compile: ${targets}\n\n${USAGE}`);
    return BAD_USAGE;
  }
  const missing = (await Promise.all(targets.map(missingBase))).filter((why) => why !== undefined);
  if (missing.length > 0) {
    for (const why of missing) console.error(`scripts/dev compile: ${why}`);
    return 1;
  }
  if (!FROM_JSR) {
    console.error(
      "scripts/dev compile: not for a release, because dependencies do not come from JSR",
    );
  }
  const graph = await readModuleGraph();
  const epoch = sourceDateEpoch(Deno.env.get("SOURCE_DATE_EPOCH"));
  if (epoch !== undefined) await settleTimes(graph, epoch);
  await Deno.mkdir(DIST, { recursive: true });
  for (const target of targets) {
    const name = executableName(target);
    await buildExecutable(target, `${DIST}/${name}`);
    console.log(`dist/${name}`);
  }
  console.log(`dist/${await writeBill(graph, targets)}`);
  await writeSums();
  console.log("dist/SHA256SUMS");
  return 0;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`scripts/dev compile: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
