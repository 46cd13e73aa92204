import { inspect } from "./deno_call.ts";
import { listFiles } from "./list_files.ts";

/** One file of the project and what it imports. */
export interface SourceFile {
  /** Path in the project, as in `src/api/rest.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** Path in the project, or the name of a package. */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** What the files of each folder of src may import, beside their own folder and the leaves. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["app", "render", "term"],
  app: [
    "api",
    "chat",
    "commands",
    "completion",
    "config",
    "emulator",
    "help",
    "net",
    "protocol",
    "render",
    "term",
  ],
  commands: [
    "api",
    "chat",
    "completion",
    "config",
    "emulator",
    "help",
    "net",
    "protocol",
    "recording",
    "render",
    "term",
  ],
  chat: ["api", "config", "protocol", "recording", "render", "term"],
  completion: ["api", "config", "protocol", "render"],
  help: ["render", "term"],
  api: ["config", "protocol"],
  config: [],
  net: [],
  emulator: ["protocol"],
  recording: ["protocol", "render"],
  term: ["render"],
  render: ["protocol"],
  protocol: [],
};

/** What folders other than these may import: they import one another, and types. */
const LEAVES = ["src/app/deps.ts", "src/app/errors.ts", "src/app/exit_codes.ts"];

const WITHOUT_LEAVES = ["protocol", "render"];

/** Packages that only some places may know. */
const PACKAGES: readonly { readonly name: string; readonly within: readonly string[] }[] = [
  { name: "@cliffy/command", within: ["src/app/", "src/commands/"] },
  { name: "@cliffy/prompt", within: ["src/term/"] },
  { name: "@cliffy/table", within: ["src/render/"] },
];

/**
 * Checks which file imports which.
 *
 * @param root the project's folder, with main.ts and src
 * @returns what is wrong, one line each
 */
export async function checkImports(root: string): Promise<string[]> {
  const files = await readImports(root);
  return [
    ...files.flatMap(checkDirections),
    ...findCircles(files),
    ...await findUnused(root, files),
  ];
}

function checkDirections({ path, imports }: SourceFile): string[] {
  const place = placeOf(path);
  const allowed = MAY_IMPORT[place];
  if (allowed === undefined) return [`${path} is in no folder of the design`];
  return imports.filter((each) => !mayImport(path, each)).map(({ target }) =>
    `${path} imports ${target}, and ${place} must not`
  );
}

function mayImport(path: string, { target, typeOnly }: Import): boolean {
  const place = placeOf(path);
  if (LEAVES.includes(path)) return typeOnly || LEAVES.includes(target);
  if (!target.startsWith("src/")) {
    const rule = PACKAGES.find(({ name }) => target === name || target.startsWith(`${name}/`));
    return rule?.within.some((folder) => path.startsWith(folder)) ?? place !== "protocol";
  }
  if (LEAVES.includes(target) && !WITHOUT_LEAVES.includes(place)) return true;
  return placeOf(target) === place || MAY_IMPORT[place]?.includes(placeOf(target)) === true;
}

/** The folder below src that a file is in; for a file outside of src, the file itself. */
function placeOf(path: string): string {
  return path.match(/^src\/(\w+)\//)?.[1] ?? path;
}

/** Finds files that import each other, types aside, each circle once. */
function findCircles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [
    file.path,
    file.imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
  ]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      circles.push(`${[...trail.slice(start), path].join(" imports ")}: a circle`);
    } else if (!done.has(path)) {
      for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    }
  };
  for (const { path } of files) visit(path, []);
  return circles;
}

/** Finds files below src that main.ts doesn't lead to. */
async function findUnused(root: string, files: readonly SourceFile[]): Promise<string[]> {
  const used = new Set(files.map(({ path }) => path));
  const all = (await listFiles(`${root}/src`)).map((path) => `src/${path}`);
  return all.filter((path) => path.endsWith(".ts") && !used.has(path))
    .map((path) => `${path} is not used by main.ts`);
}

/** What `deno info --json` says of one module. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

async function readImports(root: string): Promise<SourceFile[]> {
  const { modules } = await inspect<{ readonly modules: readonly Module[] }>(`${root}/main.ts`);
  const base = new URL(`file://${root}/`).href;
  const pathOf = (specifier: string) =>
    specifier.startsWith(`${base}src/`) || specifier === `${base}main.ts`
      ? decodeURI(specifier.slice(base.length))
      : undefined;
  return modules.flatMap(({ specifier, dependencies = [] }) => {
    const path = pathOf(specifier);
    if (path === undefined) return [];
    const imports = dependencies.map((each) => {
      const resolved = each.code?.specifier ?? each.type?.specifier ?? "";
      return { target: pathOf(resolved) ?? each.specifier, typeOnly: each.code === undefined };
    });
    return [{ path, imports }];
  });
}
