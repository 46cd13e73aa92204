import { assertEquals } from "@std/assert";
import { readModuleGraph } from "../../scripts/release/module_graph.ts";

// A compiled program imports, requires and starts as a worker any file that it may read, whatever
// its permissions for imports are. So no code in the executable may do that with a name that isn't
// written there, or make code from text.

/** By these names code gets hold of other code, or makes it from text. */
const LOADERS = ["createRequire", "eval", "Function", "importScripts", "Worker"];

/** A command of yaml's, which nothing imports: package.json names it as a command only. */
const NOT_LOADED = /\/yaml\/[\d.]+\/dist\/cli\.mjs$/;

const plugin: Deno.lint.Plugin = {
  name: "code-loading",
  rules: {
    "no-unknown-code": {
      create(context) {
        const report = (node: Deno.lint.Node) =>
          context.report({ node, message: context.sourceCode.getText(node) });
        return {
          ImportExpression(node) {
            if (node.source.type !== "Literal") report(node);
          },
          CallExpression(node) {
            const isRequire = node.callee.type === "Identifier" && node.callee.name === "require";
            if (isRequire && node.arguments[0]?.type !== "Literal") report(node);
          },
          Identifier(node) {
            if (LOADERS.includes(node.name)) report(node);
          },
          MemberExpression({ computed, property }) {
            const name = property.type === "Literal" ? property.value : undefined;
            if (computed && LOADERS.some((loader) => loader === name)) report(property);
          },
        };
      },
    },
  },
};

function loadingIn(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ message }) => `${path}: ${message}`);
}

/** Every file of code in the executable: its name, and where it is. */
async function* codeFiles(): AsyncGenerator<readonly [name: string, path: string]> {
  const { code, npm } = await readModuleGraph();
  for (const [address, path] of Object.entries(code)) yield [new URL(address).pathname, path];
  for (const { folder } of npm) {
    for await (const path of codeFilesIn(folder)) yield [path, path];
  }
}

async function* codeFilesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* codeFilesIn(path);
    else if (/\.[cm]?js$/.test(name) && !NOT_LOADED.test(path)) yield path;
  }
}

Deno.test("code that loads code with a name that is not written there is found", () => {
  const samples = [
    "await import(name)",
    "await import(`./${name}.ts`)",
    'await import("./" + name)',
    "require(name)",
    "createRequire(place)",
    "new Worker(url)",
    "eval(text)",
    "new Function(text)",
    'globalThis["eval"](text)',
  ];
  for (const sample of samples) assertEquals(loadingIn("x.js", sample).length, 1, sample);
  const allowed =
    'await import("./x.ts"); require("x"); import x from "./x.ts"; export * from "x";';
  assertEquals(loadingIn("x.js", allowed), []);
});

Deno.test("nothing in the executable loads code with a name that is not written there", async () => {
  const found: string[] = [];
  let count = 0;
  for await (const [name, path] of codeFiles()) {
    found.push(...loadingIn(name, await Deno.readTextFile(path)));
    count++;
  }
  assertEquals(found, []);
  // The program, Cliffy, and four packages of npm.
  assertEquals(count > 300, true, `only ${count} files were looked at`);
});
