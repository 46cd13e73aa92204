// Writes .deps/import_map.json, which leads the bare names of deno.json to what lay_out.ts laid out
// and to npm, and prints what comes from npm. Run by settle.sh.

const root = Deno.args[0] ?? ".";
const map = `${root}/.deps/import_map.json`;

/** Where each bare name of deno.json leads, below .deps/npm. */
const MODULES: Record<string, string> = {
  "@cliffy/command": "cliffy/deps/jsr.io/@windmill-labs/cliffy-command/1.0.0-rc.5/mod.js",
  "@cliffy/prompt/confirm": "cliffy/deps/jsr.io/@windmill-labs/cliffy-prompt/1.0.0-rc.6/confirm.js",
  "@cliffy/prompt/input": "cliffy/deps/jsr.io/@windmill-labs/cliffy-prompt/1.0.0-rc.6/input.js",
  "@cliffy/prompt/secret": "cliffy/deps/jsr.io/@windmill-labs/cliffy-prompt/1.0.0-rc.6/secret.js",
  "@cliffy/prompt/select": "cliffy/deps/jsr.io/@windmill-labs/cliffy-prompt/1.0.0-rc.6/select.js",
  "@cliffy/table": "cliffy/deps/jsr.io/@windmill-labs/cliffy-table/1.0.0-rc.5/mod.js",
  "@std/assert": "std/assert/mod.js",
  "@std/cli/unicode-width": "cliffy/deps/jsr.io/@std/cli/1.0.0-rc.2/unicode_width.js",
  "@std/fmt/colors": "cliffy/deps/jsr.io/@std/fmt/1.0.8/colors.js",
};

const config = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`));
const npm = Object.entries(config.imports as Record<string, string>)
  .filter(([, specifier]) => specifier.startsWith("npm:"));
const laidOut = Object.entries(MODULES).map(([name, path]) => [name, `./npm/${path}`]);
const imports = Object.fromEntries([...npm, ...laidOut]);

Deno.writeTextFileSync(`${map}.part`, JSON.stringify({ imports }, null, 2) + "\n");
Deno.renameSync(`${map}.part`, map);
console.log(npm.map(([, specifier]) => specifier).join(" "));
