import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { startServer } from "../../support/server.ts";
import { api } from "./client.ts";

/** Sends bytes, and reads what comes back until the server closes the connection. */
async function exchange(emulator: Emulator, ...parts: readonly string[]): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: emulator.port });
  for (const part of parts) await conn.write(new TextEncoder().encode(part));
  return await new Response(conn.readable).text();
}

Deno.test("startEmulator() answers on the address that its environment names", async () => {
  await using emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const { analyst } = emulator.accounts.users;
  const { LC_JWT_URL, ...environment } = emulator.environment;
  assertEquals(environment, {
    LC_API_URL: emulator.url,
    LC_OID: acme.oid,
    LC_UID: analyst.uid,
    LC_API_KEY: analyst.apiKey,
  });
  assertStringIncludes(LC_JWT_URL ?? "", emulator.url);
  assertEquals(new URL(emulator.url).port, String(emulator.port));
});

Deno.test("startEmulator() names the address and the cause when it cannot listen", async () => {
  await using emulator = await startServer();
  const { port } = emulator;
  const error = await assertRejects(() => startServer({ port }), CliError);
  assertEquals(error.exitCode, ExitCode.Failure);
  assertMatch(error.message, new RegExp(`127\\.0\\.0\\.1:${port}.*address`, "i"));
  assertEquals(error.message.includes("\n"), false);
});

Deno.test("startEmulator() names the cause when a certificate is none", async () => {
  const tls = { cert: "none", key: "none" };
  await assertRejects(() => startServer({ tls }), CliError, "Cannot listen");
});

Deno.test("Emulator.stop closes every connection, and frees the port", async () => {
  const emulator = await startServer();
  const { port } = emulator;
  const idle = await Deno.connect({ hostname: "127.0.0.1", port });
  await api(emulator).get("/v1/nowhere");
  await emulator.stop();
  assertEquals(await idle.read(new Uint8Array(1)), null);
  idle.close();
  await emulator.stop();
  await using again = await startServer({ port });
  assertEquals((await api(again).get("/v1/nowhere")).status, 404);
});

Deno.test("Emulator.requests has what came in, with the status of the answer", async () => {
  await using emulator = await startServer();
  await fetch(`${emulator.url}/v1/a%2Fb?x=1&y=%20`, {
    method: "POST",
    headers: { "X-Test": "yes" },
    body: '{"é":1}',
  }).then((response) => response.text());
  const [request] = emulator.requests;
  const { method, path, query, body, status } = request ?? {};
  assertEquals({ method, path, query, body, status }, {
    method: "POST",
    path: "/v1/a%2Fb",
    query: { x: "1", y: " " },
    body: '{"é":1}',
    status: 404,
  });
  assertEquals(request?.headers["x-test"], "yes");
});

Deno.test("readRequest() reads requests that come in pieces, chunked, or one behind the other", async () => {
  await using emulator = await startServer();
  const end = "Connection: close\r\n\r\n";
  const answer = await exchange(
    emulator,
    "GET /v1/one HT",
    "TP/1.1\r\nHost: x\r",
    "\n\r\nPOST /v1/two HTTP/1.1\r\nContent-Length: 4\r\n\r\nbo",
    "dyPOST /v1/three HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "3;note=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    `GET /v1/four HTTP/1.1\r\n${end}`,
  );
  assertEquals(answer.match(/HTTP\/1\.1 404 Not Found/g)?.length, 4);
  assertEquals(emulator.requests.map(({ path, body }) => [path, body]), [
    ["/v1/one", ""],
    ["/v1/two", "body"],
    ["/v1/three", "abcde"],
    ["/v1/four", ""],
  ]);
});

Deno.test("readRequest() refuses what is no request, and closes the connection", async () => {
  await using emulator = await startServer();
  const of = async (request: string) =>
    /^HTTP\/1\.1 (\d+)/.exec(await exchange(emulator, request))?.[1];
  assertEquals(await of("nonsense\r\n\r\n"), "400");
  assertEquals(await of("GET relative HTTP/1.1\r\n\r\n"), "400");
  assertEquals(await of("GET / HTTP/1.1\r\nno colon\r\n\r\n"), "400");
  assertEquals(await of("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), "400");
  assertEquals(await of("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"), "413");
  assertEquals(await of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "400");
  assertEquals(await of(`GET / HTTP/1.1\r\nX: ${"x".repeat(130_000)}`), "431");
  assertEquals(emulator.requests, []);
});

Deno.test("Emulator.createSession makes thousands of sessions at once", async () => {
  await using emulator = await startServer();
  const owner = { oid: emulator.accounts.organizations.acme.oid };
  for (let index = 0; index < 10_000; index++) emulator.createSession({ id: `s${index}`, owner });
  assertEquals(emulator.session("s9999")?.status, "running");
  assertEquals(emulator.session("s10000"), undefined);
});
