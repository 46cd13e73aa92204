import { inspect, ROOT } from "../deno_call.ts";

/** A package in the program. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

/** A package from npm, and where Deno keeps its files. */
export interface NpmPackage extends Package {
  readonly folder: string;
}

/** What the program is made of. */
export interface ModuleGraph {
  /** Files on this machine: the source, and what of the npm-only dependencies is used. */
  readonly files: readonly string[];
  /** Addresses of modules of code, those of JSR too, and where each is on this machine. */
  readonly code: Readonly<Record<string, string>>;
  /** Packages of JSR, wherever they were had from. */
  readonly jsr: readonly Package[];
  readonly npm: readonly NpmPackage[];
}

/** The part of what `deno info --json` prints that is used here. */
export interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly local?: string;
    readonly mediaType?: string;
  }[];
  readonly npmPackages: Readonly<
    Record<string, Package & { readonly localPath: string }>
  >;
}

/** Asks Deno what main.ts is made of. */
export async function readModuleGraph(): Promise<ModuleGraph> {
  return moduleGraphOf(await inspect<DenoInfo>(`${ROOT}/main.ts`));
}

/** Sorts what Deno says by where it comes from, each in the order of its names. */
export function moduleGraphOf({ modules, npmPackages }: DenoInfo): ModuleGraph {
  const files: string[] = [];
  const code: Record<string, string> = {};
  const jsr = new Map<string, Package>();
  for (const { specifier, local, mediaType } of modules) {
    // Declarations are for the type checker.
    if (mediaType === "Dts") continue;
    if (local !== undefined && specifier.startsWith("file:")) files.push(local);
    if (local !== undefined && mediaType !== "Json") code[specifier] = local;
    // An address of JSR, or its place in the package that carries it.
    const [, name, version] = specifier.match(/\/jsr\.io\/(@[^/]+\/[^/]+)\/([^/]+)\//) ?? [];
    if (name !== undefined && version !== undefined) {
      jsr.set(`${name}@${version}`, { name, version });
    }
  }
  const npm = Object.values(npmPackages)
    .map(({ name, version, localPath }) => ({ name, version, folder: localPath }));
  return { files: files.sort(), code, jsr: sorted([...jsr.values()]), npm: sorted(npm) };
}

function sorted<P extends Package>(packages: readonly P[]): readonly P[] {
  const key = ({ name, version }: Package) => `${name}@${version}`;
  return packages.toSorted((one, other) => key(one) < key(other) ? -1 : 1);
}
