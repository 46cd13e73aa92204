// scripts/dev compile: executables into dist/, and SHA256SUMS over everything that is there.
import { FROM_JSR, ROOT } from "./deno_call.ts";
import { buildExecutable, executableName, missingBase, TARGETS } from "./executable.ts";

const USAGE = `Usage: scripts/dev compile [--target <target>]… | [--all]

Makes the executable for this platform, for the targets given, or for all of them:
  ${TARGETS.join("\n  ")}
`;

/** Exit code for a wrong command line, as the program's own. */
const BAD_USAGE = 4;

const DIST = `${ROOT}/dist`;

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
  const names = entries.map(({ name }) => name).filter(isExecutable).sort();
  const lines = names.map(async (name) => {
    const bytes = await Deno.readFile(`${DIST}/${name}`);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return `${hash.toHex()}  ${name}\n`;
  });
  await Deno.writeTextFile(`${DIST}/SHA256SUMS`, (await Promise.all(lines)).join(""));
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
  await Deno.mkdir(DIST, { recursive: true });
  for (const target of targets) {
    const name = executableName(target);
    await buildExecutable(target, `${DIST}/${name}`);
    console.log(`dist/${name}`);
  }
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
