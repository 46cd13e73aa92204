import { assertEquals } from "@std/assert";
import type { Service } from "../../../src/app/deps.ts";
import {
  FRESH_MILLISECONDS,
  PATIENCE_MILLISECONDS,
  Sources,
} from "../../../src/completion/sources.ts";
import type { CredentialFlags } from "../../../src/config/credentials.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { FakeClock, fakeDeps, fakeEnvironment } from "../../support/fakes.ts";
import { type TemporaryHome, temporaryHome } from "../../support/home.ts";
import { startServer } from "../../support/server.ts";

const MINUTE = 60_000;

/** Somebody who presses Tab: at home, on a clock that stands still, on the real network. */
interface Person {
  readonly clock: FakeClock;
  readonly sources: (asker?: CredentialFlags) => Sources;
}

function person(
  home: TemporaryHome,
  env: Readonly<Record<string, string>>,
  connect?: (signal: AbortSignal) => Promise<Service>,
): Person {
  const clock = new FakeClock();
  const variables = { ...home.env, ...env };
  const sources = (asker: CredentialFlags = {}) =>
    new Sources({
      env: fakeEnvironment(variables),
      clock,
      asker,
      connect: connect ?? ((signal) =>
        fakeDeps({ env: variables, clock, signal, network: { fetch, WebSocket }, flags: asker })
          .connect()),
    });
  return { clock, sources };
}

function addSessions(emulator: Emulator, now: number) {
  const { acme } = emulator.accounts.organizations;
  emulator.createSession({ id: "mine-old", createdAt: now - 90 * MINUTE, status: "ended" });
  emulator.createSession({ id: "mine-new", createdAt: now - MINUTE, settings: { name: "Triage" } });
  emulator.createSession({ id: "ours", owner: { oid: acme.oid }, createdAt: now - 5 * MINUTE });
}

Deno.test("Sources.get lists sessions, the newest first, with what they are", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { clock, sources } = person(home, emulator.environment);
  addSessions(emulator, clock.now());
  assertEquals(await sources().get("sessions"), [
    { value: "mine-new", description: "running, 1 min ago, Triage" },
    { value: "ours", description: "running, 5 min ago" },
    { value: "mine-old", description: "ended, 1 h ago" },
  ]);
  const ids = async (name: Parameters<Sources["get"]>[0]) =>
    (await sources().get(name)).map(({ value }) => value);
  assertEquals(await ids("org_sessions"), ["ours"]);
  assertEquals(await ids("user_sessions"), ["mine-new", "mine-old"]);
  assertEquals(await ids("active_user_sessions"), ["mine-new"]);
});

Deno.test("Sources.get lists templates and identities", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { sources } = person(home, emulator.environment);
  const names = (await sources().get("templates")).map(({ value }) => value);
  assertEquals(names.filter((name) => name.startsWith("t")), ["triage-bot", "tier 1/phishing"]);
  assertEquals(await sources().get("identities"), [
    { value: "soc-automation" },
    { value: "night shift/tier 1" },
    { value: "wallboard" },
  ]);
});

Deno.test("Sources.get asks in the organization and the environment that the line names", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { acme, globex } = emulator.accounts.organizations;
  const { LC_API_URL = "", LC_JWT_URL = "", LC_UID, LC_API_KEY } = emulator.environment;
  await Deno.mkdir(home.join(".limacharlie.d"));
  const section = (oid: string) => ({ oid, uid: LC_UID, api_key: LC_API_KEY });
  await Deno.writeTextFile(
    home.join(".limacharlie.d", "config.yaml"),
    JSON.stringify({ ...section(acme.oid), env: { other: section(globex.oid) } }),
    { mode: 0o600 },
  );
  const { sources } = person(home, { LC_API_URL, LC_JWT_URL });
  const first = async (asker: CredentialFlags) => (await sources(asker).get("templates"))[0]?.value;
  assertEquals(await first({}), "triage-bot");
  assertEquals(await first({ oid: globex.oid }), "helpdesk");
  assertEquals(await first({ env: "other" }), "helpdesk");
  assertEquals(await first({ env: "unknown" }), undefined);
  assertEquals(await sources().get("environments"), [
    { value: "default", description: acme.oid },
    { value: "other", description: globex.oid },
  ]);
  assertEquals((await sources().get("organizations"))[1], {
    value: globex.oid,
    description: "other",
  });
});

Deno.test("Sources.get asks the service once within some seconds", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { clock, sources } = person(home, emulator.environment);
  const before = await sources().get("templates");
  const asked = emulator.requests.length;
  assertEquals(await sources().get("templates"), before);
  assertEquals(emulator.requests.length, asked);
  emulator.setHiveRecord("ai_agent", emulator.accounts.organizations.acme.oid, "new", {});
  await clock.advance(FRESH_MILLISECONDS);
  assertEquals((await sources().get("templates")).at(-1), { value: "new" });
});

Deno.test("Sources.get gives what it knew where the service is out of reach, and doesn't try again at once", async () => {
  using home = temporaryHome();
  let calls = 0;
  await using emulator = await startServer();
  const { clock, sources } = person(home, emulator.environment);
  const known = await sources().get("templates");
  await emulator.stop();
  const later = person(home, emulator.environment, () => {
    calls++;
    return Promise.reject(new Error("No network"));
  });
  await later.clock.advance(clock.now() - later.clock.now() + FRESH_MILLISECONDS);
  assertEquals(await later.sources().get("templates"), known);
  assertEquals(await later.sources().get("templates"), known);
  assertEquals(calls, 1);
  await later.clock.advance(2 * 24 * 60 * MINUTE);
  assertEquals(await later.sources().get("templates"), []);
});

Deno.test("Sources.get waits no longer than a person would, and takes its calls back", async () => {
  using home = temporaryHome();
  const env = { LC_OID: "o", LC_API_KEY: "k" };
  const { promise: taken, resolve } = Promise.withResolvers<void>();
  const { clock, sources } = person(home, env, (signal) => {
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        resolve();
        reject(signal.reason);
      })
    );
  });
  const asked = sources().get("templates");
  await clock.sleepers(1);
  assertEquals(clock.pending, [PATIENCE_MILLISECONDS]);
  await clock.advance(PATIENCE_MILLISECONDS);
  await taken;
  assertEquals(await asked, []);
});

Deno.test("Sources.get asks nobody where nobody is signed in, or the file is unusable", async () => {
  using home = temporaryHome();
  const connect = () => Promise.reject(new Error("Unexpected call"));
  const { sources } = person(home, {}, connect);
  const names = ["sessions", "templates", "environments", "organizations"] as const;
  for (const name of names) assertEquals(await sources().get(name), []);
  await Deno.mkdir(home.join(".limacharlie.d"));
  await Deno.writeTextFile(home.join(".limacharlie.d", "config.yaml"), "oid: [", { mode: 0o600 });
  for (const name of names) assertEquals(await sources().get(name), []);
});

Deno.test("Sources.get adds models and tools of sessions to those that are known", async () => {
  using home = temporaryHome();
  await using emulator = await startServer();
  const { sources } = person(home, emulator.environment);
  emulator.createSession({
    settings: { model: "claude-next", allowed_tools: ["Read", "mcp__vt__scan"] },
  });
  const known = (await sources().get("models")).map(({ value }) => value);
  assertEquals(emulator.requests, []);
  await sources().get("user_sessions");
  const values = async (name: "models" | "tools") =>
    (await sources().get(name)).map(({ value }) => value);
  assertEquals(await values("models"), [...known, "claude-next"]);
  const tools = await values("tools");
  assertEquals(tools.slice(-1), ["mcp__vt__scan"]);
  assertEquals(tools.filter((tool) => tool === "Read").length, 1);
});
