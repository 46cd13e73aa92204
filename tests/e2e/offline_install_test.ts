import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ROOT } from "../../scripts/deno_call.ts";
import { sha256OfFile } from "../../scripts/release/file_hash.ts";
import { BARE_ROOT_NEED, type BareRoot, makeBareRoot } from "../support/bare_root.ts";
import { EXECUTABLE_NEED, executablePath } from "../support/executable.ts";
import { LINUX, type Need, testWith } from "../support/skip.ts";

/** docs/install.md is gone through for this one. */
const TARGET = "x86_64-unknown-linux-gnu";

const DOCUMENTED: Need = {
  missing: Deno.build.target === TARGET ? undefined : `this is not ${TARGET}`,
};

/** What a page has a reader do, and what it says that this prints. */
interface Step {
  readonly commands: string;
  readonly printed: string | undefined;
}

/** The steps of a page, but those that it says were not tried. */
function stepsIn(page: string): Step[] {
  const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```\n/gms)]
    .map(([, language = "", text = ""]) => ({ isCommand: language === "sh", text }));
  return blocks.flatMap(({ isCommand, text }, index): Step[] => {
    if (!isCommand || text.startsWith("# Not tried")) return [];
    const next = blocks[index + 1];
    return [{ commands: text, printed: next?.isCommand === false ? next.text : undefined }];
  });
}

/** The server on the same host, and the credentials that it takes. */
const START_SERVER = `
exec 3< <(limacharlie emulator 2>/dev/null)
while read -r line <&3; do
  eval "$line"
  [[ $line != *LC_API_KEY* ]] || break
done
export -n LC_OID LC_UID LC_API_KEY
printf %s "$LC_API_KEY" >key.txt
printf %s sk-ant-api03-something >anthropic-key.txt
`;

/** Ends each step's output. */
const MARK = "--- end of step ---";

/** A script that goes through the steps; what is to fail is tried where no server is reached. */
function scriptOf(steps: readonly Step[]): string {
  const tried = steps.map(({ commands, printed }) => {
    const isFailure = printed?.startsWith("Error: ") === true;
    const script = isFailure
      ? `if (unset LC_API_URL LC_JWT_URL; ${commands.trimEnd()}); then exit 99; fi\n`
      : commands;
    const start = commands.startsWith("limacharlie auth login") && !isFailure ? START_SERVER : "";
    return `${start}${script}echo '${MARK}'\n`;
  });
  return `set -e\nexec 2>&1\n${tried.join("")}`;
}

/** Puts a medium into the root, with the executable and a newer one to upgrade to. */
async function prepareMedium(root: BareRoot) {
  const stick = root.join("media", "stick");
  await Deno.mkdir(stick, { recursive: true });
  const names = [config.version, "0.2.0"].map((version) => `limacharlie-${version}-${TARGET}`);
  const [own = "", newer = ""] = names.map((name) => `${stick}/${name}`);
  for (const path of [own, newer]) {
    await Deno.copyFile(executablePath() ?? "", path);
    // As on most media, which know no modes.
    await Deno.chmod(path, 0o644);
  }
  await Deno.writeFile(newer, new Uint8Array(1), { append: true });
  const [hash, newerHash] = [await sha256OfFile(own), await sha256OfFile(newer)];
  const bill = `${"0".repeat(64)}  limacharlie-${config.version}.cdx.json\n`;
  await Deno.writeTextFile(`${stick}/SHA256SUMS`, `${hash}  ${names[0]}\n${bill}`);
  return { hash, newerHash };
}

const modeOf = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o7777;

testWith(
  [EXECUTABLE_NEED, LINUX, DOCUMENTED, BARE_ROOT_NEED],
  "docs/install.md is true, step by step, on a host without a network",
  async () => {
    const programs = ["sha256sum", "install", "mv"];
    using root = await makeBareRoot(programs, executablePath() ?? "");
    const { hash, newerHash } = await prepareMedium(root);
    const page = await Deno.readTextFile(`${ROOT}/docs/install.md`);
    const end = page.indexOf("## Make the same executable yourself");
    const kept = page.match(/\.(\d+\.\d+\.\d+)-([0-9a-f]{12})\.previous/) ?? [];
    const steps = stepsIn(
      page.slice(0, end)
        .replaceAll(/limacharlie-0\.1\.0-/g, `limacharlie-${config.version}-`)
        .replaceAll("limacharlie 0.1.0", `limacharlie ${config.version}`)
        .replaceAll(`${kept[1]}-${kept[2]}`, `${config.version}-${hash.slice(0, 12)}`)
        .replaceAll(/"sha256": "\w+"/g, `"sha256": "${newerHash}"`)
        .replaceAll(/--sha256 HASH\b/g, `--sha256 ${newerHash}`)
        .replaceAll(/(?<=[ =])(OID|UID)\b/g, '"$LC_$1"')
        .replaceAll(/(?<=[ =])KEY\b/g, '"$LC_API_KEY"'),
    );
    const { code, stdout, stderr } = await root.run(scriptOf(steps));
    assertEquals([code, stderr], [0, ""], stdout);
    const outputs = stdout.split(`${MARK}\n`);
    assertEquals([outputs.pop(), outputs.length], ["", steps.length]);
    for (const [index, { commands, printed }] of steps.entries()) {
      if (printed !== undefined) assertEquals(outputs[index], printed, commands);
    }
    assertEquals(await sha256OfFile(root.join("usr", "local", "bin", "limacharlie")), hash);
    const own = root.join("home", "analyst", ".limacharlie.d");
    assertEquals([await modeOf(own), await modeOf(`${own}/config.yaml`)], [0o700, 0o600]);
  },
);
