import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import {
  findUnknownOption,
  type OwnOption,
  takeGlobalFlags,
  wordsOf,
} from "../../../src/app/global_flags.ts";

/** A command `ai start-session` with `--env` and `--prompt` of its own, and a switch. */
const own: OwnOption = (flag) =>
  ({ "--env": "value", "--prompt": "value", "--one-shot": "switch" } as const)[flag];

function take(...args: string[]) {
  const { flags, rest, help } = takeGlobalFlags(args, ["ai", "start-session"], own);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== false));
  return { given, rest, help };
}

const LINES: readonly [name: string, args: string[], given: object, rest: string[]][] = [
  ["before the command", ["--oid", "o", "ai", "start-session"], { oid: "o" }, []],
  ["between its words", ["ai", "-o", "json", "start-session"], { output: "json" }, []],
  ["behind it", ["ai", "start-session", "--quiet", "x"], { quiet: true }, ["x"]],
  ["with an equals sign", ["ai", "start-session", "--filter=a=b"], { filter: "a=b" }, []],
  ["with a value that is glued on", ["ai", "start-session", "-oyaml"], { output: "yaml" }, []],
  [
    "of both kinds where the command has its own",
    ["--env", "prod", "ai", "start-session", "--env", "K=V"],
    { env: "prod" },
    ["--env=K=V"],
  ],
  [
    "but not where they are the value of an option",
    ["ai", "start-session", "--prompt", "--quiet"],
    {},
    ["--prompt=--quiet"],
  ],
  ["but not behind --", ["ai", "start-session", "--", "--quiet"], {}, ["--", "--quiet"]],
];

for (const [name, args, given, rest] of LINES) {
  Deno.test(`takeGlobalFlags() takes flags ${name}`, () => {
    assertEquals(take(...args), { given, rest, help: false });
  });
}

Deno.test("takeGlobalFlags() keeps an empty value of the command's own", () => {
  assertEquals(take("ai", "start-session", "--env", "").rest, ["--env="]);
  assertEquals(take("ai", "start-session", "--env=").rest, ["--env="]);
});

Deno.test("takeGlobalFlags() takes --help, but not as a value", () => {
  assertEquals(take("ai", "start-session", "-h").help, true);
  assertEquals(take("ai", "start-session", "--prompt", "-h").help, false);
});

Deno.test("takeGlobalFlags() refuses a format that there is not, and a value that is missing", () => {
  assertThrows(() => take("-o", "xml"), CliError, '"xml"');
  assertThrows(() => take("--oid"), CliError, '"--oid"');
});

Deno.test("wordsOf() leaves out flags and their values", () => {
  assertEquals(wordsOf(["--oid", "ai", "-q", "session", "--output=json", "attach", "--", "x"]), [
    "session",
    "attach",
  ]);
});

Deno.test("findUnknownOption() finds what neither the command nor everybody has", () => {
  const { rest } = take("ai", "start-session", "--env", "--odd", "--one-shot", "x", "--odd=1");
  assertEquals(findUnknownOption(rest, own), "--odd");
});

Deno.test("findUnknownOption() knows short switches in one, and looks no further than --", () => {
  const short: OwnOption = (flag) => ["-v", "-i"].includes(flag) ? "switch" : undefined;
  assertEquals(findUnknownOption(["-vi", "-", "--", "--odd"], short), undefined);
  assertEquals(findUnknownOption(["-vx"], short), "-vx");
});
