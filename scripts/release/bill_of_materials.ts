import config from "../../deno.json" with { type: "json" };
import { DEPENDENCY_OPTIONS, FROM_JSR, ROOT } from "../deno_call.ts";
import type { ModuleGraph, Package } from "./module_graph.ts";

/** The base that an executable was put on: a zip file of Deno's. */
export interface UsedBase {
  readonly target: string;
  readonly url: string;
  readonly sha256: string;
}

/** An npm package that carries packages of JSR, where those cannot be had from JSR. */
export interface Carrier extends Package {
  /** As npm writes it: "sha512-" and base64. */
  readonly integrity: string;
}

/** What a bill of materials is made from. */
export interface Materials {
  /** The program itself. */
  readonly program: Package & { readonly license: string };
  readonly graph: Pick<ModuleGraph, "jsr"> & { readonly npm: readonly Package[] };
  /** The lock file's hashes, by name and version, as in `yaml@2.9.1`. */
  readonly integrities: Readonly<Record<string, string>>;
  readonly carrier?: Carrier | undefined;
  readonly deno: string;
  readonly bases: readonly UsedBase[];
}

/** One part, as CycloneDX has it. */
interface Component {
  readonly type: "application" | "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly [more: string]: unknown;
}

/**
 * Makes a bill of materials: CycloneDX 1.6, JSON, the same every time for the same materials, so
 * without the time and the serial number that are optional there.
 */
export function billOfMaterials(materials: Materials): string {
  const { program, graph, carrier } = materials;
  const jsr = graph.jsr.map(jsrComponent);
  const parts = [
    denoComponent(materials),
    ...carrier === undefined ? jsr : [{
      ...npmComponent(carrier, carrier.integrity),
      description: "Stands in for JSR where that cannot be reached; not for a release",
      components: jsr,
    }],
    ...graph.npm.map((each) =>
      npmComponent(each, materials.integrities[`${each.name}@${each.version}`])
    ),
  ];
  const purl = `pkg:generic/${program.name}@${program.version}`;
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": purl,
        name: program.name,
        version: program.version,
        licenses: [{ license: { id: program.license } }],
        purl,
      },
    },
    components: parts,
    dependencies: [
      { ref: purl, dependsOn: parts.map((part) => part["bom-ref"]) },
      ...parts.map((part) => ({ ref: part["bom-ref"] })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** Deno itself, with a hash of the base for each target. */
function denoComponent({ deno, bases }: Materials): Component {
  const purl = `pkg:github/denoland/deno@v${deno}`;
  return {
    type: "platform",
    "bom-ref": purl,
    name: "deno",
    version: deno,
    licenses: [{ license: { id: "MIT" } }],
    purl,
    externalReferences: bases.map(({ target, url, sha256 }) => ({
      type: "distribution",
      url,
      comment: target,
      hashes: [{ alg: "SHA-256", content: sha256 }],
    })),
  };
}

/** Package URLs have no type for JSR; its packages can be had from its registry for npm. */
function jsrComponent({ name, version }: Package): Component {
  const [scope = "", own = ""] = name.slice(1).split("/");
  const purl = `pkg:npm/%40jsr/${scope}__${own}@${version}?repository_url=https://npm.jsr.io`;
  return { type: "library", "bom-ref": purl, name, version, purl };
}

function npmComponent({ name, version }: Package, integrity: string | undefined): Component {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const component = { type: "library", "bom-ref": purl, name, version, purl } as const;
  const [algorithm, base64 = ""] = integrity?.split("-") ?? [];
  if (algorithm !== "sha512") return component;
  const content = Uint8Array.fromBase64(base64).toHex();
  return { ...component, hashes: [{ alg: "SHA-512", content }] };
}

/** The bill of what is compiled here. */
export async function ownBillOfMaterials(
  graph: ModuleGraph,
  bases: readonly UsedBase[],
): Promise<string> {
  return billOfMaterials({
    program: { name: "limacharlie", version: config.version, license: config.license },
    graph,
    integrities: await readIntegrities(),
    carrier: FROM_JSR ? undefined : await readCarrier(),
    deno: Deno.version.deno,
    bases,
  });
}

/** Reads the hashes of npm packages in the lock file that Deno uses; none where there is no such file. */
async function readIntegrities(): Promise<Record<string, string>> {
  const option = DEPENDENCY_OPTIONS.find((each) => each.startsWith("--lock="));
  const path = option?.slice("--lock=".length) ?? `${ROOT}/deno.lock`;
  const text = await Deno.readTextFile(path).catch(() => "{}");
  const { npm = {} }: { npm?: Record<string, { integrity?: string }> } = JSON.parse(text);
  const entries = Object.entries(npm)
    // What npm calls a peer dependency follows the version, behind an underscore.
    .map(([key, { integrity = "" }]) => [key.replace(/(@[^@_]+)_.*$/, "$1"), integrity]);
  return Object.fromEntries(entries);
}

/** Reads which package carries Cliffy and parts of @std, and its pinned hash. */
async function readCarrier(): Promise<Carrier> {
  const pins = await Deno.readTextFile(`${ROOT}/scripts/npm_only/settle.sh`);
  const pin = (name: string) => {
    const value = pins.match(new RegExp(`^CLIFFY_CARRIER${name}=(.*)$`, "m"))?.[1];
    if (value === undefined) throw new Error(`Cannot find CLIFFY_CARRIER${name} in settle.sh`);
    return value;
  };
  return { name: pin(""), version: pin("_VERSION"), integrity: `sha512-${pin("_SHA512")}` };
}
