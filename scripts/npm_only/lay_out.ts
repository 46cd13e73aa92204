// Lays out, under .deps/npm/, the parts of the two carrier packages that are Cliffy and @std. Run
// by settle.sh after both were checked.

const root = Deno.args[0] ?? ".";
const deps = `${root}/.deps`;
const carrier = `${deps}/carriers/cliffy/package`;
const std = `${deps}/carriers/std/package`;
const target = `${deps}/npm`;
const part = `${target}.part`;

/** Folders of the Cliffy carrier that are taken; nothing else of it is. */
const TAKEN = [
  "deps/jsr.io/@windmill-labs/cliffy-ansi",
  "deps/jsr.io/@windmill-labs/cliffy-command",
  "deps/jsr.io/@windmill-labs/cliffy-flags",
  "deps/jsr.io/@windmill-labs/cliffy-internal",
  "deps/jsr.io/@windmill-labs/cliffy-keycode",
  "deps/jsr.io/@windmill-labs/cliffy-prompt",
  "deps/jsr.io/@windmill-labs/cliffy-table",
  "deps/jsr.io/@std",
];

function copy(from: string, to: string, wanted: (name: string) => boolean): void {
  for (const entry of Deno.readDirSync(from)) {
    if (entry.isDirectory) {
      copy(`${from}/${entry.name}`, `${to}/${entry.name}`, wanted);
    } else if (entry.isFile && wanted(entry.name)) {
      Deno.mkdirSync(to, { recursive: true });
      Deno.copyFileSync(`${from}/${entry.name}`, `${to}/${entry.name}`);
    }
  }
}

/** Names each module's declarations in the module itself, as Deno wants it for JavaScript. */
function nameTypes(folder: string): void {
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      nameTypes(path);
    } else if (entry.name.endsWith(".js")) {
      const declarations = entry.name.replace(/\.js$/, ".d.ts");
      try {
        Deno.statSync(`${folder}/${declarations}`);
      } catch {
        continue;
      }
      const source = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, `/* @ts-self-types="./${declarations}" */\n${source}`);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

removeIfThere(part);
for (const folder of TAKEN) {
  copy(`${carrier}/esm/${folder}`, `${part}/cliffy/${folder}`, (name) => name.endsWith(".js"));
  copy(`${carrier}/types/${folder}`, `${part}/cliffy/${folder}`, (name) => name.endsWith(".d.ts"));
}
// The carrier's shim stands in for Deno on Node; here is the real one.
Deno.writeTextFileSync(
  `${part}/cliffy/_dnt.shims.js`,
  "const deno = globalThis.Deno;\nexport { deno as Deno };\nexport const dntGlobalThis = globalThis;\n",
);
Deno.writeTextFileSync(
  `${part}/cliffy/_dnt.shims.d.ts`,
  `export declare namespace Deno {
  type SetRawOptions = globalThis.Deno.SetRawOptions;
}
export declare const dntGlobalThis: typeof globalThis;
`,
);
for (const folder of ["assert", "internal"]) {
  copy(`${std}/${folder}`, `${part}/std/${folder}`, (name) => name.endsWith(".js"));
}
copy(`${root}/scripts/npm_only/types`, `${part}/std`, (name) => name.endsWith(".d.ts"));
nameTypes(part);

removeIfThere(target);
Deno.renameSync(part, target);
