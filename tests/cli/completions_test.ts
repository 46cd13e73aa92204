import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { resolvePath } from "../../src/app/command_tree.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { run } from "../../src/app/root.ts";
import { COMPLETION_ENTRY } from "../../src/completion/entry_name.ts";
import { scriptOf } from "../../src/completion/scripts.ts";
import { SHELLS } from "../../src/completion/shells.ts";
import { TOPICS } from "../../src/help/topics.ts";
import type { Network } from "../../src/app/deps.ts";
import { FakeClock, fakeProcess, FakePrompter, FakeTerminal } from "../support/fakes.ts";
import { PatientClock } from "../support/api_client.ts";
import { temporaryHome } from "../support/home.ts";
import { startServer } from "../support/server.ts";

/** Runs the program in this process, on a clock that stands still unless another one is given. */
async function runWith(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { network = { fetch, WebSocket }, clock = new FakeClock() }: {
    readonly network?: Network;
    readonly clock?: FakeClock;
  } = {},
) {
  const terminal = new FakeTerminal({ terminal: true });
  const prompter = new FakePrompter([]);
  const code = await run(args, fakeProcess({ env, clock, terminal, prompter, network }));
  const { stdout, stderr } = terminal;
  return { code, stdout: stdout.text, stderr: stderr.text, asked: prompter.asked };
}

/** What fish asks about a line whose last word is the one at the cursor. */
function question(...words: string[]): string[] {
  return [COMPLETION_ENTRY, "fish", ...words];
}

/** The candidates that fish would get behind a line. */
async function candidates(
  line: string,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { code, stdout, stderr } = await runWith(question(...line.split(" ")), env);
  assertEquals([code, stderr], [ExitCode.Done, ""]);
  return stdout.split("\n").slice(1, -1).map((each) => each.split("\t")[0] ?? "");
}

for (const shell of SHELLS) {
  Deno.test(`completions ${shell} prints the script`, async () => {
    const { code, stdout } = await runWith(["completions", shell], {});
    assertEquals([code, stdout], [ExitCode.Done, scriptOf(shell)]);
  });

  Deno.test(`completions install --shell ${shell} says what it changed, and uninstall takes it back`, async () => {
    using home = temporaryHome();
    const installed = await runWith(["completions", "install", "--shell", shell], home.env);
    assertEquals([installed.code, installed.stdout], [ExitCode.Done, ""]);
    const paths = installed.stderr.match(new RegExp(`${home.path}/[^\\s,]+`, "g")) ?? [];
    assert(paths.length > 0, installed.stderr);
    for (const path of paths) assert((await Deno.stat(path)).isFile, path);
    const removed = await runWith(["completions", "uninstall", "--shell", shell], home.env);
    for (const path of paths) assertStringIncludes(removed.stderr, path);
    assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);
  });
}

Deno.test("completions install takes the shell of SHELL, and refuses one that it doesn't know", async () => {
  using home = temporaryHome();
  const install = (shell: string) =>
    runWith(["completions", "install"], { ...home.env, SHELL: shell });
  const { code, stderr } = await install("/bin/tcsh");
  assertEquals(code, ExitCode.Usage);
  assertEquals(
    stderr,
    'Error: No completion for shell "tcsh"\n' +
      "Hint: Name one with --shell: bash, zsh, fish, powershell\n",
  );
  assertStringIncludes((await install("/usr/bin/fish")).stderr, ".config/fish/completions");
});

Deno.test("completions uninstall says so where nothing is installed", async () => {
  using home = temporaryHome();
  const { code, stderr } = await runWith(["completions", "uninstall", "--shell", "zsh"], home.env);
  assertEquals([code, stderr], [
    ExitCode.Done,
    "Nothing to remove: nothing is installed for zsh\n",
  ]);
});

Deno.test("Tab completes every command, and every flag of it", async () => {
  const session = resolvePath(["ai", "session"]).at(-1)?.children ?? [];
  assertEquals(await candidates("ai session ", {}), session.map(({ name }) => name));
  const flags = await candidates("ai chats list --status running ", {});
  assertEquals(flags.slice(0, 3), ["--limit", "--cursor", "--oid"]);
  assertEquals(flags.slice(-2), ["--version", "--help"]);
});

Deno.test("Tab completes the values that commands check", async () => {
  assertEquals(await candidates("ai session list --status ", {}), ["starting", "running", "ended"]);
  assertEquals(await candidates("auth get-token --format=", {}), ["--format=raw", "--format=json"]);
  assertEquals(await candidates("completions install --shell ", {}), [...SHELLS]);
  assertEquals((await candidates("-o ", {})).slice(0, 2), ["json", "yaml"]);
});

Deno.test("Tab completes what help explains", async () => {
  const topics = await candidates("help ", {});
  assertEquals(topics.slice(0, TOPICS.length), TOPICS.map(({ name }) => name));
  assert(topics.includes("ai"), topics.join(" "));
});

Deno.test("Tab completes ids by the --oid of the line, and leaves --env of start-session alone", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { acme, globex } = emulator.accounts.organizations;
  emulator.createSession({ id: "at-acme", owner: { oid: acme.oid } });
  emulator.createSession({ id: "at-globex", owner: { oid: globex.oid } });
  const env = { ...emulator.environment, ...home.env };
  assertEquals(await candidates("ai session get --id ", env), ["at-acme"]);
  assertEquals(await candidates(`ai session get --oid ${globex.oid} --id `, env), ["at-globex"]);
  const behind = await runWith(
    [COMPLETION_ENTRY, "zsh", "80", "4", "ai", "session", "get", "--id", "", "--oid", globex.oid],
    env,
  );
  assertStringIncludes(behind.stdout, "at-globex");
  assertEquals(
    (await candidates("ai start-session --env A=B --definition ", env))[0],
    "triage-bot",
  );
});

Deno.test("Tab completes what was listed just now, and asks nobody for it", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const owner = { oid: emulator.accounts.organizations.acme.oid };
  emulator.createSession({ id: "ours", owner });
  emulator.createSession({ id: "ended", owner, status: "ended" });
  emulator.createSession({ id: "mine" });
  const env = { ...emulator.environment, ...home.env };
  const offline = { network: { fetch: () => new Promise<never>(() => {}), WebSocket } };
  const ids = async (family: string) => {
    const asked = runWith(question("ai", family, "get", "--id", ""), env, offline);
    return (await asked).stdout.split("\n").slice(1, -1).map((line) => line.split("\t")[0]);
  };
  const cache = home.join(".limacharlie.d", "completion_cache.json");
  await runWith(["ai", "session", "list"], env);
  assertEquals(await Deno.stat(cache).catch(() => "none"), "none");
  await candidates("ai start-session --definition ", env);
  for (const flags of [["--status", "running"], ["--limit", "1"]]) {
    assertEquals((await runWith(["ai", "session", "list", ...flags], env)).code, ExitCode.Done);
  }
  assertStringIncludes(await Deno.readTextFile(cache), "triage-bot");
  assertEquals((await Deno.readTextFile(cache)).includes("ours"), false);
  for (const family of ["session", "chats"]) await runWith(["ai", family, "list"], env);
  const found = [(await ids("session")).toSorted(), await ids("chats")];
  assertEquals(found, [["ended", "ours"], ["mine"]]);
});

Deno.test("auth logout forgets what Tab has shown", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { LC_OID, LC_UID, LC_API_KEY, ...hosts } = emulator.environment;
  await Deno.mkdir(home.join(".limacharlie.d"), { mode: 0o700 });
  await Deno.writeTextFile(
    home.join(".limacharlie.d", "config.yaml"),
    JSON.stringify({ oid: LC_OID, uid: LC_UID, api_key: LC_API_KEY }),
    { mode: 0o600 },
  );
  const env = { ...hosts, ...home.env };
  await candidates("ai start-session --definition ", env);
  const files = async () =>
    (await Array.fromAsync(Deno.readDir(home.join(".limacharlie.d")))).map(({ name }) => name);
  assert((await files()).includes("completion_cache.json"));
  assertEquals((await runWith(["auth", "logout"], env)).code, ExitCode.Done);
  assertEquals(await files(), ["config.yaml"]);
});

Deno.test("Tab prints nothing but candidates and asks nobody, whatever is wrong", async () => {
  using home = temporaryHome();
  const network: Network = {
    fetch: () => Promise.reject(new TypeError("No name servers")),
    WebSocket,
  };
  const env = { ...home.env, LC_OID: "o", LC_API_KEY: "k" };
  const lines = [
    ["--debug", "--debug-full", "ai", "session", "get", "--id", ""],
    ["--env", "unknown", "ai", "session", "get", "--id", ""],
    ["--ca-file", "/nowhere", "ai", "session", "get", "--id", ""],
    ["no", "such", "command", ""],
    ["--oid", ""],
    ["--unknown="],
  ];
  for (const words of lines) {
    const done = runWith(question(...words), env, {
      network,
      clock: new PatientClock(),
    });
    assertEquals(
      await done,
      { code: ExitCode.Done, stdout: ":\n", stderr: "", asked: [] },
      words.join(" "),
    );
  }
  assertEquals((await runWith([COMPLETION_ENTRY], env)).stderr, "");
});
