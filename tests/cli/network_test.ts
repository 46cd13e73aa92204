import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { type ConnectProxy, startConnectProxy } from "../support/connect_proxy.ts";
import { EXECUTABLE_NEED, programCommand } from "../support/executable.ts";
import { runProgram, sourceCommand, startProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";
import { testWith } from "../support/skip.ts";
import { type Certificates, createCertificates, TLS_NEED } from "../support/tls.ts";

/** A name that only the proxy knows. */
const NAME = "service.test";
const PASSWORD = "S3cretPassword";

/** A service that speaks TLS, with a proxy before it that wants a password. */
interface Place extends AsyncDisposable {
  readonly certificates: Certificates;
  readonly emulator: Emulator;
  readonly proxy: ConnectProxy;
  /** Credentials, the service by its name, and the proxy. */
  readonly env: Readonly<Record<string, string>>;
}

async function openPlace(): Promise<Place> {
  const scope = new AsyncDisposableStack();
  const certificates = scope.use(await createCertificates(NAME));
  const emulator = scope.use(await startServer({ tls: certificates }));
  const proxy = scope.use(
    startConnectProxy({ hosts: { [NAME]: "127.0.0.1" }, login: `ann:${PASSWORD}` }),
  );
  const named = Object.entries(emulator.environment)
    .map(([name, value]) => [name, value.replace("127.0.0.1", NAME)]);
  return {
    certificates,
    emulator,
    proxy,
    env: {
      ...Object.fromEntries(named),
      HTTPS_PROXY: `http://ann:${PASSWORD}@${proxy.address}`,
      RES_OPTIONS: "timeout:1 attempts:1",
    },
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  };
}

/** Sources of trust: arguments and variables. */
const TRUSTED: readonly {
  readonly name: string;
  readonly args?: (file: string) => string[];
  readonly env?: (file: string) => Record<string, string>;
}[] = [
  { name: "--ca-file", args: (file) => ["--ca-file", file] },
  { name: "LC_CA_FILE", env: (file) => ({ LC_CA_FILE: file }) },
  { name: "DENO_CERT", env: (file) => ({ DENO_CERT: file }) },
  {
    name: "the system's store",
    env: (file) => ({ DENO_TLS_CA_STORE: "system", SSL_CERT_FILE: file }),
  },
];

for (const { name, args = () => [], env = () => ({}) } of TRUSTED) {
  testWith(
    [TLS_NEED],
    `a session is attached to by a proxy, with ${name} to trust it`,
    async () => {
      await using place = await openPlace();
      const { caFile } = place.certificates;
      const session = place.emulator.createSession();
      await using program = startProgram(
        [...args(caFile), "--debug-full", "ai", "session", "attach", "--id", session.id, "--raw"],
        { env: { ...place.env, ...env(caFile) } },
      );
      await program.stdout.waitFor("\n");
      session.end("completed", 0);
      const { code, stdout, stderr } = await program.result();
      assertEquals(code, 0, stderr);
      assertEquals(
        stdout.trimEnd().split("\n").map((line) => JSON.parse(line).type),
        ["history", "session_end"],
      );
      assertEquals(stderr.includes(PASSWORD) || stderr.includes(btoa(`ann:${PASSWORD}`)), false);
      const names = place.emulator.requests.flatMap(({ headers }) => Object.keys(headers));
      assertEquals(names.includes("proxy-authorization"), false);
      assertEquals(place.emulator.requests.at(-1)?.status, 101);
    },
  );
}

testWith(
  [TLS_NEED],
  "an authority that nobody named is one line, and nothing is sent",
  async () => {
    await using place = await openPlace();
    const { code, stdout, stderr } = await runProgram(["ai", "session", "list"], {
      env: place.env,
    });
    assertEquals({ code, stdout }, { code: ExitCode.ConnectionLost, stdout: "" });
    assertMatch(
      stderr,
      /^Error: Cannot .*: cannot reach service\.test:\d+: its TLS certificate is not trusted \(unknown issuer\)\nHint: .*--ca-file.*\n$/,
    );
    assertEquals(place.emulator.requests, []);
  },
);

/** What turns verification off, or widens trust, in the runtime and in Node.js. */
const SMUGGLED = {
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  NODE_OPTIONS: "--use-system-ca --use-openssl-ca",
  NODE_USE_SYSTEM_CA: "1",
  DENO_NODE_USE_OPENSSL_CA: "1",
  DENO_TLS_CA_STORE: "mozilla",
  DENO_UNSAFELY_IGNORE_CERTIFICATE_ERRORS: "1",
};

const PROGRAMS = [
  { name: "the program", command: sourceCommand(), needs: [] },
  { name: "the executable", command: programCommand(), needs: [EXECUTABLE_NEED] },
];

for (const { name, command, needs } of PROGRAMS) {
  testWith([TLS_NEED, ...needs], `no variable turns ${name}'s verification off`, async () => {
    await using place = await openPlace();
    const { code, stderr } = await runProgram(["ai", "session", "list"], {
      env: { ...place.env, ...SMUGGLED, SSL_CERT_FILE: place.certificates.caFile },
      command,
    });
    assertEquals(code, ExitCode.ConnectionLost);
    assertStringIncludes(stderr, "its TLS certificate is not trusted (unknown issuer)");
    assertEquals(place.emulator.requests, []);
  });
}

testWith([TLS_NEED], "no option turns verification off", async () => {
  await using place = await openPlace();
  for (const option of ["--unsafely-ignore-certificate-errors", "--insecure", "-k"]) {
    const { code } = await runProgram(["ai", "session", "list", option], { env: place.env });
    assertEquals(code, ExitCode.Usage);
  }
  assertEquals(place.emulator.requests, []);
});

testWith([TLS_NEED], "a malformed proxy is bad usage, and nothing is sent", async () => {
  await using place = await openPlace();
  const { code, stdout, stderr } = await runProgram(["-o", "json", "ai", "session", "list"], {
    env: { ...place.env, HTTPS_PROXY: `http://ann:${PASSWORD}@127.0.0.1:99999` },
  });
  assertEquals({ code, stdout }, { code: ExitCode.Usage, stdout: "" });
  assertEquals(
    JSON.parse(stderr).error,
    'Cannot use the proxy "http://[masked]@127.0.0.1:99999" of HTTPS_PROXY: it is not a URL',
  );
  assertEquals([place.emulator.requests, place.proxy.heads], [[], []]);
});

testWith([TLS_NEED], "a proxy that refuses is named with what it refused", async () => {
  await using place = await openPlace();
  const wrong = place.env["HTTPS_PROXY"]?.replace(PASSWORD, "wrong-Password") ?? "";
  const { code, stderr } = await runProgram(["ai", "session", "list", "--debug"], {
    env: { ...place.env, HTTPS_PROXY: wrong },
  });
  assertEquals(code, ExitCode.ConnectionLost);
  assertStringIncludes(
    stderr,
    `: cannot reach ${NAME}:${place.emulator.port}: the proxy http://${place.proxy.address} ` +
      "of HTTPS_PROXY refused the user and password (407)\n",
  );
  assertEquals(stderr.includes("wrong-Password"), false);
});

Deno.test("what goes nowhere needs neither proxy nor certificates", async () => {
  const env = { HTTPS_PROXY: "http://[", DENO_CERT: "/nonexistent", LC_CA_FILE: "/nonexistent" };
  for (const args of [["version"], ["auth", "--help"], ["demo"]]) {
    const { code, stderr } = await runProgram(args, { env });
    assertEquals(code, 0, stderr);
  }
});
