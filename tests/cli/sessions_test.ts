import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { CreateSessionOptions, Emulator } from "../../src/emulator/emulator.ts";
import { inOrder, json, serveAnswers } from "../support/http_server.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { runCommand, startCommand } from "../support/command.ts";

interface Family {
  readonly words: readonly [string, string];
  readonly path: string;
  readonly other: readonly [string, string];
  /** Makes a session of this family, or of the other one. */
  readonly create: (emulator: Emulator, options: CreateSessionOptions) => void;
  readonly createOther: (emulator: Emulator, options: CreateSessionOptions) => void;
}

function createOwn(emulator: Emulator, options: CreateSessionOptions): void {
  emulator.createSession(options);
}

function createOfOrganization(emulator: Emulator, options: CreateSessionOptions): void {
  emulator.createSession({
    ...options,
    owner: { oid: emulator.accounts.organizations.acme.oid },
  });
}

const SESSION: Family = {
  words: ["ai", "session"],
  path: "/v1/org/sessions",
  other: ["ai", "chats"],
  create: createOfOrganization,
  createOther: createOwn,
};

const CHATS: Family = {
  words: ["ai", "chats"],
  path: "/v1/sessions",
  other: ["ai", "session"],
  create: createOwn,
  createOther: createOfOrganization,
};

const LONG_PROMPT = "👩‍👩‍👧é".repeat(100);
const SHORT_PROMPT = "👩‍👩‍👧é".repeat(60) + "...";

/** What a page was asked for with. */
function pagesOf(emulator: Emulator, path: string): Readonly<Record<string, string>>[] {
  return emulator.requests.filter((request) => request.path === path).map(({ query }) => query);
}

function idsOf(stdout: string): unknown[] {
  return JSON.parse(stdout).map(({ id }: { id: unknown }) => id);
}

for (const family of [SESSION, CHATS]) {
  const { words, path, other } = family;
  const name = words.join(" ");

  Deno.test(`${name} list prints every session of the family, page after page`, async () => {
    await using emulator = await startServer();
    const ids = Array.from({ length: 250 }, (_, index) => `s-${index}`);
    for (const id of ids) {
      family.create(emulator, { id, status: "ended", fields: { initial_prompt: LONG_PROMPT } });
    }
    family.createOther(emulator, { id: "of-the-others" });
    const { code, stdout, stderr } = await runCommand([...words, "list"], {
      env: emulator.environment,
    });
    assertEquals([code, stderr, pagesOf(emulator, path).length], [ExitCode.Done, "", 2]);
    assertEquals(idsOf(stdout), ids.toReversed());
    assertEquals(JSON.parse(stdout)[0].initial_prompt, SHORT_PROMPT);
  });

  Deno.test(`${name} list asks for no page beyond its limit`, async () => {
    await using emulator = await startServer();
    for (let index = 0; index < 230; index++) family.create(emulator, { id: `s-${index}` });
    const env = emulator.environment;
    const { stdout } = await runCommand([...words, "list", "--limit", "210"], { env });
    assertEquals(idsOf(stdout).length, 210);
    assertEquals(pagesOf(emulator, path).map(({ limit }) => limit), ["200", "10"]);
    const { stdout: few } = await runCommand([...words, "list", "--limit", "2"], { env });
    assertEquals(idsOf(few), ["s-229", "s-228"]);
    assertEquals(pagesOf(emulator, path).length, 3);
  });

  Deno.test(`${name} list asks for one state`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "ended", status: "ended" });
    family.create(emulator, { id: "running", status: "running" });
    const { stdout } = await runCommand([...words, "list", "--status", "running"], {
      env: emulator.environment,
    });
    assertEquals(idsOf(stdout), ["running"]);
  });

  Deno.test(`${name} list --cursor prints one page as the service gives it`, async () => {
    await using emulator = await startServer();
    for (const id of ["s-1", "s-2", "s-3"]) {
      family.create(emulator, { id, fields: { initial_prompt: LONG_PROMPT } });
    }
    const env = emulator.environment;
    const list = [...words, "list", "--limit", "2", "--cursor"];
    const first = JSON.parse((await runCommand([...list, ""], { env })).stdout);
    assertEquals(Object.keys(first), ["sessions", "next_cursor"]);
    assertEquals(idsOf(JSON.stringify(first.sessions)), ["s-3", "s-2"]);
    assertEquals(first.sessions[0].initial_prompt, SHORT_PROMPT);
    const second = JSON.parse((await runCommand([...list, first.next_cursor], { env })).stdout);
    assertEquals(idsOf(JSON.stringify(second.sessions)), ["s-1"]);
    assertEquals(second.next_cursor, "");
  });

  Deno.test(`${name} list of nothing is an empty list, and no failure`, async () => {
    await using emulator = await startServer();
    const { code, stdout } = await runCommand([...words, "list"], { env: emulator.environment });
    assertEquals([code, JSON.parse(stdout)], [ExitCode.Done, []]);
  });

  Deno.test(`${name} list shows times and cost as people read them on a terminal`, async () => {
    await using emulator = await startServer();
    const fields = { created_at: "2026-01-02T03:01:05Z", total_cost_usd: 0.5, name: "Night sweep" };
    family.create(emulator, { id: "s-1", status: "ended", fields });
    const { stdout } = await runCommand([...words, "list", "--no-color"], {
      env: emulator.environment,
      terminal: true,
    });
    assertMatch(stdout, /^id +status +name +created_at +/);
    assertMatch(stdout, /\ns-1 +ended +Night sweep +3 min ago .*\$0\.5000/);
  });

  Deno.test(`${name} get prints the session, its first prompt cut or whole`, async () => {
    await using emulator = await startServer();
    const fields = { initial_prompt: LONG_PROMPT, new_field: { kept: [1] } };
    family.create(emulator, { id: "s-1", fields });
    const env = emulator.environment;
    const { stdout } = await runCommand([...words, "get", "--id", "s-1"], { env });
    const { session, ...rest } = JSON.parse(stdout);
    assertEquals([session.initial_prompt, session.new_field, rest], [
      SHORT_PROMPT,
      { kept: [1] },
      {},
    ]);
    const whole = await runCommand([...words, "get", "--id", "s-1", "--full-prompt"], { env });
    assertEquals(JSON.parse(whole.stdout).session.initial_prompt, LONG_PROMPT);
  });

  Deno.test(`${name} terminate acts without asking where nobody can be asked`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "s-1" });
    const { code, stdout, asked } = await runCommand([...words, "terminate", "--id", "s-1"], {
      env: emulator.environment,
    });
    assertEquals([code, JSON.parse(stdout), asked], [ExitCode.Done, { terminated: true }, []]);
    assertEquals(emulator.session("s-1")?.status, "ended");
  });

  Deno.test(`${name} terminate asks on a terminal, and a no ends nothing`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "s-1" });
    const terminate = (...answers: boolean[]) =>
      runCommand([...words, "terminate", "--id", "s-1"], {
        env: emulator.environment,
        terminal: true,
        answers,
      });
    const no = await terminate(false);
    assertEquals(no.asked, ["confirm: End session s-1?"]);
    assertEquals([no.code, emulator.session("s-1")?.status], [ExitCode.Failure, "running"]);
    const yes = await terminate(true);
    assertEquals([yes.code, emulator.session("s-1")?.status], [ExitCode.Done, "ended"]);
  });

  Deno.test(`${name} terminate --yes asks nobody`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "s-1" });
    const { code, asked } = await runCommand([...words, "terminate", "--id", "s-1", "-y"], {
      env: emulator.environment,
      terminal: true,
      answers: [],
    });
    assertEquals([code, asked, emulator.session("s-1")?.status], [ExitCode.Done, [], "ended"]);
  });

  for (const verb of ["get", "terminate", "history"]) {
    Deno.test(`${name} ${verb} leads to the other family for an id of it`, async () => {
      await using emulator = await startServer();
      family.createOther(emulator, { id: "s-1" });
      const { code, stdout, stderr } = await runCommand([...words, verb, "--id", "s-1"], {
        env: emulator.environment,
      });
      assertEquals([code, stdout], [ExitCode.NotFound, ""]);
      assertStringIncludes(stderr, `limacharlie ${other.join(" ")} ${verb} --id s-1`);
      assertEquals(emulator.session("s-1")?.status, "running");
    });

    Deno.test(`${name} ${verb} of an unknown id is not found`, async () => {
      await using emulator = await startServer();
      const { code, stderr } = await runCommand([...words, verb, "--id", "none"], {
        env: emulator.environment,
      });
      assertEquals(code, ExitCode.NotFound);
      assertStringIncludes(stderr, '"none"');
    });

    Deno.test(`${name} ${verb} refuses what is no id before it asks the service`, async () => {
      await using emulator = await startServer();
      for (const id of ["a/b", "", "a\nb", ".."]) {
        const { code } = await runCommand([...words, verb, "--id", id], {
          env: emulator.environment,
        });
        assertEquals([code, emulator.requests.length], [ExitCode.Usage, 0], JSON.stringify(id));
      }
    });
  }

  const HISTORY = [
    { type: "system", timestamp: "2026-01-02T03:04:00Z", payload: { subtype: "model_set" } },
    { type: "user", timestamp: "2026-01-02T03:04:05Z", payload: { content: "Who was it?" } },
    { type: "usage_delta", timestamp: "2026-01-02T03:04:06Z", payload: { tokens: 3 } },
    {
      type: "assistant",
      timestamp: "2026-01-02T03:04:07Z",
      payload: { content: [{ type: "text", text: "A \u001b[2Jservice" }] },
    },
    { type: "result", timestamp: "2026-01-02T03:04:08Z", payload: { cost_usd: 1 } },
  ];

  Deno.test(`${name} history prints what was said as JSON in a pipe`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "s-1", history: HISTORY });
    const history = [...words, "history", "--id", "s-1"];
    const env = emulator.environment;
    const { stdout } = await runCommand(history, { env });
    const { messages, ...rest } = JSON.parse(stdout);
    const ofSession = HISTORY.map((message) => ({ ...message, session_id: "s-1" }));
    assertEquals([messages, rest], [[ofSession[1], ofSession[3]], {}]);
    const raw = await runCommand([...history, "--raw"], { env });
    assertEquals(JSON.parse(raw.stdout).messages, ofSession);
  });

  Deno.test(`${name} history is rendered on a terminal`, async () => {
    await using emulator = await startServer();
    family.create(emulator, { id: "s-1", history: HISTORY });
    const history = [...words, "history", "--id", "s-1", "--no-color"];
    const options = { env: emulator.environment, terminal: true };
    const { stdout } = await runCommand(history, options);
    assertEquals(
      stdout,
      "[03:04:05] user:\n  Who was it?\n[03:04:07] assistant:\n  A \ufffdservice\n",
    );
    const raw = await runCommand([...history, "--raw"], options);
    assertStringIncludes(raw.stdout, "system[model_set]");
    const data = await runCommand([...history, "-o", "json"], options);
    assertEquals(JSON.parse(data.stdout).messages.length, 2);
  });
}

for (
  const [flags, message] of [
    [["--status", "idle"], /starting, running, ended/],
    [["--limit", "0"], /limit 0/],
    [["--limit", "-1"], /limit -1/],
    [["--limit", "ten"], /--limit.*ten/],
    [["--limit", "201", "--cursor", "x"], /between 1 and 200/],
    [["--filter", "["], /--filter/],
  ] as const
) {
  Deno.test(`ai session list refuses ${flags.join(" ")} and asks for no page`, async () => {
    await using emulator = await startServer();
    const { code, stderr } = await runCommand(["ai", "session", "list", ...flags], {
      env: emulator.environment,
    });
    assertEquals([code, pagesOf(emulator, SESSION.path)], [ExitCode.Usage, []]);
    assertMatch(stderr, message);
  });
}

Deno.test("ai session list ends with an error where a cursor repeats", async () => {
  const page = { sessions: [{ id: "s" }], next_cursor: "again" };
  await using server = serveAnswers(inOrder(json(page), json(page)));
  const { code, stderr } = await runCommand(["ai", "session", "list"], {
    env: { LC_AI_URL: server.url, LC_API_URL: server.url, LC_OID: "o", LC_API_KEY: "some-key" },
  });
  assertEquals([code, server.received.length], [ExitCode.Failure, 2]);
  assertStringIncludes(stderr, 'repeats the cursor "again"');
});

Deno.test("ai session list -o jsonl prints a page before it asks for the next one", async () => {
  let printed = "";
  await using server = serveAnswers(({ path }) => {
    if (!path.includes("cursor")) return json({ sessions: [{ id: "s-1" }], next_cursor: "2" });
    printed = command.process.terminal.stdout.text;
    return json({ sessions: [{ id: "s-2" }] });
  });
  const command = startCommand(["ai", "session", "list", "-o", "jsonl"], {
    env: { LC_AI_URL: server.url, LC_API_URL: server.url, LC_OID: "o", LC_API_KEY: "some-key" },
  });
  const { code, stdout } = await command.result;
  assertEquals([code, stdout], [ExitCode.Done, '{"id":"s-1"}\n{"id":"s-2"}\n']);
  assertEquals(printed, '{"id":"s-1"}\n');
});

Deno.test("ai session history keeps and shows messages that are no frames", async () => {
  const messages = [{ role: "odd" }, "text", { type: "assistant", payload: { content: "hi" } }];
  await using server = serveAnswers(() => json({ messages, total: 3 }));
  const env = {
    LC_AI_URL: server.url,
    LC_API_URL: server.url,
    LC_OID: "o",
    LC_API_KEY: "some-key",
  };
  const history = ["ai", "session", "history", "--id", "s"];
  const { stdout } = await runCommand(history, { env });
  assertEquals(JSON.parse(stdout), { messages, total: 3 });
  const { stdout: shown } = await runCommand([...history, "--no-color"], { env, terminal: true });
  assertEquals(shown, '{"role":"odd"}\n"text"\nassistant:\n  hi\n');
});

Deno.test("a session that is in neither family gets the first answer, not a hint", async () => {
  await using emulator = await startServer();
  const { colleague } = emulator.accounts.users;
  emulator.createSession({ id: "s-1", owner: { uid: colleague.uid } });
  const { code, stderr } = await runCommand(["ai", "chats", "get", "--id", "s-1"], {
    env: emulator.environment,
  });
  assertEquals(code, ExitCode.Auth);
  assert(!stderr.includes("ai session get"), stderr);
});

Deno.test("ai session list ends quietly when nobody reads on", async () => {
  let page = 0;
  await using server = serveAnswers(() => {
    const sessions = Array.from({ length: 200 }, (_, index) => ({
      id: `s-${page}-${index}`,
      initial_prompt: "x".repeat(120),
    }));
    return json({ sessions, next_cursor: String(++page) });
  });
  await using program = startProgram(["ai", "session", "list", "-o", "jsonl"], {
    env: { LC_AI_URL: server.url, LC_API_URL: server.url, LC_OID: "o", LC_API_KEY: "some-key" },
  });
  await program.stdout.waitFor('"id":"s-0-0"');
  await program.closeOutput();
  const { code, stderr } = await program.result();
  assertEquals([code, stderr], [ExitCode.Done, ""]);
});

Deno.test("both families as a program: list, get, history and terminate", async () => {
  await using emulator = await startServer();
  for (const family of [SESSION, CHATS]) {
    const id = `${family.words[1]}-1`;
    family.create(emulator, { id, history: [{ type: "user", payload: { content: "hi" } }] });
    const call = (...args: string[]) =>
      runProgram([...family.words, ...args], { env: emulator.environment });
    assertEquals(idsOf((await call("list")).stdout), [id]);
    assertEquals(JSON.parse((await call("get", "--id", id)).stdout).session.id, id);
    assertEquals(JSON.parse((await call("history", "--id", id)).stdout).messages.length, 1);
    const ended = await call("terminate", "--id", id);
    assertEquals([ended.code, ended.stdout], [0, '{\n  "terminated": true\n}\n']);
    assertEquals(emulator.session(id)?.status, "ended");
  }
});
