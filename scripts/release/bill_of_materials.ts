import config from "../../deno.json" with { type: "json" };
import { DEPENDENCY_OPTIONS, FROM_JSR, ROOT } from "../deno_call.ts";
import type { ModuleGraph, NpmPackage, Package } from "./module_graph.ts";

/** The base that an executable was put on: a zip file of Deno's. */
export interface UsedBase {
  readonly target: string;
  readonly url: string;
  readonly sha256: string;
}

/** A package, and what may be done with it: an identifier or an expression of SPDX. */
export interface LicensedPackage extends Package {
  readonly license: string;
}

/** An npm package that carries packages of JSR, where those cannot be had from JSR. */
export interface Carrier extends LicensedPackage {
  /** As npm writes it: "sha512-" and base64. */
  readonly integrity: string;
}

/** An executable that was made. */
export interface MadeExecutable {
  /** The name of its file. */
  readonly name: string;
  readonly sha256: string;
}

/** The hashes in a lock file, by name and version, as in `yaml@2.9.1`. */
export interface Integrities {
  /** As npm writes it: "sha512-" and base64. */
  readonly npm: Readonly<Record<string, string>>;
  /** SHA-256, in hexadecimal digits, of JSR's manifest, which has the hash of every file. */
  readonly jsr: Readonly<Record<string, string>>;
}

/** What a bill of materials is made from. */
export interface Materials {
  /** The program itself. */
  readonly program: LicensedPackage;
  readonly executables: readonly MadeExecutable[];
  readonly jsr: readonly Package[];
  readonly npm: readonly LicensedPackage[];
  readonly integrities: Integrities;
  readonly carrier?: Carrier | undefined;
  readonly deno: string;
  readonly v8: string;
  readonly bases: readonly UsedBase[];
}

/** What JSR's packages are licensed under, by scope: looked up by hand, as JSR does not tell. */
const JSR_LICENSES: Readonly<Record<string, string>> = {
  "@cliffy": "MIT",
  "@std": "MIT",
  "@windmill-labs": "MIT",
};

/** One part, as CycloneDX has it. */
interface Component {
  readonly type: "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly unknown[];
  readonly [more: string]: unknown;
}

/**
 * Makes a bill of materials: CycloneDX 1.6, JSON, the same every time for the same materials, so
 * without the time and the serial number that are optional there.
 */
export function billOfMaterials(materials: Materials): string {
  const { program, executables, carrier, integrities } = materials;
  const jsr = materials.jsr.map((each) => jsrComponent(each, integrities.jsr));
  const parts = [
    denoComponent(materials),
    ...carrier === undefined ? jsr : [{
      ...npmComponent(carrier, { [nameOf(carrier)]: carrier.integrity }),
      description: "Stands in for JSR where that cannot be reached; not for a release",
      components: jsr,
    }],
    ...materials.npm.map((each) => npmComponent(each, integrities.npm)),
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
        licenses: licensesOf(program.license),
        purl,
        components: executables.map(({ name, sha256 }) => ({
          type: "file",
          "bom-ref": name,
          name,
          hashes: [{ alg: "SHA-256", content: sha256 }],
        })),
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

/** As CycloneDX tells apart an identifier of SPDX and an expression of several. */
function licensesOf(license: string): readonly unknown[] {
  return [/^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license }];
}

const nameOf = ({ name, version }: Package) => `${name}@${version}`;

/** Deno itself, with a hash of the base for each target, and the engine in it. */
function denoComponent({ deno, v8, bases }: Materials): Component {
  const purl = `pkg:github/denoland/deno@v${deno}`;
  return {
    type: "platform",
    "bom-ref": purl,
    name: "deno",
    version: deno,
    licenses: licensesOf("MIT"),
    purl,
    components: [{
      type: "library",
      "bom-ref": `pkg:github/v8/v8@${v8}`,
      name: "v8",
      version: v8,
      licenses: licensesOf("BSD-3-Clause"),
      purl: `pkg:github/v8/v8@${v8}`,
    }],
    externalReferences: bases.map(({ target, url, sha256 }) => ({
      type: "distribution",
      url,
      comment: target,
      hashes: [{ alg: "SHA-256", content: sha256 }],
    })),
  };
}

/** Package URLs have no type for JSR; its packages can be had from its registry for npm. */
function jsrComponent({ name, version }: Package, integrities: Integrities["jsr"]): Component {
  const [scope = "", own = ""] = name.split("/");
  const license = JSR_LICENSES[scope];
  if (license === undefined) throw new Error(`Cannot tell the license of ${name}: add it here`);
  const path = `${scope.slice(1)}__${own}@${version}`;
  const purl = `pkg:npm/%40jsr/${path}?repository_url=https://npm.jsr.io`;
  const licenses = licensesOf(license);
  const component = { type: "library", "bom-ref": purl, name, version, purl, licenses } as const;
  const content = integrities[nameOf({ name, version })];
  if (content === undefined) return component;
  return {
    ...component,
    externalReferences: [{
      type: "distribution",
      url: `https://jsr.io/${name}/${version}_meta.json`,
      comment: "The manifest, which has the hash of every file",
      hashes: [{ alg: "SHA-256", content }],
    }],
  };
}

function npmComponent(
  { name, version, license }: LicensedPackage,
  integrities: Integrities["npm"],
): Component {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const licenses = licensesOf(license);
  const component = { type: "library", "bom-ref": purl, name, version, purl, licenses } as const;
  const [algorithm, base64 = ""] = integrities[nameOf({ name, version })]?.split("-") ?? [];
  if (algorithm !== "sha512") return component;
  const content = Uint8Array.fromBase64(base64).toHex();
  return { ...component, hashes: [{ alg: "SHA-512", content }] };
}

/** The bill of what is compiled here. */
export async function ownBillOfMaterials(
  graph: ModuleGraph,
  executables: readonly MadeExecutable[],
  bases: readonly UsedBase[],
): Promise<string> {
  return billOfMaterials({
    program: { name: "limacharlie", version: config.version, license: config.license },
    executables,
    jsr: graph.jsr,
    npm: await Promise.all(graph.npm.map(readLicense)),
    integrities: await readIntegrities(),
    carrier: FROM_JSR ? undefined : await readCarrier(),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    bases,
  });
}

async function readLicense({ name, version, folder }: NpmPackage): Promise<LicensedPackage> {
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  if (typeof license !== "string") throw new Error(`Cannot tell the license of ${name}`);
  return { name, version, license };
}

/** Reads the hashes in the lock file that Deno uses; none where there is no such file. */
async function readIntegrities(): Promise<Integrities> {
  const option = DEPENDENCY_OPTIONS.find((each) => each.startsWith("--lock="));
  const path = option?.slice("--lock=".length) ?? `${ROOT}/deno.lock`;
  const text = await Deno.readTextFile(path).catch(() => "{}");
  const { npm, jsr }: Partial<Record<string, LockedPackages>> = JSON.parse(text);
  return { npm: integritiesOf(npm), jsr: integritiesOf(jsr) };
}

type LockedPackages = Readonly<Record<string, { readonly integrity?: string }>>;

function integritiesOf(packages: LockedPackages = {}): Record<string, string> {
  const entries = Object.entries(packages)
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
  const integrity = `sha512-${pin("_SHA512")}`;
  return { name: pin(""), version: pin("_VERSION"), license: "Apache-2.0", integrity };
}
