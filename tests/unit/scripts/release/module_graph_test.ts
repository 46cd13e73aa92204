import { assertEquals } from "@std/assert";
import { ROOT } from "../../../../scripts/deno_call.ts";
import { moduleGraphOf, readModuleGraph } from "../../../../scripts/release/module_graph.ts";

Deno.test("moduleGraphOf() finds packages of JSR by address and in a carrier, each once", () => {
  const carried = "/x/.deps/npm/cliffy/deps/jsr.io/@std/fmt/1.0.8/colors.js";
  const { jsr, files, code } = moduleGraphOf({
    modules: [
      { specifier: "https://jsr.io/@std/cli/1.0.32/a.ts", local: "/cache/1" },
      { specifier: "https://jsr.io/@std/cli/1.0.32/b.ts", local: "/cache/2" },
      { specifier: `file://${carried}`, local: carried },
      { specifier: `file://${carried}.d.ts`, local: `${carried}.d.ts`, mediaType: "Dts" },
      { specifier: "file:///x/deno.json", local: "/x/deno.json", mediaType: "Json" },
      { specifier: "file:///x/main.ts", local: "/x/main.ts" },
      { specifier: "node:path" },
    ],
    npmPackages: {},
  });
  assertEquals(jsr, [
    { name: "@std/cli", version: "1.0.32" },
    { name: "@std/fmt", version: "1.0.8" },
  ]);
  assertEquals(files, [carried, "/x/deno.json", "/x/main.ts"]);
  assertEquals(code, {
    "https://jsr.io/@std/cli/1.0.32/a.ts": "/cache/1",
    "https://jsr.io/@std/cli/1.0.32/b.ts": "/cache/2",
    [`file://${carried}`]: carried,
    "file:///x/main.ts": "/x/main.ts",
  });
});

Deno.test("readModuleGraph() has the source and the packages of the program", async () => {
  const { files, jsr, npm } = await readModuleGraph();
  assertEquals(files.includes(`${ROOT}/main.ts`), true);
  assertEquals(npm.map(({ name }) => name).includes("yaml"), true);
  assertEquals(jsr.length > 0, true);
});
