import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMANDS, placesBelow, resolvePath } from "../../src/app/command_tree.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { run } from "../../src/app/root.ts";
import { PatientClock } from "../support/api_client.ts";
import { runCommand } from "../support/command.ts";
import { fakeProcess, FakePrompter, FakeTerminal } from "../support/fakes.ts";
import { startServer } from "../support/server.ts";

/** The moment that the clock of a command in a test stands at. */
const NOW = Date.parse("2026-01-02T03:04:05.000Z");

function addSessions(emulator: Emulator): void {
  const owner = { oid: emulator.accounts.organizations.acme.oid };
  emulator.createSession({ id: "own-1", createdAt: NOW - 60_000, settings: { name: "A\nname" } });
  emulator.createSession({ id: "own-ended", createdAt: NOW - 120_000, status: "ended" });
  emulator.createSession({ id: "org-1", owner, createdAt: NOW - 90_000 });
}

const BOTH = {
  "own-1": "own-1      running, 1 min ago, A name",
  "org-1": "org-1      running, 1 min ago",
  "own-ended": "own-ended  ended, 2 min ago",
};

const LABELS: Readonly<Record<string, string>> = {
  ...BOTH,
  "org-1": "org-1  running, 1 min ago",
};

const CASES: [command: string, label: string, path: string][] = [
  ["ai chats get", LABELS["own-ended"] ?? "", "/v1/sessions/own-ended"],
  ["ai chats history", LABELS["own-1"] ?? "", "/v1/sessions/own-1/history"],
  ["ai session get", LABELS["org-1"] ?? "", "/v1/org/sessions/org-1"],
  ["ai session history", LABELS["org-1"] ?? "", "/v1/org/sessions/org-1/history"],
];

for (const [command, label, path] of CASES) {
  Deno.test(`${command} without --id asks which session is meant`, async () => {
    await using emulator = await startServer();
    addSessions(emulator);
    const { code, asked } = await runCommand(command.split(" "), {
      env: emulator.environment,
      terminal: true,
      answers: [label],
    });
    assertEquals([code, asked], [ExitCode.Done, ["select: Which session?"]]);
    assertEquals(emulator.requests.at(-1)?.path, path);
  });
}

Deno.test("terminate without --id offers no session that has ended, and still asks whether to", async () => {
  await using emulator = await startServer();
  addSessions(emulator);
  const { code, asked } = await runCommand(["ai", "chats", "terminate"], {
    env: emulator.environment,
    terminal: true,
    answers: ["own-1  running, 1 min ago, A name", true],
  });
  assertEquals([code, asked], [ExitCode.Done, [
    "select: Which session?",
    "confirm: End session own-1?",
  ]]);
  assertEquals(emulator.session("own-1")?.status, "ended");
});

Deno.test("attach without --id offers the sessions of both families", async () => {
  await using emulator = await startServer();
  addSessions(emulator);
  for (const label of Object.values(BOTH)) {
    // What is wrong beside is found when the session has been chosen.
    const { code, asked, stderr } = await runCommand(
      ["ai", "session", "attach", "--on-approval", "perhaps"],
      { env: emulator.environment, terminal: true, answers: [label] },
    );
    assertEquals([code, asked], [ExitCode.Usage, ["select: Which session?"]], stderr);
  }
});

Deno.test("attach without --id offers what there is where one family cannot be asked for", async () => {
  await using emulator = await startServer();
  addSessions(emulator);
  const { acme } = emulator.accounts.organizations;
  const [key] = Object.values(emulator.accounts.keys).filter(({ oid }) => oid === acme.oid);
  const { LC_UID: _, ...env } = emulator.environment;
  const { asked, stderr } = await runCommand(["ai", "session", "attach"], {
    env: { ...env, LC_API_KEY: key?.apiKey ?? "" },
    terminal: true,
    answers: [],
  });
  assertEquals(asked, ["select: Which session?"]);
  assertStringIncludes(stderr, 'No answer to select "Which session?"');
});

Deno.test("a command without --id asks nobody where it is wrong beside", async () => {
  await using emulator = await startServer();
  addSessions(emulator);
  for (const line of ["ai chats get own-1", "ai session wait", "ai chats get --full"]) {
    const options = { env: emulator.environment, terminal: true, answers: [] };
    const { code, asked, stderr } = await runCommand(line.split(" "), options);
    assertEquals([code, asked, emulator.requests], [ExitCode.Usage, [], []], stderr);
  }
});

Deno.test("terminate without --id finds what is active behind many sessions that have ended", async () => {
  await using emulator = await startServer();
  addSessions(emulator);
  for (let index = 0; index < 250; index++) {
    emulator.createSession({ id: `late-${index}`, createdAt: NOW + index, status: "ended" });
  }
  const { code } = await runCommand(["ai", "chats", "terminate"], {
    env: emulator.environment,
    terminal: true,
    answers: ["own-1  running, 1 min ago, A name", true],
  });
  assertEquals([code, emulator.session("own-1")?.status], [ExitCode.Done, "ended"]);
});

Deno.test("a command without --id says that there are more sessions than it offers", async () => {
  await using emulator = await startServer();
  for (let index = 0; index < 210; index++) emulator.createSession({ createdAt: NOW });
  const { asked } = await runCommand(["ai", "chats", "get"], {
    env: emulator.environment,
    terminal: true,
    answers: [],
  });
  assertEquals(asked, ["select: Which session? (the newest 200)"]);
});

Deno.test("a command without --id shows what sessions are on a narrow terminal, too", async () => {
  await using emulator = await startServer();
  const id = "624e68f1-4bb8-43d0-99ed-45fe85f4568c";
  emulator.createSession({ id, createdAt: NOW - 60_000, settings: { name: "Triage" } });
  const prompter = new FakePrompter(["624e68f1-...  running, 1 min ago,..."]);
  const process = fakeProcess({
    env: { ...emulator.environment, LC_EPHEMERAL_CREDS: "1" },
    terminal: new FakeTerminal({ terminal: true, columns: 40 }),
    prompter,
    clock: new PatientClock(),
    network: { fetch, WebSocket },
  });
  assertEquals(await run(["ai", "chats", "get"], process), ExitCode.Done);
  assertEquals(emulator.requests.at(-1)?.path, `/v1/sessions/${id}`);
});

Deno.test("a command without --id says so where there is no session to choose", async () => {
  await using emulator = await startServer();
  const { code, stderr } = await runCommand(["ai", "chats", "get"], {
    env: emulator.environment,
    terminal: true,
    answers: [],
  });
  assertEquals(code, ExitCode.NotFound);
  assertMatch(stderr, /^Error: There is no session to choose from\nHint: Start one with /);
});

for (const [command] of CASES) {
  Deno.test(`${command} without --id fails where nobody can be asked`, async () => {
    await using emulator = await startServer();
    const { code, stderr } = await runCommand(command.split(" "), { env: emulator.environment });
    assertEquals([code, emulator.requests], [ExitCode.Usage, []]);
    assertStringIncludes(stderr, "--id");
  });
}

for (const { line } of placesBelow(COMMANDS)) {
  if (resolvePath(line.split(" ")).at(-1)?.pickId === undefined) continue;
  Deno.test(`${line} --help tells that a session can be chosen`, async () => {
    const { stdout } = await runCommand([...line.split(" "), "--help"], { env: {} });
    assertMatch(stdout.replaceAll(/\s+/g, " "), /--id <id> [^<]* choose one where it is left out/);
  });
}
