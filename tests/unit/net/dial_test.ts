import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConnectionError } from "../../../src/app/errors.ts";
import { Connection } from "../../../src/net/connection.ts";
import { dial } from "../../../src/net/dial.ts";
import { parseProxy } from "../../../src/net/proxy.ts";
import { FakeClock } from "../../support/fakes.ts";
import { serveConnections, type TcpServer } from "../../support/tcp.ts";

const TARGET = { hostname: "service.test", port: 443 };

interface SilentProxy extends TcpServer {
  /** Settles when a client has said something. */
  readonly asked: Promise<void>;
  /** Settles when the client has gone. */
  readonly left: Promise<void>;
}

/** A proxy that takes what it is told, and says nothing. */
function startSilentProxy(): SilentProxy {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const server = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readExactly(1);
      asked.resolve();
      try {
        while (true) await client.readExactly(1);
      } catch {
        left.resolve();
      }
    },
  );
  return { ...server, asked: asked.promise, left: left.promise };
}

function dialBy(address: string, clock: FakeClock, signal = new AbortController().signal) {
  const proxy = parseProxy(address, "ALL_PROXY");
  return dial(TARGET, proxy, { clock, caCerts: [], userAgent: "test/1", signal });
}

const KINDS = [
  { kind: "http", seconds: 30, hint: "ALL_PROXY names the right proxy" },
  { kind: "https", seconds: 10, hint: "try http://127.0.0.1" },
  { kind: "socks5", seconds: 10, hint: "ALL_PROXY names the right proxy" },
];

for (const { kind, seconds, hint } of KINDS) {
  Deno.test(`dial() gives up on a silent ${kind} proxy after ${seconds} s`, async () => {
    await using proxy = startSilentProxy();
    const clock = new FakeClock();
    const failed = assertRejects(
      () => dialBy(`${kind}://${proxy.address}`, clock),
      ConnectionError,
    );
    await proxy.asked;
    await clock.advance(seconds * 1000);
    const error = await failed;
    assertEquals(
      error.message,
      `the proxy ${kind}://${proxy.address} of ALL_PROXY did not answer within ${seconds} s`,
    );
    assertEquals([error.passing, clock.pending], [true, []]);
    assertStringIncludes(error.hint ?? "", hint);
    // The runtime lets go of an unfinished TLS handshake, but only later of its socket.
    if (kind !== "https") await proxy.left;
  });

  Deno.test(`dial() hangs up on a ${kind} proxy when it is told to`, async () => {
    await using proxy = startSilentProxy();
    const clock = new FakeClock();
    const stop = new AbortController();
    const failed = assertRejects(
      () => dialBy(`${kind}://${proxy.address}`, clock, stop.signal),
      ConnectionError,
    );
    await proxy.asked;
    stop.abort();
    await failed;
    // The runtime lets go of an unfinished TLS handshake, but only later of its socket.
    if (kind !== "https") await proxy.left;
    assertEquals(clock.pending, []);
  });
}

Deno.test("dial() leaves a SOCKS proxy that it has greeted the time to connect", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using proxy = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readExactly(3);
      await client.write(new Uint8Array([5, 0]));
      await client.readExactly(1);
      resolve();
      while (await client.read() !== undefined);
    },
  );
  const clock = new FakeClock();
  const failed = assertRejects(() => dialBy(`socks5://${proxy.address}`, clock), ConnectionError);
  await asked;
  await clock.advance(29_999);
  assertEquals(clock.pending, [1]);
  await clock.advance(1);
  assertStringIncludes((await failed).message, "did not answer within 30 s");
});

Deno.test("dial() loses nothing that the target says first", async () => {
  await using proxy = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readHead(4096);
      await client.write(new TextEncoder().encode("HTTP/1.0 200 Go on\r\nVia: x\r\n\r\nHello"));
      await client.readExactly(1);
    },
  );
  using connection: Connection = await dialBy(proxy.address, new FakeClock());
  assertEquals(new TextDecoder().decode(await connection.readExactly(5)), "Hello");
});

Deno.test("dial() reads no endless head", async () => {
  await using proxy = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => {
      await client.readHead(4096);
      const line = new TextEncoder().encode(`X-Filler: ${"x".repeat(1000)}\r\n`);
      await client.write(new TextEncoder().encode("HTTP/1.1 200 Go on\r\n"));
      for (let count = 0; count < 1000; count++) await client.write(line);
      await client.readExactly(1);
    },
  );
  const error = await assertRejects(() => dialBy(proxy.address, new FakeClock()), ConnectionError);
  assertEquals(
    error.message,
    `the proxy http://${proxy.address} of ALL_PROXY ended the connection without an answer`,
  );
});
