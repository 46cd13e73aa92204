import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ORGANIZATION_KEYS, ORGANIZATIONS, USERS } from "../../../src/emulator/accounts.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { startServer } from "../../support/server.ts";
import { testWith } from "../../support/skip.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";
import { connect, type SocketOptions } from "./client.ts";

const { acme, globex } = ORGANIZATIONS;

/** The status with which an upgrade is refused, as Deno shows it on `ws://`. */
async function refusal(emulator: Emulator, id: string, options?: SocketOptions): Promise<number> {
  const socket = await connect(emulator, id, options);
  await socket.closed;
  const [, status] = /Invalid status code: (\d+)/.exec(socket.error) ?? [];
  return Number(status);
}

Deno.test("serveSocket() lets the owner in, by sub-protocol", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  await using socket = await connect(emulator, session.id);
  await session.attached();
  await socket.opened();
  assertEquals(socket.protocol, "access_token");
  assertEquals((await socket.frame("history")).payload, { messages: [] });
  assertEquals(emulator.requests.at(-1)?.status, 101);
});

Deno.test("serveSocket() takes an Authorization header, and no token in the URL", async () => {
  await using emulator = await startServer();
  const { id } = emulator.createSession();
  const jwt = await emulator.mintToken(USERS.analyst);
  const upgrade = async (query: string, headers: Readonly<Record<string, string>>) => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: emulator.port });
    const lines = [
      `GET /v1/ws/sessions/${id}${query} HTTP/1.1`,
      "Host: 127.0.0.1",
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    await conn.write(new TextEncoder().encode(lines.join("\r\n") + "\r\n\r\n"));
    const buffer = new Uint8Array(4096);
    const size = await conn.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, size));
  };
  const accepted = await upgrade("", { Authorization: `Bearer ${jwt}` });
  assertMatch(accepted, /^HTTP\/1\.1 101 /);
  // The example of RFC 6455, section 1.3.
  assertStringIncludes(accepted, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  assertEquals(accepted.includes("Sec-WebSocket-Protocol"), false);
  assertMatch(await upgrade(`?token=${jwt}`, {}), /^HTTP\/1\.1 401 /);
  assertMatch(
    await upgrade(`?token=${jwt}`, { Authorization: `Bearer ${jwt}` }),
    /^HTTP\/1\.1 401 /,
  );
});

Deno.test("serveSocket() refuses who has no right to a session with a status", async () => {
  await using emulator = await startServer();
  const own = emulator.createSession();
  const foreign = emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  const org = emulator.createSession({ owner: { oid: acme.oid } });
  const other = emulator.createSession({ owner: { oid: globex.oid } });
  assertEquals(await refusal(emulator, own.id, { token: "wrong" }), 401);
  assertEquals(await refusal(emulator, own.id, { token: USERS.analyst.apiKey }), 401);
  assertEquals(await refusal(emulator, foreign.id), 403);
  assertEquals(await refusal(emulator, org.id), 403);
  assertEquals(await refusal(emulator, own.id, { holder: ORGANIZATION_KEYS.automation }), 403);
  assertEquals(await refusal(emulator, "unknown"), 404);
  assertEquals(await refusal(emulator, own.id, { org: true }), 404);
  assertEquals(await refusal(emulator, "unknown", { org: true }), 404);
  assertEquals(await refusal(emulator, org.id, { org: true, holder: USERS.trainee }), 403);
  assertEquals(await refusal(emulator, other.id, { org: true }), 403);
});

Deno.test("serveSocket() refuses with a close code when it is asked to", async () => {
  await using emulator = await startServer({ faults: [{ kind: "refuse-by-close" }] });
  const foreign = emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  const code = async (id: string, options?: SocketOptions) =>
    (await (await connect(emulator, id, options)).closed).code;
  assertEquals(await code(foreign.id, { token: "wrong" }), 4001);
  assertEquals(await code(foreign.id), 4003);
  assertEquals(await code("unknown"), 4004);
});

Deno.test("serveSocket() lets anyone with ai_agent.get read an organization's session", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ owner: { oid: acme.oid } });
  const holders = [USERS.analyst, USERS.colleague, ORGANIZATION_KEYS.dashboard];
  for (const holder of holders) {
    await using socket = await connect(emulator, session.id, { org: true, holder });
    await socket.frame("history");
    socket.send({ type: "heartbeat" });
    socket.prompt("hello");
    const { payload } = await socket.frame("error");
    assertEquals(payload["code"], "invalid_message");
    assertStringIncludes(String(payload["message"]), "read-only");
  }
});

Deno.test("serveSocket() closes with 4009 while a session is starting", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession({ status: "starting" });
  const early = await connect(emulator, session.id);
  assertEquals((await early.closed).code, 4009);
  assertEquals(early.messages, []);
  session.start();
  await using socket = await connect(emulator, session.id);
  await socket.frame("history");
});

Deno.test("serveSocket() tells how a session ended, then closes with 4100", async () => {
  await using emulator = await startServer();
  const history = [{ type: "user", payload: { text: "hi" } }];
  const end = { reason: "completed", exitCode: 0 };
  const { id } = emulator.createSession({ status: "ended", end, history });
  const socket = await connect(emulator, id);
  const { code, wasClean } = await socket.closed;
  assertEquals([code, wasClean], [4100, true]);
  assertEquals(socket.types, ["history", "session_end"]);
  assertEquals(socket.frames[1]?.payload, { reason: "completed", exit_code: 0 });
});

Deno.test("serveSocket() answers a plain request for a WebSocket with an error", async () => {
  await using emulator = await startServer();
  const { id } = emulator.createSession();
  const response = await fetch(`${emulator.url}/v1/ws/sessions/${id}`);
  assertEquals(response.status, 426);
  await response.body?.cancel();
});

testWith([TLS_NEED], "serveSocket() serves and refuses wss:// as it does ws://", async () => {
  using certificates = await createCertificates();
  await using emulator = await startServer({ tls: certificates });
  using client = Deno.createHttpClient({ caCerts: [certificates.ca] });
  const own = emulator.createSession();
  await using socket = await connect(emulator, own.id, { client });
  await own.attached();
  await own.push("over TLS");
  await socket.received(2);
  assertEquals([emulator.url.slice(0, 8), socket.messages[1]], ["https://", "over TLS"]);
  const foreign = emulator.createSession({ owner: { uid: USERS.colleague.uid } });
  const refused = await connect(emulator, foreign.id, { client });
  assertEquals((await refused.closed).wasClean, false);
  assertEquals(emulator.requests.at(-1)?.status, 403);
});
