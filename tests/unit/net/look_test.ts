import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../src/app/system.ts";
import { askForUpgrade, lookAtCertificate, type LookOptions } from "../../../src/net/look.ts";
import { startConnectProxy } from "../../support/connect_proxy.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { serveAnswers } from "../../support/http_server.ts";
import { startServer } from "../../support/server.ts";
import { testWith } from "../../support/skip.ts";
import { closedPort, serveConnections } from "../../support/tcp.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";
import { ADDRESS, NAME } from "./support.ts";

function options(
  variables: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): LookOptions {
  return {
    env: fakeEnvironment(variables),
    clock: systemClock,
    caCerts: [],
    userAgent: "test/1",
    signal,
  };
}

testWith([TLS_NEED], "lookAtCertificate() says who issued it, trusted or not", async () => {
  using certificates = await createCertificates();
  await using server = serveAnswers(() => new Response(), certificates);
  const { issuer, validTo } = await lookAtCertificate(new URL(server.url), options());
  assertEquals(issuer, certificates.authority);
  const days = (validTo - Date.now()) / 86_400_000;
  assertEquals(days > 0.9 && days < 1.1, true);
  assertEquals(server.received, []);
});

testWith(
  [TLS_NEED],
  "lookAtCertificate() sees what a proxy shows in a server's place",
  async () => {
    using certificates = await createCertificates();
    using others = await createCertificates(NAME);
    await using server = serveAnswers(() => new Response(), certificates);
    const intercept = { cert: others.cert, key: others.key, ca: certificates.ca };
    await using proxy = startConnectProxy({ hosts: { [ADDRESS]: "127.0.0.1" }, intercept });
    const url = new URL(server.url.replace("127.0.0.1", ADDRESS));
    const { issuer } = await lookAtCertificate(url, options({ HTTPS_PROXY: proxy.address }));
    assertEquals([issuer, proxy.heads.length], [others.authority, 1]);
  },
);

Deno.test("lookAtCertificate() fails where there is nobody, or no TLS", async () => {
  await using server = serveAnswers(() => new Response());
  const plain = new URL(server.url.replace("http:", "https:"));
  await assertRejects(() => lookAtCertificate(plain, options()));
  const nobody = new URL(`https://127.0.0.1:${closedPort()}`);
  await assertRejects(() => lookAtCertificate(nobody, options()));
});

Deno.test("lookAtCertificate() waits no longer than it is told to", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using server = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readExactly(1);
      resolve();
      await client.readExactly(100_000);
    },
  );
  const stop = new AbortController();
  const failed = assertRejects(
    () => lookAtCertificate(new URL(`https://${server.address}`), options({}, stop.signal)),
    Error,
    "enough",
  );
  await asked;
  stop.abort(new Error("It was enough"));
  await failed;
});

Deno.test("askForUpgrade() shows the status that the runtime hides", async () => {
  await using emulator = await startServer();
  const url = new URL(`ws://127.0.0.1:${emulator.port}/v1/ws/sessions/none`);
  assertEquals(await askForUpgrade(url, options()), "HTTP/1.1 401 Unauthorized");
  const headers = emulator.requests[0]?.headers;
  assertEquals([headers?.["upgrade"], headers?.["authorization"]], ["websocket", undefined]);
});

testWith([TLS_NEED], "askForUpgrade() shows it over TLS, too", async () => {
  using certificates = await createCertificates();
  await using emulator = await startServer({ tls: certificates });
  const url = new URL(`wss://127.0.0.1:${emulator.port}/v1/ws/org/sessions/none`);
  assertEquals(await askForUpgrade(url, options()), "HTTP/1.1 401 Unauthorized");
});

Deno.test("askForUpgrade() takes nothing but HTTP for an answer", async () => {
  await using server = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readHead(4096);
      await client.write(new TextEncoder().encode("220 mail.test\r\n\r\n"));
    },
  );
  await assertRejects(
    () => askForUpgrade(new URL(`ws://${server.address}/`), options()),
    Error,
    "not HTTP",
  );
});
