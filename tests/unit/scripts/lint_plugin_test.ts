import { assertEquals } from "@std/assert";
import plugin from "../../../scripts/lint_plugin.ts";

/** What is found in a source, as rule and text. */
function findings(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source)
    .map(({ id, range }) => `${id.replace("limacharlie/", "")}: ${source.slice(...range)}`);
}

const BAD: readonly [path: string, source: string, finding: string][] = [
  ["src/api/rest.ts", 'console.log("hello");', "process-access: console.log"],
  ["tests/unit/x_test.ts", 'console.error("hello");', "process-access: console.error"],
  ["src/chat/loop.ts", "Deno.exit(1);", "process-access: Deno.exit"],
  ["src/chat/loop.ts", "globalThis.Deno.exit(1);", "process-access: globalThis.Deno.exit"],
  ["main.ts", "await Deno.stdout.write(bytes);", "process-access: Deno.stdout"],
  ["src/chat/loop.ts", "const now = Date.now();", "process-access: Date.now"],
  ["src/chat/loop.ts", "const now = new Date();", "process-access: new Date()"],
  ["src/api/rest.ts", "setTimeout(again, 1000);", "process-access: setTimeout"],
  ["src/api/rest.ts", "const answer = await fetch(url);", "process-access: fetch"],
  ["src/api/rest.ts", "const socket = new WebSocket(url);", "process-access: WebSocket"],
  ["src/config/paths.ts", 'const home = Deno.env.get("HOME");', "process-access: Deno.env"],
  [
    "src/term/keys.ts",
    'Deno.addSignalListener("SIGINT", stop);',
    "process-access: Deno.addSignalListener",
  ],
  [
    "src/api/rest.ts",
    "export default class Rest {}",
    "no-default-export: export default class Rest {}",
  ],
  ["scripts/x.ts", "// TODO: finish this\nrun();", "no-todo: // TODO: finish this"],
  ["src/a.ts", "/** FIXME later */\nrun();", "no-todo: /** FIXME later */"],
  ["src/a.ts", 'throw new CliError("cannot go", 1);', 'error-message: "cannot go"'],
  ["src/a.ts", 'throw usageError("Cannot go.");', 'error-message: "Cannot go."'],
  ["src/a.ts", "throw new Error(`bad ${name}`);", "error-message: `bad ${name}`"],
  ["src/a.ts", "throw new TypeError(`Bad ${name}.`);", "error-message: `Bad ${name}.`"],
  [
    "src/a.ts",
    'throw new Error("Bad " + "thing.");',
    'error-message: "Bad " + "thing."',
  ],
  ["src/chat/x.ts", "view.print(text as SafeText);", "safe-text: text as SafeText"],
  ["src/chat/x.ts", "view.print(<SafeText> text);", "safe-text: <SafeText> text"],
  [
    "src/x.ts",
    'a.split("b") as readonly SafeText[];',
    'safe-text: a.split("b") as readonly SafeText[]',
  ],
  ["src/x.ts", "text as unknown as Row;", "safe-text: text as unknown as Row"],
  ["src/x.ts", "return { text } as Frame;", "safe-text: { text } as Frame"],
  ["src/x.ts", 'import { SafeText as Text } from "./y.ts";', "safe-text: Text"],
  ["main.ts", "print(text as never);", "safe-text: text as never"],
  [
    "src/x.ts",
    "function isSafe(text: string): text is SafeText { return true; }",
    "safe-text: text is SafeText",
  ],
  ["src/x.ts", "function f(t: string): SafeText;", "safe-text: function f(t: string): SafeText;"],
  ["src/x.ts", "declare const t: SafeText;", "safe-text: declare const t: SafeText;"],
  ["src/x.ts", "safeText([text]);", "safe-text: safeText"],
  ["src/x.ts", "const tag = safeText;", "safe-text: safeText"],
  ["src/x.ts", "promise.catch((error) => print(error));", "safe-text: error"],
  ["src/x.ts", "promise.then(go, (error) => print(error));", "safe-text: error"],
  ["src/x.ts", "const value = JSON.parse(text);", "safe-text: JSON.parse(text)"],
  ["src/x.ts", "view.print(JSON.parse(text));", "safe-text: JSON.parse(text)"],
  ["src/x.ts", "print(JSON.parse(text).name);", "safe-text: JSON.parse(text)"],
  [
    "src/x.ts",
    "// deno-lint-ignore limacharlie/safe-text\nprint(text);",
    "safe-text: // deno-lint-ignore limacharlie/safe-text",
  ],
  ["src/x.ts", "// @ts-ignore: it works\nprint(text);", "safe-text: // @ts-ignore: it works"],
  ["tests/unit/x_test.ts", 'Deno.test("it works", run);', 'test-name: "it works"'],
  ["tests/unit/x_test.ts", 'testWith([], "it works", run);', 'test-name: "it works"'],
  [
    "tests/cli/x_test.ts",
    'Deno.test("version prints it.", run);',
    'test-name: "version prints it."',
  ],
];

for (const [path, source, finding] of BAD) {
  Deno.test(`plugin.rules find ${JSON.stringify(source)} in ${path}`, () => {
    assertEquals(findings(path, source), [finding]);
  });
}

const GOOD: readonly [path: string, source: string][] = [
  ["scripts/test.ts", 'console.log("hello");\nDeno.exit(0);'],
  ["main.ts", "Deno.exit(await run(Deno.args));"],
  ["src/app/system.ts", "const now = Date.now();\nconst env = Deno.env;\nfetch(url);"],
  ["src/term/system.ts", "read(Deno.stdin);"],
  ["src/api/rest.ts", "await network.fetch(url);\nnew network.WebSocket(url);"],
  ["src/api/rest.ts", "if (socket.readyState === WebSocket.OPEN) send();"],
  ["src/api/rest.ts", "const date = new Date(clock.now());\nconst at = Date.parse(text);"],
  ["src/api/rest.ts", "export class Rest {}"],
  ["src/render/safe_text.ts", "view.print(text as SafeText);"],
  ["src/render/width.ts", "function f(t: SafeText): SafeText;"],
  ["tests/unit/x_test.ts", "view.print(text as SafeText);"],
  ["src/x.ts", "view.print(safeText`${count} files`);\nimport { safeText } from './y.ts';"],
  ["src/x.ts", "const value: unknown = JSON.parse(text);\nvalue2 = JSON.parse(text);"],
  ["src/x.ts", "const frame = toFrame(JSON.parse(text));"],
  ["src/x.ts", "promise.catch((error: unknown) => print(error));\npromise.then(go, stop);"],
  ["src/x.ts", 'const name = value as string;\nconst kinds = ["a"] as const;'],
  ["src/a.ts", 'throw new CliError("Cannot go", 1);'],
  ["src/a.ts", 'throw fileError("read", path);'],
  ["src/a.ts", 'throw new AggregateError(errors, "All failed");'],
  ["src/a.ts", 'throw usageError(`"${name}" is unknown...`);'],
  ["tests/unit/x_test.ts", 'Deno.test("run() works", go);'],
  ["tests/unit/x_test.ts", 'Deno.test("Turn.isWorking is true", go);'],
  ["tests/unit/x_test.ts", "Deno.test(`run() finds ${name}`, go);\nDeno.test(name, go);"],
  ["tests/cli/x_test.ts", 'Deno.test("version prints itself", go);'],
];

for (const [path, source] of GOOD) {
  Deno.test(`plugin.rules accept ${JSON.stringify(source)} in ${path}`, () => {
    assertEquals(findings(path, source), []);
  });
}
