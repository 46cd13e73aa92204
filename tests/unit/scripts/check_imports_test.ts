import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { checkImports } from "../../../scripts/check_imports.ts";
import { temporaryFolder } from "../../support/home.ts";

/** A project that is as it should be. */
const GOOD: Readonly<Record<string, string>> = {
  "main.ts": 'import "./src/app/root.ts";',
  "src/app/root.ts": 'import "../term/system.ts"; await import("../commands/ai/chat.ts");',
  "src/app/deps.ts":
    'import type { Terminal } from "../term/terminal.ts"; export type { Terminal };',
  "src/app/errors.ts": "export class CliError extends Error {}",
  "src/commands/ai/chat.ts": `
    import type { Terminal } from "../../app/deps.ts";
    import { rest } from "../../api/rest.ts";
    import { render } from "../../render/table.ts";
    export const run = (terminal: Terminal) => [terminal, rest, render];`,
  "src/api/rest.ts": `
    import { CliError } from "../app/errors.ts";
    import { frame } from "../protocol/frames.ts";
    export const rest = [CliError, frame];`,
  "src/protocol/frames.ts": "export const frame = 1;",
  "src/render/table.ts": 'export { frame as render } from "../protocol/frames.ts";',
  "src/term/terminal.ts": "export interface Terminal {}",
  "src/term/system.ts": 'import type { Terminal } from "./terminal.ts"; export type { Terminal };',
};

/** What is wrong with that project after some files are changed. */
async function findings(changes: Readonly<Record<string, string>> = {}): Promise<string[]> {
  using folder = temporaryFolder("limacharlie imports ");
  for (const [path, source] of Object.entries({ ...GOOD, ...changes })) {
    await Deno.mkdir(dirname(folder.join(path)), { recursive: true });
    await Deno.writeTextFile(folder.join(path), source);
  }
  return await checkImports(folder.path);
}

Deno.test("checkImports() finds nothing in a project that is as designed", async () => {
  assertEquals(await findings(), []);
});

const BAD: readonly [path: string, source: string, finding: string][] = [
  [
    "src/api/rest.ts",
    'export { render as rest } from "../render/table.ts";',
    "src/api/rest.ts imports src/render/table.ts, and api must not",
  ],
  [
    "src/api/rest.ts",
    'import type { Terminal } from "../term/terminal.ts"; export const rest = {} as Terminal;',
    "src/api/rest.ts imports src/term/terminal.ts, and api must not",
  ],
  [
    "src/render/table.ts",
    'export { CliError as render } from "../app/errors.ts";',
    "src/render/table.ts imports src/app/errors.ts, and render must not",
  ],
  [
    "src/commands/ai/chat.ts",
    'import "../../app/root.ts"; import "../../render/table.ts"; import "../../api/rest.ts";',
    "src/commands/ai/chat.ts imports src/app/root.ts, and commands must not",
  ],
  [
    "src/protocol/frames.ts",
    'import "node:path"; export const frame = 1;',
    "src/protocol/frames.ts imports node:path, and protocol must not",
  ],
  [
    "src/app/deps.ts",
    'import { frame } from "../protocol/frames.ts"; export type Terminal = typeof frame;',
    "src/app/deps.ts imports src/protocol/frames.ts, and app must not",
  ],
  [
    "main.ts",
    'import "./src/app/root.ts"; import "./src/api/rest.ts";',
    "main.ts imports src/api/rest.ts, and main.ts must not",
  ],
  [
    "src/render/table.ts",
    'import "@cliffy/command"; export const render = 1;',
    "src/render/table.ts imports @cliffy/command, and render must not",
  ],
  ["src/render/old.ts", "export {};", "src/render/old.ts is not used by main.ts"],
];

for (const [path, source, finding] of BAD) {
  Deno.test(`checkImports() finds that ${finding}`, async () => {
    assertEquals((await findings({ [path]: source })).slice(0, 1), [finding]);
  });
}

Deno.test("checkImports() finds a folder that is not of the design", async () => {
  const found = await findings({
    "src/misc/x.ts": "export {};",
    "src/term/system.ts": 'import "../misc/x.ts";',
  });
  assertEquals(found, [
    "src/misc/x.ts is in no folder of the design",
    "src/term/system.ts imports src/misc/x.ts, and term must not",
  ]);
});

Deno.test("checkImports() finds files that import each other, but not by types alone", async () => {
  const circle = (kind: string) => ({
    "src/render/table.ts": 'export * from "./one.ts"; export const render = 1;',
    "src/render/one.ts": 'export * from "./two.ts"; export const one = 1;',
    "src/render/two.ts": `import ${kind} { one } from "./one.ts"; export type Two = typeof one;
      export const two = 2;`,
  });
  assertEquals(await findings(circle("")), [
    "src/render/one.ts imports src/render/two.ts imports src/render/one.ts: a circle",
  ]);
  assertEquals(await findings(circle("type")), []);
});
