import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { firstSteps } from "../../src/help/first_steps.ts";
import { TOPICS } from "../../src/help/topics.ts";
import { run as runProgram } from "../../src/app/root.ts";
import { runCommand } from "../support/command.ts";
import { fakeProcess } from "../support/fakes.ts";
import { temporaryHome } from "../support/home.ts";

const run = (line: string) => runCommand(line.split(" ").filter(Boolean), { env: {} });

Deno.test("the program alone says what to do first: to sign in", async () => {
  const { code, stdout, stderr } = await run("");
  assertEquals([code, stdout, stderr], [ExitCode.Done, firstSteps(), ""]);
  assertStringIncludes(stdout, "limacharlie auth login");
});

Deno.test("the program alone says where one is signed in, and what there is to do", async () => {
  const env = { LC_OID: "8cbe27f4", LC_API_KEY: "5b0c6f0e" };
  const { code, stdout, stderr } = await runCommand([], { env });
  assertEquals([code, stdout, stderr], [ExitCode.Done, firstSteps({ oid: "8cbe27f4" }), ""]);
  assertStringIncludes(stdout, "8cbe27f4");
  assertEquals(stdout.includes("auth login"), false);
  const chosen = await runCommand(["--oid", "other"], { env });
  assertEquals(chosen.stdout, firstSteps({ oid: "other" }));
});

Deno.test("the program alone says what to do first where the configuration cannot be used, too", async () => {
  using home = temporaryHome();
  await Deno.mkdir(home.join(".limacharlie.d"), { mode: 0o700 });
  const file = home.join(".limacharlie.d", "config.yaml");
  await Deno.writeTextFile(file, "oid: [", { mode: 0o600 });
  const process = fakeProcess({ env: home.env });
  assertEquals(await runProgram([], process), ExitCode.Done);
  assertEquals(process.terminal.stdout.text, firstSteps());
  assertStringIncludes(process.terminal.stderr.text, file);
});

Deno.test("help lists the topics", async () => {
  const { code, stdout } = await run("help");
  assertEquals(code, ExitCode.Done);
  for (const { name, summary } of TOPICS) {
    assertStringIncludes(stdout, name);
    assertStringIncludes(stdout, summary);
  }
  for (const line of stdout.split("\n")) assertEquals(line.length <= 80, true, line);
});

for (const { name, text } of TOPICS) {
  Deno.test(`help ${name} prints it`, async () => {
    const { code, stdout, stderr } = await run(`help ${name}`);
    assertEquals([code, stdout, stderr], [ExitCode.Done, text, ""]);
  });
}

for (const words of ["ai", "ai session attach", "help", "completions install"]) {
  Deno.test(`help ${words} is what ${words} --help is`, async () => {
    assertEquals(await run(`help ${words}`), await run(`${words} --help`));
  });
}

const MISTAKES: [line: string, message: string, hint: string][] = [
  ["help scriptin", 'No topic or command "scriptin"', 'Did you mean "scripting"?'],
  ["help ath", 'No topic or command "ath"', 'Did you mean "auth"?'],
  ["help attach", 'No topic or command "attach"', 'Did you mean "ai session attach"?'],
  ["help sesion list", 'No topic or command "sesion list"', 'Did you mean "ai session"?'],
  ["help xyzzy", 'No topic or command "xyzzy"', "See limacharlie help"],
  ["help ai sesion", 'Unknown command "sesion" of limacharlie ai', 'Did you mean "session"?'],
  ["ai sesion list", 'Unknown command "sesion" of limacharlie ai', 'Did you mean "session"?'],
  [
    "attach",
    'Unknown command "attach" of limacharlie',
    'Did you mean "limacharlie ai session attach"?',
  ],
  [
    "sessions list",
    'Unknown command "sessions" of limacharlie',
    'Did you mean "limacharlie ai session"?',
  ],
  // A name that comes closer elsewhere than here.
  [
    "sesion list",
    'Unknown command "sesion" of limacharlie',
    'Did you mean "limacharlie ai session"?',
  ],
  ["auth list", 'Unknown command "list" of limacharlie auth', 'Did you mean "list-envs"?'],
  [
    "login",
    'Unknown command "login" of limacharlie',
    'Did you mean "limacharlie auth login" or "limacharlie ai auth claude login"?',
  ],
  ["xyzzy", 'Unknown command "xyzzy" of limacharlie', "See limacharlie --help"],
  [
    "ai session list --status runing",
    'Invalid value "runing" of --status',
    'Did you mean "running"?',
  ],
  [
    "ai session list --status=xyzzy",
    'Invalid value "xyzzy" of --status',
    "Use one of starting, running, ended",
  ],
  ["ai session list -o jsom", 'Invalid value "jsom" of --output', 'Did you mean "json"'],
  ["completions install --shell fihs", 'Invalid value "fihs" of --shell', 'Did you mean "fish"?'],
  ["--hepl", 'Unknown option "--hepl" of limacharlie', 'Did you mean "--help"?'],
  [
    "ai session get aa11",
    "Unexpected argument: limacharlie ai session get takes none",
    "Did you mean limacharlie ai session get --id <id>?",
  ],
  [
    "ai start-session --model=m -- --x",
    "Unexpected argument: limacharlie ai start-session takes none",
    "Did you mean limacharlie ai start-session --definition <record>?",
  ],
  [
    "ai session get --id aa11 aa22",
    "Unexpected argument: limacharlie ai session get takes none",
    "See limacharlie ai session get --help",
  ],
  [
    "ai session wait --id aa11",
    'Missing required option "--until"',
    "See limacharlie ai session wait --help",
  ],
  [
    "ai session list --limit x",
    'Option "--limit" must be of type "integer", but got "x"',
    "See limacharlie ai session list --help",
  ],
  [
    "version x",
    "Unexpected argument: limacharlie version takes none",
    "See limacharlie version --help",
  ],
  ["ai --quite", 'Unknown option "--quite" of limacharlie ai', 'Did you mean "--quiet"?'],
  [
    "ai session get --ID aa11",
    'Unknown option "--ID" of limacharlie ai session get',
    'Did you mean "--id"?',
  ],
  [
    "ai session get -id aa11",
    'Unknown option "-id" of limacharlie ai session get',
    'Did you mean "--id"?',
  ],
  [
    "ai session terminate -x",
    'Unknown option "-x" of limacharlie ai session terminate',
    "See limacharlie ai session terminate --help",
  ],
  [
    "ai session terminate -Y",
    'Unknown option "-Y" of limacharlie ai session terminate',
    'Did you mean "-y"?',
  ],
  [
    "ai session wait --id aa11 --until idel",
    'Invalid value "idel" of --until',
    'Did you mean "idle"?',
  ],
];

for (const [line, message, hint] of MISTAKES) {
  Deno.test(`limacharlie ${line} says what was probably meant`, async () => {
    const { code, stdout, stderr } = await run(line);
    assertEquals([code, stdout], [ExitCode.Usage, ""]);
    assertStringIncludes(stderr, `Error: ${message}\nHint: ${hint}`);
  });
}
