import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { run } from "../../src/app/root.ts";
import { ORGANIZATION_KEYS, ORGANIZATIONS, USERS } from "../../src/emulator/accounts.ts";
import type { Emulator, EmulatorOptions } from "../../src/emulator/emulator.ts";
import { createNetwork } from "../../src/net/network.ts";
import { startConnectProxy } from "../support/connect_proxy.ts";
import { FakeClock, fakeEnvironment, fakeProcess, FakeTerminal } from "../support/fakes.ts";
import { type TemporaryHome, temporaryHome } from "../support/home.ts";
import { closedUrl } from "../support/http_server.ts";
import { startServer } from "../support/server.ts";
import { testWith } from "../support/skip.ts";
import { serveConnections } from "../support/tcp.ts";
import { type Certificates, createCertificates, TLS_NEED } from "../support/tls.ts";
import { createSecrets } from "../../src/app/secrets.ts";

/** A name that only proxies know, and an address that is not taken for this machine's own. */
const NAME = "service.test";
const ADDRESS = "0.0.0.0";
const PASSWORD = "S3cretPassword";

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly remedy?: string;
}

interface Report {
  readonly code: number;
  readonly ok: boolean;
  readonly checks: readonly Finding[];
  /** What was found for one check. */
  of(check: string): Finding;
  /** The checks that are not `ok`, with what they are. */
  readonly troubles: Readonly<Record<string, string>>;
}

interface Patient extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly home: TemporaryHome;
  readonly clock: FakeClock;
  /** Runs `doctor` and gives back everything that it printed. */
  text(
    args?: readonly string[],
    variables?: Readonly<Record<string, string>>,
    terminal?: FakeTerminal,
  ): Promise<{
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }>;
  /** Runs `doctor --json`. */
  examine(variables?: Readonly<Record<string, string>>): Promise<Report>;
}

/** An emulator, and a machine with the completion installed on which all is well. */
async function patient(options: Partial<EmulatorOptions> = {}): Promise<Patient> {
  const home = temporaryHome();
  const clock = new FakeClock();
  const emulator = await startServer({ clock, ...options });
  await Deno.writeTextFile(home.join(".bashrc"), 'eval "$(limacharlie completions bash)"\n');
  const text: Patient["text"] = async (
    args = [],
    variables = {},
    terminal = new FakeTerminal(),
  ) => {
    const env: Record<string, string> = {
      ...home.env,
      SHELL: "/bin/bash",
      ...emulator.environment,
      ...variables,
    };
    const secrets = createSecrets();
    using network = createNetwork({
      runtime: () => ({ fetch, WebSocket }),
      env: fakeEnvironment(env),
      caFile: undefined,
      clock,
      secrets,
      userAgent: "test/1",
    });
    const process = { ...fakeProcess({ env, terminal, clock, network }), secrets };
    const code = await run(["doctor", ...args], process);
    const { stdout, stderr } = { stdout: terminal.stdout.text, stderr: terminal.stderr.text };
    const all = stdout + stderr;
    for (const secret of [env["LC_API_KEY"], PASSWORD, btoa(`ann:${PASSWORD}`), "eyJ"]) {
      assertEquals(secret !== undefined && secret !== "" && all.includes(secret), false, all);
    }
    return { code, stdout, stderr };
  };
  return {
    emulator,
    home,
    clock,
    text,
    async examine(variables) {
      const { code, stdout, stderr } = await text(["--json"], variables);
      assertEquals(stderr, "");
      const { ok, checks }: { ok: boolean; checks: Finding[] } = JSON.parse(stdout);
      assertEquals(ok, !checks.some(({ status }) => status === "failure"));
      for (const { status, remedy } of checks) {
        const isTrouble = status === "failure" || status === "warning";
        assertEquals(remedy !== undefined && remedy !== "", isTrouble, stdout);
      }
      return {
        code,
        ok,
        checks,
        of: (check) => {
          const found = checks.filter((finding) => finding.check === check);
          assertEquals(found.length, 1, `${check} in ${stdout}`);
          return found[0] as Finding;
        },
        troubles: Object.fromEntries(
          checks.filter(({ status }) => status !== "ok").map((
            { check, status },
          ) => [check, status]),
        ),
      };
    },
    async [Symbol.asyncDispose]() {
      await emulator.stop();
      home[Symbol.dispose]();
    },
  };
}

/** What is left out when there is no token. */
const NO_FAMILIES = {
  "user sessions": "skipped",
  "user WebSocket": "skipped",
  "organization sessions": "skipped",
  "organization WebSocket": "skipped",
};

function hostOf({ port }: Emulator, name = "127.0.0.1"): string {
  return `${name}:${port}`;
}

/** The emulator's environment, with another name for it. */
function renamed({ environment }: Emulator, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, value.replace("127.0.0.1", name)]),
  );
}

Deno.test("where all is well, every line is ok and the exit code 0", async () => {
  await using machine = await patient();
  const { emulator } = machine;
  const own = emulator.createSession();
  const org = emulator.createSession({ owner: { oid: ORGANIZATIONS.acme.oid } });
  const report = await machine.examine();
  assertEquals({ troubles: report.troubles, ok: report.ok, code: report.code }, {
    troubles: {},
    ok: true,
    code: 0,
  });
  assertEquals(report.checks.map(({ check }) => check), [
    "program",
    "configuration",
    "sign-in",
    "organization",
    "user",
    "platform API",
    "token service",
    "certificate authorities",
    `proxy to ${hostOf(emulator)}`,
    `answer of ${hostOf(emulator)}`,
    "clock",
    "token",
    "AI sessions",
    ...Object.keys(NO_FAMILIES),
    "terminal",
    "completion",
  ]);
  assertEquals(report.of("user WebSocket").detail, `opens, for session ${own.id}`);
  assertEquals(report.of("organization WebSocket").detail, `opens, for session ${org.id}`);
  assertEquals(report.of("token").detail, "minted, valid for 60 min");
  assertEquals(report.of("clock").detail, "right to the second");
});

Deno.test("each value is told with its origin", async () => {
  await using machine = await patient();
  const { oid } = ORGANIZATIONS.globex;
  const { uid, apiKey } = USERS.colleague;
  const folder = machine.home.join(".limacharlie.d");
  const file = machine.home.join(".limacharlie.d", "config.yaml");
  await Deno.mkdir(folder, { mode: 0o700 });
  await Deno.writeTextFile(
    file,
    `env:\n  night:\n    oid: ${oid}\n    uid: ${uid}\n    api_key: ${apiKey}\n`,
    { mode: 0o600 },
  );
  const report = await machine.examine({
    LC_API_KEY: "",
    LC_OID: "",
    LC_UID: "",
    LC_CURRENT_ENV: "night",
    LC_AI_URL: machine.emulator.url,
    LC_ALLOW_HTTP: "1",
    NODE_EXTRA_CA_CERTS: "/corp.pem",
  });
  const source = `environment "night" of ${file}`;
  assertEquals(
    ["configuration", "sign-in", "organization", "user", "platform API", "AI sessions"]
      .map((check) => report.of(check).detail),
    [
      `${file} (default place)`,
      `API key of a user (${source})`,
      `${oid} (${source})`,
      `${uid} (${source})`,
      `${machine.emulator.url} (LC_API_URL)`,
      `${machine.emulator.url} (LC_AI_URL)`,
    ],
  );
  assertEquals(report.of("other variables").detail, "LC_ALLOW_HTTP is set");
  assertEquals(
    report.of("certificate authorities").detail,
    "mozilla (default), those in /corp.pem (NODE_EXTRA_CA_CERTS)",
  );
});

testWith(
  [TLS_NEED],
  "without a session, a made-up one shows that upgrades are answered",
  async () => {
    using certificates = await createCertificates();
    for (const tls of [undefined, certificates]) {
      await using machine = await patient(tls === undefined ? {} : { tls });
      const trust: Record<string, string> = tls === undefined ? {} : { LC_CA_FILE: tls.caFile };
      const report = await machine.examine(trust);
      assertEquals(report.troubles, {});
      for (const family of ["user", "organization"]) {
        assertMatch(
          report.of(`${family} WebSocket`).detail,
          tls === undefined
            ? /^a made-up session is refused \(404\)/
            : /^refused without a token \(HTTP\/1\.1 401 Unauthorized\)/,
        );
      }
    }
  },
);

testWith([TLS_NEED], "what does not pass WebSockets on is a failure with its answer", async () => {
  using certificates = await createCertificates();
  for (const tls of [undefined, certificates]) {
    await using machine = await patient(tls === undefined ? {} : { tls });
    const { emulator } = machine;
    emulator.createSession();
    emulator.addFault({ kind: "status", code: 502, path: "/v1/ws/" });
    const trust: Record<string, string> = tls === undefined ? {} : { LC_CA_FILE: tls.caFile };
    const report = await machine.examine(trust);
    assertEquals(report.troubles, {
      "user WebSocket": "failure",
      "organization WebSocket": "failure",
    });
    assertEquals(report.code, 1);
    assertStringIncludes(report.of("user WebSocket").detail, "502");
    assertStringIncludes(report.of("user WebSocket").remedy ?? "", hostOf(emulator));
  }
});

Deno.test("no credentials: the network is checked nevertheless", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_API_KEY: "", LC_OID: "", LC_UID: "" });
  assertEquals(report.troubles, { "sign-in": "failure", "service": "skipped" });
  assertEquals(report.of(`answer of ${hostOf(machine.emulator)}`).status, "ok");
});

Deno.test("a configuration that is not YAML is named, and others may not read it", async () => {
  await using machine = await patient();
  const file = machine.home.join("config.yaml");
  const variables = { LC_CREDS_FILE: file, LC_API_KEY: "" };
  await Deno.writeTextFile(file, "{", { mode: 0o600 });
  const malformed = await machine.examine(variables);
  assertEquals(malformed.troubles, { configuration: "failure", service: "skipped" });
  assertStringIncludes(malformed.of("configuration").detail, file);
  await Deno.writeTextFile(file, "oid: x\n");
  await Deno.chmod(file, 0o644);
  const open = await machine.examine(variables);
  assertEquals(open.troubles, { configuration: "failure", service: "skipped" });
  assertStringIncludes(open.of("configuration").remedy ?? "", "chmod");
});

Deno.test("an address that cannot be used leaves the network alone", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_API_URL: "http://service.test" });
  assertEquals(report.troubles, { addresses: "failure", network: "skipped" });
  assertEquals(machine.emulator.requests, []);
});

Deno.test("credentials that are refused: what needs a token is skipped", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_API_KEY: "0000aaaa-wrong-key-0000" });
  assertEquals(report.troubles, { token: "failure", ...NO_FAMILIES });
  assertEquals(report.of("user sessions").detail, "there is no token");
});

Deno.test("an organization that there is not: there is nowhere to go", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_OID: "00000000-0000-4000-8000-000000000000" });
  assertEquals(report.of("AI sessions").status, "failure");
  assertMatch(report.of("AI sessions").detail, /^No organization /);
});

Deno.test("a missing permission is a warning, and names it", async () => {
  await using machine = await patient();
  const { uid, apiKey } = USERS.trainee;
  const report = await machine.examine({ LC_UID: uid, LC_API_KEY: apiKey });
  assertEquals(report.troubles, {
    "organization sessions": "warning",
    "organization WebSocket": "skipped",
  });
  assertEquals(report.code, 0);
  assertStringIncludes(report.of("organization sessions").remedy ?? "", "ai_agent.get");
});

Deno.test("where neither family may be used, that is a failure", async () => {
  await using machine = await patient();
  const { uid, apiKey } = USERS.trainee;
  machine.emulator.addFault({ kind: "status", code: 403, path: "/v1/sessions" });
  const report = await machine.examine({ LC_UID: uid, LC_API_KEY: apiKey });
  assertEquals(report.troubles, {
    "user sessions": "failure",
    "user WebSocket": "skipped",
    "organization sessions": "failure",
    "organization WebSocket": "skipped",
  });
  assertEquals(report.code, 1);
});

Deno.test("an organization's API key has no sessions of its own", async () => {
  await using machine = await patient();
  const { apiKey } = ORGANIZATION_KEYS.automation;
  const report = await machine.examine({ LC_UID: "", LC_API_KEY: apiKey });
  assertEquals(report.troubles, { "user sessions": "skipped", "user WebSocket": "skipped" });
});

Deno.test("an AI host that refuses is a failure, and skips what is behind it", async () => {
  await using machine = await patient();
  const url = closedUrl();
  const report = await machine.examine({ LC_AI_URL: url });
  const { host } = new URL(url);
  assertEquals(report.troubles, { [`answer of ${host}`]: "failure", ...NO_FAMILIES });
  assertEquals(report.of(`answer of ${host}`).detail, "the connection was refused");
});

Deno.test("a host that says nothing is given up on", async () => {
  await using machine = await patient();
  machine.emulator.addFault({ kind: "hang", path: "/" });
  const examined = machine.examine();
  await machine.clock.sleepers(1);
  await machine.clock.advance(15_000);
  const report = await examined;
  assertEquals(
    report.of(`answer of ${hostOf(machine.emulator)}`).detail,
    "nothing within 15 s",
  );
  assertEquals(report.troubles["clock"], "skipped");
});

Deno.test("a host that does not even speak TLS is waited for once", async () => {
  await using machine = await patient();
  const connected = Promise.withResolvers<void>();
  await using silent = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      connected.resolve();
      while (await client.read() !== undefined);
    },
  );
  const examined = machine.examine({ LC_AI_URL: `https://${silent.address}` });
  await connected.promise;
  await machine.clock.advance(15_000);
  const report = await examined;
  assertEquals(report.troubles, {
    [`certificate of ${silent.address}`]: "skipped",
    [`answer of ${silent.address}`]: "failure",
    ...NO_FAMILIES,
  });
});

Deno.test("a name without an address is a failure, and nothing behind it is tried", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_AI_URL: "https://service.invalid" });
  assertEquals(report.troubles, {
    "DNS of service.invalid": "failure",
    "answer of service.invalid": "skipped",
    ...NO_FAMILIES,
  });
});

for (
  const { minutes, status, detail } of [
    { minutes: 2, status: "warning", detail: "120 s ahead of the service's" },
    { minutes: -20, status: "failure", detail: "1200 s behind the service's" },
  ]
) {
  Deno.test(`a clock that is off by ${minutes} min is a ${status}`, async () => {
    const start = Date.parse("2026-01-02T03:04:05.500Z");
    await using machine = await patient({ clock: new FakeClock(start - minutes * 60_000) });
    await machine.clock.advance(start - machine.clock.now());
    const clock = (await machine.examine()).of("clock");
    assertEquals({ status: clock.status, detail: clock.detail }, { status, detail });
  });
}

Deno.test("a malformed proxy is a failure, and nothing goes anywhere", async () => {
  await using machine = await patient();
  const report = await machine.examine({
    ...renamed(machine.emulator, ADDRESS),
    LC_ALLOW_HTTP: "1",
    HTTP_PROXY: `http://ann:${PASSWORD}@proxy.test:99999`,
  });
  const proxy = report.of(`proxy to ${hostOf(machine.emulator, ADDRESS)}`);
  assertEquals(proxy.status, "failure");
  assertEquals(
    proxy.detail,
    'Cannot use the proxy "http://[masked]@proxy.test:99999" of HTTP_PROXY: it is not a URL',
  );
  assertEquals(machine.emulator.requests, []);
});

Deno.test("a proxy is told with the variable that names it, and why it refuses", async () => {
  await using machine = await patient();
  await using proxy = startConnectProxy({
    login: "ann:another",
    hosts: { [ADDRESS]: "127.0.0.1" },
  });
  const report = await machine.examine({
    ...renamed(machine.emulator, ADDRESS),
    LC_ALLOW_HTTP: "1",
    http_proxy: `http://ann:${PASSWORD}@${proxy.address}`,
  });
  const host = hostOf(machine.emulator, ADDRESS);
  assertEquals(
    report.of(`proxy to ${host}`).detail,
    `by http://${proxy.address}: http_proxy names it`,
  );
  assertEquals(
    report.of(`answer of ${host}`).detail,
    `the proxy http://${proxy.address} of http_proxy refused the user and password (407)`,
  );
});

/** A service that speaks TLS behind a proxy that opens it. */
async function inspected(scope: AsyncDisposableStack): Promise<{
  readonly machine: Patient;
  readonly others: Certificates;
  readonly variables: Readonly<Record<string, string>>;
}> {
  const certificates = scope.use(await createCertificates(NAME));
  const others = scope.use(await createCertificates(NAME));
  const machine = scope.use(await patient({ tls: certificates }));
  const proxy = scope.use(startConnectProxy({
    hosts: { [NAME]: "127.0.0.1" },
    login: `ann:${PASSWORD}`,
    intercept: { cert: others.cert, key: others.key, ca: certificates.ca },
  }));
  const variables = {
    ...renamed(machine.emulator, NAME),
    LC_AI_URL: `https://${NAME}:${machine.emulator.port}`,
    HTTPS_PROXY: `http://ann:${PASSWORD}@${proxy.address}`,
  };
  return { machine, others, variables };
}

testWith([TLS_NEED], "an issuer that is not trusted is named, and nothing is sent", async () => {
  await using scope = new AsyncDisposableStack();
  const { machine, others, variables } = await inspected(scope);
  const report = await machine.examine(variables);
  const certificate = report.of(`certificate of ${hostOf(machine.emulator, NAME)}`);
  assertEquals(certificate.status, "failure");
  assertStringIncludes(certificate.detail, `issued by ${others.authority}`);
  assertStringIncludes(certificate.remedy ?? "", "--ca-file");
  assertEquals(report.of(`answer of ${hostOf(machine.emulator, NAME)}`).status, "skipped");
  assertEquals(machine.emulator.requests, []);
});

testWith(
  [TLS_NEED],
  "behind a proxy that inspects TLS all is well with its authority",
  async () => {
    await using scope = new AsyncDisposableStack();
    const { machine, others, variables } = await inspected(scope);
    machine.emulator.createSession();
    const report = await machine.examine({ ...variables, LC_CA_FILE: others.caFile });
    const { [`DNS of ${NAME}`]: _, ...troubles } = report.troubles;
    assertEquals(troubles, {});
    assertStringIncludes(
      report.of(`certificate of ${hostOf(machine.emulator, NAME)}`).detail,
      `issued by ${others.authority}`,
    );
    assertStringIncludes(
      report.of("certificate authorities").detail,
      `1 in ${others.caFile} (LC_CA_FILE)`,
    );
    const names = machine.emulator.requests.flatMap(({ headers }) => Object.keys(headers));
    assertEquals(names.includes("proxy-authorization"), false);
  },
);

Deno.test("certificates that cannot be used leave the network alone", async () => {
  await using machine = await patient();
  const report = await machine.examine({ LC_CA_FILE: machine.home.join("missing.pem") });
  assertEquals(report.troubles, { "certificate authorities": "failure", network: "skipped" });
});

Deno.test("what is odd but works is warned of", async () => {
  await using machine = await patient();
  const report = await machine.examine({ SSLKEYLOGFILE: "/tmp/keys", NO_PROXY: "10.0.0.0/33,a" });
  assertEquals(report.troubles, { "key log": "warning", NO_PROXY: "warning" });
  assertEquals([report.code, report.of("NO_PROXY").detail], [
    0,
    '"10.0.0.0/33" stands for no host',
  ]);
});

Deno.test("what NO_PROXY has of a password is not shown", async () => {
  await using machine = await patient();
  const report = await machine.examine({
    NO_PROXY: `http://ann:${PASSWORD}@proxy.test/,ann:x@a:b`,
  });
  assertEquals(
    report.of("NO_PROXY").detail,
    '"http://[masked]@proxy.test/", "[masked]@a:b" stands for no host',
  );
});

Deno.test("people read one line a check, then the remedy", async () => {
  await using machine = await patient();
  const { code, stdout } = await machine.text([], {
    SHELL: "/bin/fish",
    LC_API_KEY: "wrong-key-1",
  });
  const lines = stdout.split("\n");
  assertEquals(code, 1);
  assertStringIncludes(lines[0] ?? "", "ok       program: limacharlie 1.2.3, ");
  const failed = lines.findIndex((line) => line.startsWith("failure  token: "));
  assertMatch(lines[failed + 1] ?? "", /^ {9}\S/);
  assertEquals(lines.includes("skipped  user sessions: there is no token"), true);
  assertEquals(lines.at(-2), "13 ok, 1 warning, 1 failure, 4 skipped");
});

Deno.test("a narrow terminal gets whole words, behind the margin", async () => {
  await using machine = await patient();
  const columns = 40;
  const terminal = new FakeTerminal({ terminal: true, columns });
  const variables = { TERM: "xterm", LC_API_KEY: "wrong-key-1" };
  const { stdout } = await machine.text(["--no-color"], variables, terminal);
  const lines = stdout.split("\n");
  assertEquals(lines.filter((line) => line.length > columns), []);
  const body = lines.slice(0, lines.indexOf(""));
  for (const line of body) assertMatch(line, /^(?:(?:ok|warning|failure|skipped) +| {9})\S/);
  assertStringIncludes(stdout, "ok       certificate authorities:\n         mozilla (default)\n");
});

Deno.test("-o takes every format, --quiet leaves the exit code only", async () => {
  await using machine = await patient();
  const { stdout: yaml } = await machine.text(["-o", "yaml"]);
  assertEquals(parse(yaml).ok, true);
  const { stdout: jsonl } = await machine.text(["-o", "jsonl"]);
  assertEquals(JSON.parse(jsonl).checks.length > 10, true);
  const { stdout: filtered } = await machine.text(["--json", "--filter", "checks[0].check"]);
  assertEquals(JSON.parse(filtered), "program");
  const quiet = await machine.text(["--quiet"], { LC_API_KEY: "wrong-key-1" });
  assertEquals(quiet, { code: 1, stdout: "", stderr: "" });
});
