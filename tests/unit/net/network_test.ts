import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError, ConnectionError, messageOf } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { type ConnectProxyOptions, startConnectProxy } from "../../support/connect_proxy.ts";
import { temporaryFolder } from "../../support/home.ts";
import { serveAnswers } from "../../support/http_server.ts";
import { startServer } from "../../support/server.ts";
import { testWith } from "../../support/skip.ts";
import { type SocksServerOptions, startSocksServer } from "../../support/socks_server.ts";
import { closedPort, serveConnections } from "../../support/tcp.ts";
import { startTinyproxy, TINYPROXY_NEED } from "../../support/tinyproxy.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";
import { ADDRESS, NAME, networkWith, USES } from "./support.ts";
import { WAYS } from "./ways.ts";

for (const way of WAYS) {
  for (const use of USES) {
    testWith(
      [TLS_NEED, ...way.needs],
      `createNetwork() has ${use.name} go by ${way.name}`,
      async () => {
        await using scope = new AsyncDisposableStack();
        const certificates = scope.use(await createCertificates(NAME));
        const emulator = scope.use(
          await startServer({
            hostname: way.hostname ?? "127.0.0.1",
            ...(way.plain ? {} : { tls: certificates }),
          }),
        );
        const { variables, caFile, passed } = await way.open(certificates, scope);
        using network = networkWith(variables, caFile);
        const base = `${way.plain ? "http" : "https"}://${way.host ?? NAME}:${emulator.port}`;
        await use.reach(network, base, emulator);
        if (passed !== undefined) assertEquals(passed(), 1);
        assertEquals(emulator.requests.length, 1);
        const headers = Object.keys(emulator.requests[0]?.headers ?? {});
        assertEquals(headers.filter((name) => name.startsWith("proxy-")), []);
      },
    );
  }
}

/** Has both uses fail on what the variables say, and gives back what they fail with. */
async function failures(
  variables: Readonly<Record<string, string>>,
  { base = `https://${ADDRESS}`, caFile }: { base?: string; caFile?: string | undefined } = {},
): Promise<unknown[]> {
  await using emulator = await startServer();
  const failed = [];
  for (const { name, reach } of USES) {
    using network = networkWith(variables, caFile);
    try {
      await reach(network, base, emulator);
    } catch (error) {
      failed.push(error);
      continue;
    }
    throw new Error(`${name} did not fail`);
  }
  return failed;
}

/** Has both uses fail, and gives back why fetch did: of a WebSocket the runtime hides it. */
async function causeOfFetch(...args: Parameters<typeof failures>): Promise<string> {
  const [error] = await failures(...args);
  return messageOf((error as Error).cause);
}

/** Checks that both uses fail as a proxy did, and for the same reason. */
async function assertFails(
  variables: Readonly<Record<string, string>>,
  expected: { readonly reason: string; readonly passing: boolean },
): Promise<void> {
  for (const error of await failures(variables)) {
    if (!(error instanceof ConnectionError)) throw error;
    const { reason, passing, message } = error;
    assertEquals({ reason, passing, message }, { ...expected, message: expected.reason });
  }
}

const HTTP_REFUSALS: readonly (ConnectProxyOptions & {
  readonly name: string;
  readonly login?: string;
  readonly reason: string;
  readonly passing: boolean;
})[] = [
  {
    name: "wants a password",
    login: "ann:S3cretPassword",
    reason: "wants a user and a password (407)",
    passing: false,
  },
  {
    name: "wants another way to sign in",
    answer: "HTTP/1.0 407 No\r\nProxy-Authenticate: NTLM\r\nproxy-authenticate: Negotiate\r\n\r\n",
    reason: "wants to be signed in to by NTLM or Negotiate, and Basic is all there is (407)",
    passing: false,
  },
  {
    name: "does not allow the host",
    answer: "HTTP/1.1 403 Filtered\r\nContent-Length: 0\r\n\r\n",
    reason: `refused the connection to ${ADDRESS}:443 (403 Filtered)`,
    passing: false,
  },
  {
    name: "does not reach the host",
    reason: `refused the connection to ${ADDRESS}:443 (502 Host not known)`,
    passing: true,
  },
  {
    name: "gives no reason",
    answer: "HTTP/1.1 503\r\n\r\n",
    reason: `refused the connection to ${ADDRESS}:443 (503)`,
    passing: true,
  },
  {
    name: "speaks something else",
    answer: "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    reason: "does not speak HTTP",
    passing: false,
  },
  {
    name: "says nothing",
    answer: "",
    reason: "ended the connection without an answer",
    passing: true,
  },
];

for (const { name, reason, passing, ...options } of HTTP_REFUSALS) {
  Deno.test(`createNetwork() names an HTTP proxy that ${name}`, async () => {
    await using proxy = startConnectProxy(options);
    await assertFails({ HTTPS_PROXY: `http://${proxy.address}` }, {
      reason: `the proxy http://${proxy.address} of HTTPS_PROXY ${reason}`,
      passing,
    });
  });
}

Deno.test("createNetwork() shows no password when a proxy refuses it", async () => {
  await using proxy = startConnectProxy({ login: "ann:another" });
  await assertFails({ HTTPS_PROXY: `http://ann:S3cretPassword@${proxy.address}` }, {
    reason: `the proxy http://${proxy.address} of HTTPS_PROXY refused the user and password (407)`,
    passing: false,
  });
});

testWith(
  [TINYPROXY_NEED],
  "createNetwork() tells a tinyproxy's refusal of a password",
  async () => {
    await using proxy = await startTinyproxy({
      upstream: `127.0.0.1:${closedPort()}`,
      login: ["ann", "S3cretPassword"],
    });
    for (
      const { login, words } of [
        { login: "", words: "wants a user and a password (407)" },
        { login: "ann:wrong@", words: "refused the user and password (401)" },
      ]
    ) {
      await assertFails({ HTTPS_PROXY: `http://${login}${proxy.address}` }, {
        reason: `the proxy http://${proxy.address} of HTTPS_PROXY ${words}`,
        passing: false,
      });
    }
  },
);

const SOCKS_REFUSALS: readonly (SocksServerOptions & {
  readonly name: string;
  readonly reason: string;
  readonly passing: boolean;
})[] = [
  {
    name: "wants a password",
    login: ["ann", "S3cretPassword"],
    reason: "wants a user and a password",
    passing: false,
  },
  {
    name: "does not allow the host",
    reply: 2,
    reason: `refused the connection to ${ADDRESS}:443 (its rules do not allow it)`,
    passing: false,
  },
  {
    name: "does not reach the host",
    reason: `refused the connection to ${ADDRESS}:443 (the host is unreachable from there)`,
    passing: true,
  },
  {
    name: "gives a reason that nobody knows",
    reply: 77,
    reason: `refused the connection to ${ADDRESS}:443 (reply 77)`,
    passing: false,
  },
];

for (const { name, reason, passing, ...options } of SOCKS_REFUSALS) {
  Deno.test(`createNetwork() names a SOCKS proxy that ${name}`, async () => {
    await using proxy = startSocksServer(options);
    await assertFails({ ALL_PROXY: `socks5://${proxy.address}` }, {
      reason: `the proxy socks5://${proxy.address} of ALL_PROXY ${reason}`,
      passing,
    });
  });
}

Deno.test("createNetwork() names a proxy of another kind than the variable says", async () => {
  await using socks = startSocksServer();
  await assertFails({ ALL_PROXY: `http://${socks.address}` }, {
    reason: `the proxy http://${socks.address} of ALL_PROXY ended the connection without an answer`,
    passing: true,
  });
  await using http = serveAnswers(() => new Response());
  const { host } = new URL(http.url);
  await assertFails({ ALL_PROXY: `https://${host}` }, {
    reason: `the proxy https://${host} of ALL_PROXY does not speak TLS`,
    passing: false,
  });
});

Deno.test("createNetwork() names a proxy that cannot be reached", async () => {
  const address = `127.0.0.1:${closedPort()}`;
  await assertFails({ HTTPS_PROXY: address }, {
    reason: `the proxy http://${address} of HTTPS_PROXY cannot be reached: connection refused`,
    passing: true,
  });
  await assertFails({ HTTPS_PROXY: "socks5://proxy.invalid" }, {
    reason: "the proxy socks5://proxy.invalid:1080 of HTTPS_PROXY cannot be found by its name",
    passing: true,
  });
});

testWith([TLS_NEED], "createNetwork() does not trust just any proxy", async () => {
  using certificates = await createCertificates();
  await using proxy = startConnectProxy({ tls: certificates });
  await assertFails({ HTTPS_PROXY: `https://${proxy.address}` }, {
    reason: `the proxy https://${proxy.address} of HTTPS_PROXY has a TLS certificate that is not ` +
      "trusted",
    passing: false,
  });
  assertEquals(proxy.heads, []);
});

testWith([TLS_NEED], "createNetwork() asks a proxy once for what it has refused", async () => {
  await using proxy = startConnectProxy({ login: "ann:another" });
  await assertFails({ HTTPS_PROXY: `http://ann:S3cretPassword@${proxy.address}` }, {
    reason: `the proxy http://${proxy.address} of HTTPS_PROXY refused the user and password (407)`,
    passing: false,
  });
  assertEquals(proxy.heads.length, USES.length);
});

testWith([TLS_NEED], "createNetwork() trusts no authority that nobody named", async () => {
  using certificates = await createCertificates(NAME);
  using others = await createCertificates(NAME);
  await using emulator = await startServer({ tls: certificates });
  await using proxy = startConnectProxy({ hosts: { [NAME]: "127.0.0.1" } });
  const variables = { HTTPS_PROXY: `http://${proxy.address}` };
  for (const base of [`https://${NAME}:${emulator.port}`, emulator.url]) {
    for (const caFile of [undefined, others.caFile]) {
      assertStringIncludes(
        await causeOfFetch(variables, { base, caFile }),
        "UnknownIssuer",
      );
    }
  }
  assertEquals(emulator.requests, []);
});

testWith([TLS_NEED], "createNetwork() accepts no certificate for another name", async () => {
  using certificates = await createCertificates();
  await using emulator = await startServer({ tls: certificates });
  await using proxy = startConnectProxy({ hosts: { [NAME]: "127.0.0.1" } });
  const { caFile } = certificates;
  const base = `https://${NAME}:${emulator.port}`;
  const cause = await causeOfFetch({ ALL_PROXY: proxy.address }, { base, caFile });
  assertStringIncludes(cause, `not valid for name "${NAME}"`);
  assertEquals(emulator.requests, []);
});

Deno.test("createNetwork() never goes direct when the variable is malformed", async () => {
  await using emulator = await startServer();
  const base = `http://${ADDRESS}:${emulator.port}`;
  for (const value of ["127.0.0.1:99999", "ftp://127.0.0.1", "http://ann:S3cretPassword@"]) {
    for (const error of await failures({ HTTP_PROXY: value }, { base })) {
      if (!(error instanceof CliError)) throw error;
      assertEquals(error.exitCode, ExitCode.Usage);
      assertStringIncludes(error.message, "HTTP_PROXY");
      assertEquals(/S3cret/.test(error.message), false);
    }
  }
  assertEquals(emulator.requests, []);
});

Deno.test("createNetwork() refuses certificates that it cannot use, and names the file", async () => {
  using folder = temporaryFolder();
  const path = folder.join("no.pem");
  await Deno.writeTextFile(path, "nothing");
  const missing = folder.join("missing.pem");
  const cases = [
    { variables: { LC_CA_FILE: path }, named: `"${path}" of LC_CA_FILE` },
    { variables: { DENO_CERT: missing }, named: `"${missing}" of DENO_CERT` },
    { variables: {}, caFile: folder.path, named: `"${folder.path}" of --ca-file` },
    { variables: { DENO_TLS_CA_STORE: "windows" }, named: '"windows" in DENO_TLS_CA_STORE' },
  ];
  for (const { variables, caFile, named } of cases) {
    for (const error of await failures(variables, caFile === undefined ? {} : { caFile })) {
      if (!(error instanceof CliError)) throw error;
      assertEquals(error.exitCode, ExitCode.Usage);
      assertStringIncludes(error.message, named);
    }
  }
});

Deno.test("createNetwork() looks at nothing before it is used", () => {
  using _ = networkWith({ HTTPS_PROXY: "http://[", DENO_CERT: "/nonexistent" });
});

Deno.test("createNetwork() gives up with the caller's reason, not the proxy's", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using proxy = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readHead(64 * 1024);
      resolve();
      await client.readExactly(1);
    },
  );
  using network = networkWith({ HTTPS_PROXY: proxy.address });
  const stop = new AbortController();
  const answer = network.fetch(`https://${ADDRESS}`, { signal: stop.signal });
  await asked;
  stop.abort(new CliError("Ended by SIGTERM", { exitCode: ExitCode.Interrupted }));
  const error = await assertRejects(() => answer, CliError);
  assertEquals(error.message, "Ended by SIGTERM");
});
