import { assert, assertEquals } from "@std/assert";
import { COMPLETION_ENTRY } from "../../src/completion/entry_name.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { programCommand } from "../support/executable.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { DENO_ENV, runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool, which } from "../support/skip.ts";
import { openScreen, type Screen } from "../support/tmux.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = typeof SHELLS[number];

/** A person's home, and the program as `limacharlie` on their PATH. */
interface Desk extends Disposable {
  readonly folder: TemporaryFolder;
  readonly env: Readonly<Record<string, string>>;
}

function makeDesk(env: Readonly<Record<string, string>>): Desk {
  const folder = temporaryFolder();
  const words = programCommand().map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  Deno.mkdirSync(folder.join("bin"));
  Deno.writeTextFileSync(folder.join("bin", "limacharlie"), `#!/bin/sh\nexec ${words} "$@"\n`, {
    mode: 0o755,
  });
  return {
    folder,
    env: {
      ...env,
      ...DENO_ENV,
      HOME: folder.path,
      PATH: `${folder.join("bin")}:/usr/local/bin:/usr/bin:/bin`,
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Runs the program at a desk. */
function run(desk: Desk, ...args: string[]) {
  return runProgram(args, { command: programCommand(), env: desk.env, cwd: desk.folder.path });
}

/** Opens a shell in which completion was installed. */
async function openShell(shell: Shell, desk: Desk): Promise<Screen> {
  const { code, stderr } = await run(desk, "completions", "install", "--shell", shell);
  assertEquals(code, 0, stderr);
  const { path } = desk.folder;
  const rc = { bash: ".bashrc", zsh: ".zshrc", fish: ".config/fish/config.fish" }[shell];
  const prompt = shell === "fish"
    ? "function fish_prompt; echo '$ '; end\nset fish_greeting\nset fish_autosuggestion_enabled 0\n"
    : shell === "zsh"
    // Options that some people set, under which words mean something else.
    ? "PS1='$ '\nsetopt ksharrays shwordsplit\n"
    : "PS1='$ '\n";
  const before = await Deno.readTextFile(`${path}/${rc}`).catch(() => "");
  // The package that loads it would be too much to ask of a test's machine.
  const script = `. '${path}/.local/share/bash-completion/completions/limacharlie'\n`;
  const load = shell === "bash" && !before.includes(script) ? script : "";
  await Deno.writeTextFile(`${path}/${rc}`, `${prompt}${before}${load}`);
  const screen = await openScreen({
    command: [which(shell) ?? "", ...(shell === "fish" ? [] : ["-i"])],
    env: desk.env,
    cwd: path,
    columns: 100,
  });
  await screen.waitFor(/^\$$/m);
  return screen;
}

/** Has the program know what there is, however busy the machine: a person would press Tab again. */
async function learn(desk: Desk, ...words: string[]): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { stdout } = await run(desk, COMPLETION_ENTRY, "fish", ...words, "");
    if (stdout.includes("\t")) return;
    const cache = desk.folder.join(".limacharlie.d", "completion_cache.json");
    await Deno.remove(cache).catch(() => {});
  }
  throw new Error(`Nothing completes ${words.join(" ")}`);
}

async function learnAll(desk: Desk): Promise<void> {
  await learn(desk, "ai", "session", "attach", "--id");
  await learn(desk, "ai", "usage", "get", "--identity");
  await learn(desk, "ai", "start-session", "--definition");
}

/** An emulator with sessions and templates to complete. */
async function startWithSessions(): Promise<Emulator> {
  const emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const now = Date.now();
  emulator.createSession({ id: "aa11-old", createdAt: now - 7_200_000, status: "ended" });
  emulator.createSession({ id: "aa22-new", createdAt: now - 60_000, settings: { name: "Triage" } });
  emulator.createSession({ id: "bb33", owner: { oid: acme.oid }, createdAt: now - 600_000 });
  for (const name of ["soc:tier:2", "it's $HOME", "\u{1b}[2Jclear", "soc\u{202e}evil"]) {
    emulator.setHiveRecord("ai_agent", acme.oid, name, { prompt: "Look" });
  }
  return emulator;
}

/** Types a line, and waits for what Tab makes of it. */
async function complete(screen: Screen, typed: string, expected: string): Promise<void> {
  await screen.send(typed);
  await screen.waitFor(`$ ${typed}`.trimEnd());
  await screen.send("Tab");
  const line = expected.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // A line is wrapped by the terminal, not by the shell, and ends in a blank that is not captured.
  await screen.waitFor(new RegExp(`^\\$ ${line}$`, "m"));
  await screen.send("C-u", "C-l");
  await screen.waitFor(/^\$$/);
}

/** What is typed, and what it becomes; in fish and zsh as in bash unless said. */
const COMPLETIONS: [typed: string, expected: string][] = [
  ["limacharlie ai se", "limacharlie ai session"],
  ["limacharlie --quiet ai session att", "limacharlie --quiet ai session attach"],
  ["limacharlie ai session attach --inter", "limacharlie ai session attach --interactive"],
  ["limacharlie ai session list --status=run", "limacharlie ai session list --status=running"],
  ["limacharlie ai session list -o jsonl --re", "limacharlie ai session list -o jsonl --reverse"],
  ["limacharlie ai session attach --id aa2", "limacharlie ai session attach --id aa22-new"],
  ["limacharlie ai session attach --id=bb", "limacharlie ai session attach --id=bb33"],
  ["limacharlie ai chats get --id aa1", "limacharlie ai chats get --id aa11-old"],
  [
    "limacharlie ai usage get --identity ni",
    "limacharlie ai usage get --identity night\\ shift/tier\\ 1",
  ],
  [
    'limacharlie ai usage get --identity "ni',
    'limacharlie ai usage get --identity "night shift/tier 1"',
  ],
  [
    "limacharlie ai start-session --definition=ti",
    "limacharlie ai start-session --definition=tier\\ 1/phishing",
  ],
  [
    "limacharlie ai start-session --definition soc:t",
    "limacharlie ai start-session --definition soc:tier:2",
  ],
  [
    "limacharlie ai start-session --definition=soc:tier:",
    "limacharlie ai start-session --definition=soc:tier:2",
  ],
  [
    "limacharlie ai start-session --definition it",
    "limacharlie ai start-session --definition it\\'s\\ \\$HOME",
  ],
  ["limacharlie ai chat --model claude-o", "limacharlie ai chat --model claude-opus-4-6"],
  [
    "limacharlie ai chat --on-approval allow:Read,Gl",
    "limacharlie ai chat --on-approval allow:Read,Glob",
  ],
  ["limacharlie --ca-file bi", "limacharlie --ca-file bin/"],
  ["limacharlie --ca-file=bin/li", "limacharlie --ca-file=bin/limacharlie"],
  ["limacharlie --ca-file 'bi", "limacharlie --ca-file 'bin/"],
  ["limacharlie --ca-file ~/bin/li", "limacharlie --ca-file ~/bin/limacharlie"],
  ["limacharlie help scr", "limacharlie help scripting"],
];

for (const shell of SHELLS) {
  testWith([tool("tmux"), tool(shell)], `${shell} completes lines with Tab`, async () => {
    await using emulator = await startWithSessions();
    using desk = makeDesk(emulator.environment);
    await learnAll(desk);
    await using screen = await openShell(shell, desk);
    for (const [typed, expected] of COMPLETIONS) await complete(screen, typed, expected);
  });

  testWith(
    [tool("tmux"), tool(shell)],
    `${shell} lists sessions, the newest first, and says what they are`,
    async () => {
      await using emulator = await startWithSessions();
      using desk = makeDesk(emulator.environment);
      await learnAll(desk);
      await using screen = await openShell(shell, desk);
      await screen.send("limacharlie ai session attach --id ", "Tab", "Tab");
      const shown = await screen.waitFor(/aa11-old.*ended, 2 h ago/);
      assert(/aa22-new.*running, \d+ min ago, Triage/.test(shown), shown);
      const places = ["aa22-new", "bb33", "aa11-old"].map((id) => shown.indexOf(id));
      assertEquals(places, places.toSorted((one, other) => one - other), shown);
    },
  );

  testWith(
    [tool("tmux"), tool(shell)],
    `${shell} gets no candidate that a terminal acts on`,
    async () => {
      await using emulator = await startWithSessions();
      using desk = makeDesk(emulator.environment);
      await learnAll(desk);
      await using screen = await openShell(shell, desk);
      await screen.send("limacharlie ai start-session --definition ", "Tab", "Tab");
      const shown = await screen.waitFor("nightly-sweep");
      assert(shown.includes("$ limacharlie ai start-session --definition"), shown);
      assert(!/clear|evil/.test(shown), shown);
    },
  );

  testWith(
    [tool("tmux"), tool(shell)],
    `${shell} shows nothing where the network is down or nobody is signed in`,
    async () => {
      const nowhere = { LC_API_URL: "http://127.0.0.1:1", LC_JWT_URL: "http://127.0.0.1:1" };
      for (const env of [nowhere, { ...nowhere, LC_OID: "o", LC_API_KEY: "k" }]) {
        using desk = makeDesk(env);
        await using screen = await openShell(shell, desk);
        await screen.send("limacharlie ai chats get --id ", "Tab", "end");
        const shown = await screen.waitFor(/--id end$/m);
        assertEquals(shown, "$ limacharlie ai chats get --id end");
      }
    },
  );
}

// fish shows its scripts nothing of what stands behind the cursor.
for (const shell of ["bash", "zsh"] as const) {
  testWith(
    [tool("tmux"), tool(shell)],
    `${shell} completes in the middle of a line, by what stands behind the cursor`,
    async () => {
      await using emulator = await startWithSessions();
      const { oid } = emulator.accounts.organizations.globex;
      emulator.createSession({ id: "gg55", owner: { oid } });
      using desk = makeDesk(emulator.environment);
      await learn(desk, "ai", "session", "get", "--oid", oid, "--id");
      await using screen = await openShell(shell, desk);
      const behind = ` --oid ${oid}`;
      await screen.send(`limacharlie ai session get --id g${behind}`);
      await screen.waitFor(behind);
      await screen.send(...Array.from(behind, () => "Left"), "Tab");
      await screen.waitFor(
        new RegExp(`^\\$ limacharlie ai session get --id gg55 +--oid ${oid}$`, "m"),
      );
    },
  );
}

testWith([tool("tmux"), tool("bash")], "bash runs what it has completed", async () => {
  await using emulator = await startWithSessions();
  using desk = makeDesk(emulator.environment);
  await learnAll(desk);
  await using screen = await openShell("bash", desk);
  await screen.send("limacharlie ai usage get --identity night", "Tab");
  await screen.waitFor(/tier\\ 1$/m);
  await screen.send("--no-color", "Enter");
  await screen.waitFor("2026-08-03T02:00:00Z");
});

/** What the package bash-completion does behind `sudo` and the like, in short. */
const BEHIND_ANOTHER = `
_behind_another() {
  COMP_LINE=\${COMP_LINE#"$1 "}
  COMP_POINT=$((COMP_POINT - \${#1} - 1))
  _limacharlie limacharlie "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
}
complete -F _behind_another nice
`;

testWith([tool("tmux"), tool("bash")], "bash completes behind another command", async () => {
  await using emulator = await startWithSessions();
  using desk = makeDesk(emulator.environment);
  await learnAll(desk);
  await Deno.writeTextFile(desk.folder.join(".bashrc"), BEHIND_ANOTHER);
  await using screen = await openShell("bash", desk);
  for (const [typed, expected] of COMPLETIONS) {
    await complete(screen, `nice ${typed}`, `nice ${expected}`);
  }
});

testWith(
  [tool("tmux"), tool("bash")],
  "bash completes in posix mode, and a program named by its path",
  async () => {
    await using emulator = await startWithSessions();
    using desk = makeDesk(emulator.environment);
    await learnAll(desk);
    const { stdout } = await run(desk, "completions", "bash");
    await Deno.writeTextFile(desk.folder.join("rc"), `PS1='$ '\n${stdout}`);
    // Without what bash 3.2 has not, which macOS comes with.
    await Deno.writeTextFile(desk.folder.join("rc"), "enable -n mapfile readarray compopt\n", {
      append: true,
    });
    await using screen = await openScreen({
      command: [which("bash") ?? "", "--posix", "-i"],
      env: { ...desk.env, ENV: desk.folder.join("rc"), PATH: "/usr/bin:/bin" },
      cwd: desk.folder.path,
      columns: 100,
    });
    await screen.waitFor(/^\$$/m);
    for (const program of ["bin/limacharlie", "~/bin/limacharlie"]) {
      await complete(
        screen,
        `${program} ai session attach --id aa2`,
        `${program} ai session attach --id aa22-new`,
      );
    }
  },
);
