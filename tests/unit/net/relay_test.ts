import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../src/app/system.ts";
import { Connection } from "../../../src/net/connection.ts";
import { parseProxy } from "../../../src/net/proxy.ts";
import { type Dial, Relay } from "../../../src/net/relay.ts";
import { FakeClock } from "../../support/fakes.ts";
import { serveConnections } from "../../support/tcp.ts";

const PROXY = parseProxy("proxy.test", "ALL_PROXY");

/** What Deno.createHttpClient is given, as far as it concerns a SOCKS client. */
interface Entry {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

function entryOf(relay: Relay): Entry {
  const proxy = relay.routeBy(PROXY);
  if (!("url" in proxy) || proxy.basicAuth === undefined) throw new Error("Unexpected proxy");
  return { port: Number(new URL(proxy.url).port), ...proxy.basicAuth };
}

const NEVER: Dial = () => {
  throw new Error("Unexpected connection");
};

/** What comes back to a client that says these bytes, until it is hung up on. */
async function say(port: number, bytes: readonly number[]): Promise<number[]> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new Uint8Array(bytes));
  const heard: number[] = [];
  const buffer = new Uint8Array(1024);
  for (let size; (size = await conn.read(buffer)) !== null;) {
    heard.push(...buffer.subarray(0, size));
  }
  return heard;
}

const text = (value: string) => [...new TextEncoder().encode(value)];
const counted = (value: string) => [value.length, ...text(value)];

/** All that a client says up to the port of `service.test:80`. */
function request({ username, password }: Entry): number[] {
  return [
    ...[5, 2, 0, 2, 1, ...counted(username), ...counted(password)],
    ...[5, 1, 0, 3, ...counted("service.test"), 0, 80],
  ];
}

Deno.test("Relay.routeBy() gives a new password each time the program runs", () => {
  using one = new Relay(NEVER, systemClock);
  using other = new Relay(NEVER, systemClock);
  assertEquals(entryOf(one).password === entryOf(other).password, false);
  assertEquals(entryOf(one).password.length, 36);
});

Deno.test("Relay() does nothing for whoever lacks its password", async () => {
  using relay = new Relay(NEVER, systemClock);
  const entry = entryOf(relay);
  const { port } = entry;
  const wrong = {
    ...entry,
    password: entry.password.replace(/.$/, (last) => last === "0" ? "1" : "0"),
  };
  assertEquals(await say(port, request(wrong)), [5, 2]);
  assertEquals(await say(port, request({ ...entry, username: "1" })), [5, 2]);
  assertEquals(await say(port, request({ ...entry, username: "constructor" })), [5, 2]);
  assertEquals(await say(port, [5, 1, 0, 5, 1, 0, 3, ...counted("service.test"), 0, 80]), []);
  assertEquals(await say(port, text("CONNECT service.test:80 HTTP/1.1\r\n\r\n")), []);
});

Deno.test("Relay() makes connections only, and of known kinds", async () => {
  using relay = new Relay(NEVER, systemClock);
  const entry = entryOf(relay);
  const good = request(entry);
  const command = good.length - "service.test".length - 6;
  assertEquals(good.slice(command, command + 3), [1, 0, 3]);
  assertEquals(await say(entry.port, good.with(command, 2)), [5, 2, 1, 0]);
  assertEquals(await say(entry.port, good.with(command + 2, 9)), [5, 2, 1, 0]);
});

Deno.test("Relay() hangs up on a client that does not say what it wants within 10 s", async () => {
  const clock = new FakeClock();
  using relay = new Relay(NEVER, clock);
  const heard = say(entryOf(relay).port, [5, 2, 0]);
  await clock.sleepers(1);
  await clock.advance(10_000);
  assertEquals(await heard, []);
});

Deno.test("Relay() passes on every byte in both directions, also behind the end of one", async () => {
  const size = 8 * 1024 * 1024;
  const bytes = new Uint8Array(size).map((_, index) => (index * 31) >> 3);
  await using server = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (client) => await client.write(await client.readExactly(size)),
  );
  using relay = new Relay(async () => {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
  }, systemClock);
  const entry = entryOf(relay);
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: entry.port });
  using client = new Connection(conn);
  await client.write(new Uint8Array(request(entry)));
  assertEquals([...await client.readExactly(4)], [5, 2, 1, 0]);
  assertEquals((await client.readExactly(10))[1], 0);
  await client.write(bytes);
  await conn.closeWrite();
  const echoed = await client.readExactly(size);
  assertEquals(echoed.every((byte, index) => byte === bytes[index]), true);
  await assertRejects(() => client.readExactly(1), Deno.errors.UnexpectedEof);
});

Deno.test("Relay() closes every connection when it is disposed of", async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  await using server = serveConnections(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    (client) => client.readExactly(1).then(() => {}, () => resolve()),
  );
  const relay = new Relay(async () => {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
  }, systemClock);
  const entry = entryOf(relay);
  using client = new Connection(await Deno.connect({ hostname: "127.0.0.1", port: entry.port }));
  await client.write(new Uint8Array(request(entry)));
  await client.readExactly(14);
  relay[Symbol.dispose]();
  await assertRejects(() => client.readExactly(1));
  await gone;
});
