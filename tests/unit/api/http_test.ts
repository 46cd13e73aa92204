import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import type { HttpRequest } from "../../../src/api/http.ts";
import { CliError } from "../../../src/app/errors.ts";
import { closedUrl, inOrder, json, serveAnswers, serveBytes } from "../../support/http_server.ts";
import { testWith } from "../../support/skip.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";
import { makeClient, NEVER } from "../../support/api_client.ts";

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    action: "do it",
    method: "GET",
    url: `${url}/path`,
    headers: new Headers(),
    repeatable: true,
    signal: NEVER,
    ...more,
  };
}

const POST = {
  method: "POST",
  repeatable: false,
  body: "{}",
  whenLost: "Look whether it was done",
} as const;

const BARE_POST = { method: POST.method, repeatable: false, whenLost: POST.whenLost } as const;

/** Checks that pauses lie around these, in milliseconds. */
function assertPauses(actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length);
  for (const [index, around] of expected.entries()) {
    const pause = actual[index] ?? 0;
    assert(pause >= around * 0.75 && pause <= around * 1.25, `${pause} is not around ${around}`);
  }
}

Deno.test("HttpClient.send() sends what it was given, and answers what came", async () => {
  await using server = serveAnswers(() => json({ a: 1 }, 201, { "x-own": "yes" }));
  const { http } = makeClient();
  const headers = new Headers({ authorization: "Bearer t", "content-type": "text/plain" });
  const answer = await http.send(request(server.url, { ...POST, headers, body: "grüße" }));
  assertEquals([answer.status, answer.headers.get("x-own"), answer.body], [201, "yes", '{"a":1}']);
  assertEquals(server.received.map(({ method, path, body }) => [method, path, body]), [
    ["POST", "/path", "grüße"],
  ]);
  const sent = server.received[0]?.headers ?? {};
  assertEquals(
    [sent["authorization"], sent["content-type"], sent["user-agent"], sent["accept"]],
    ["Bearer t", "text/plain", "test/1", "application/json"],
  );
});

for (
  const [name, more] of Object.entries({
    GET: {},
    "repeatable POST": { ...POST, repeatable: true },
  })
) {
  Deno.test(`HttpClient.send() tries a ${name} again after 504`, async () => {
    await using server = serveAnswers(
      inOrder(json({}, 504), json({}, 504), json({ done: true })),
    );
    const { http, clock } = makeClient();
    const answer = await http.send(request(server.url, more));
    assertEquals([answer.status, answer.body], [200, '{"done":true}']);
    assertPauses(clock.pauses, [1000, 2000]);
  });
}

Deno.test("HttpClient.send() gives up after three times 504", async () => {
  await using server = serveAnswers(() => json({}, 504));
  const { http } = makeClient();
  assertEquals((await http.send(request(server.url))).status, 504);
  assertEquals(server.received.length, 3);
});

for (const status of [500, 502, 503, 504]) {
  Deno.test(`HttpClient.send() does not send a POST again after ${status}`, async () => {
    await using server = serveAnswers(() => json({}, status));
    const { http } = makeClient();
    assertEquals((await http.send(request(server.url, POST))).status, status);
    assertEquals(server.received.length, 1);
  });
}

for (const status of [400, 401, 404, 500, 502, 503]) {
  Deno.test(`HttpClient.send() does not send a GET again after ${status}`, async () => {
    await using server = serveAnswers(() => json({}, status));
    const { http } = makeClient();
    assertEquals((await http.send(request(server.url))).status, status);
    assertEquals(server.received.length, 1);
  });
}

for (
  const [name, value, pause] of [
    ["seconds", "7", 7000],
    ["a date", "Fri, 02 Jan 2026 03:04:14 GMT", 9000],
    ["a date that has passed", "Fri, 02 Jan 2026 03:00:00 GMT", 0],
  ] as const
) {
  Deno.test(`HttpClient.send() waits as Retry-After says by ${name}, and says so`, async () => {
    await using server = serveAnswers(
      inOrder(json({}, 429, { "retry-after": value }), json({ done: true })),
    );
    const { http, clock, notices } = makeClient();
    const answer = await http.send(request(server.url, POST));
    assertEquals(answer.status, 200);
    assertEquals(clock.pauses, [pause]);
    assertEquals(notices, [`Rate limited: trying again in ${pause / 1000} s`]);
  });
}

for (const value of [undefined, "61", "soon", ""]) {
  Deno.test(`HttpClient.send() does not wait when Retry-After is ${value}`, async () => {
    const headers: Record<string, string> = value === undefined ? {} : { "retry-after": value };
    await using server = serveAnswers(() => json({}, 429, headers));
    const { http, clock } = makeClient();
    assertEquals((await http.send(request(server.url))).status, 429);
    assertEquals([server.received.length, clock.pauses], [1, []]);
  });
}

Deno.test("HttpClient.send() gives up after three times 429", async () => {
  await using server = serveAnswers(() => json({}, 429, { "retry-after": "1" }));
  const { http } = makeClient();
  assertEquals((await http.send(request(server.url))).status, 429);
  assertEquals(server.received.length, 3);
});

Deno.test("HttpClient.send() does not follow a redirect", async () => {
  await using other = serveAnswers(() => json({}));
  await using server = serveAnswers(() =>
    new Response(null, { status: 307, headers: { location: `${other.url}/elsewhere` } })
  );
  const { http } = makeClient();
  const headers = new Headers({ authorization: "Bearer t" });
  const answer = await http.send(request(server.url, { ...POST, headers }));
  assertEquals(answer.status, 307);
  assertEquals(other.received, []);
});

/** What a server may do instead of answering, and how that is said. */
const CUT: readonly [name: string, bytes: string, reason: string][] = [
  ["hangs up", "", "the connection was lost"],
  [
    "cuts a body short",
    'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":',
    "the answer was cut short",
  ],
  [
    "cuts a chunked body short",
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
    "the answer was cut short",
  ],
  ["speaks no HTTP", "220 mail ESMTP\r\n\r\n", "the answer is not HTTP"],
];

for (const [name, bytes, reason] of CUT) {
  Deno.test(`HttpClient.send() tries a GET three times when the server ${name}`, async () => {
    await using server = serveBytes(bytes);
    const { http, clock } = makeClient();
    const error = await assertRejects(() => http.send(request(server.url)), CliError);
    assertEquals([error.exitCode, error.message], [
      6,
      `Cannot do it: ${reason} (${new URL(server.url).host})`,
    ]);
    assertPauses(clock.pauses, [1000, 2000]);
  });

  for (const [kind, more] of Object.entries({ "POST": POST, "POST without body": BARE_POST })) {
    Deno.test(`HttpClient.send() sends a ${kind} once when the server ${name}`, async () => {
      await using server = serveBytes(bytes);
      const { http } = makeClient();
      const error = await assertRejects(() => http.send(request(server.url, more)), CliError);
      assertEquals([error.exitCode, error.message, error.hint], [
        6,
        `Cannot do it: ${reason} (${new URL(server.url).host}); it may have been done nevertheless`,
        POST.whenLost,
      ]);
      assertEquals(server.connections, 1);
    });
  }

  Deno.test(`HttpClient.send() tries a repeatable POST again when the server ${name}`, async () => {
    await using server = serveBytes(bytes);
    const { http } = makeClient();
    const { whenLost, ...again } = { ...POST, repeatable: true };
    const error = await assertRejects(() => http.send(request(server.url, again)), CliError);
    assertNotMatch(error.message, /nevertheless/);
    assertEquals(server.connections, 3);
    const told = { ...again, whenLost };
    const { message, hint } = await assertRejects(
      () => http.send(request(server.url, told)),
      CliError,
    );
    assertMatch(message, /; it may have been done nevertheless$/);
    assertEquals([hint, server.connections], [whenLost, 6]);
  });
}

Deno.test("HttpClient.send() tries a POST again that was surely not received", async () => {
  const url = closedUrl();
  const { http, clock } = makeClient();
  const error = await assertRejects(() => http.send(request(url, POST)), CliError);
  assertEquals([error.exitCode, error.message], [
    6,
    `Cannot do it: cannot reach ${new URL(url).host}: the connection was refused`,
  ]);
  assertNotMatch(error.hint ?? "", /Look whether/);
  assertPauses(clock.pauses, [1000, 2000]);
});

Deno.test("HttpClient.send() names a host that cannot be resolved", async () => {
  const { http } = makeClient();
  const error = await assertRejects(
    () => http.send(request("https://limacharlie.invalid")),
    CliError,
  );
  assertEquals([error.exitCode, error.message], [
    6,
    "Cannot do it: cannot reach limacharlie.invalid: its name cannot be resolved",
  ]);
});

testWith([TLS_NEED], "HttpClient.send() does not trust just any certificate", async () => {
  using certificates = await createCertificates();
  await using server = serveAnswers(() => json({}), certificates);
  const { http, clock } = makeClient();
  const error = await assertRejects(() => http.send(request(server.url)), CliError);
  assertEquals([error.exitCode, error.message], [
    6,
    `Cannot do it: cannot reach ${
      new URL(server.url).host
    }: its TLS certificate is not trusted (unknown issuer)`,
  ]);
  assertEquals([server.received, clock.pauses], [[], []]);
});

Deno.test("HttpClient.send() says so when the other side speaks no TLS", async () => {
  await using server = serveAnswers(() => json({}));
  const { http, clock } = makeClient();
  const url = server.url.replace("http:", "https:");
  const error = await assertRejects(() => http.send(request(url)), CliError);
  assertEquals(error.exitCode, 6);
  assertMatch(error.message, /: TLS was refused$/);
  assertEquals(clock.pauses, []);
});

for (
  const [name, bytes] of Object.entries({
    "nothing": "",
    "half of the headers": "HTTP/1.1 200 OK\r\nContent-",
    "half of the body": "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
  })
) {
  Deno.test(`HttpClient.send() waits a minute for an answer of which ${name} comes`, async () => {
    await using server = serveBytes(bytes, { hangUp: false });
    const { http, clock } = makeClient();
    const sent = assertRejects(() => http.send(request(server.url, POST)), CliError);
    await clock.sleepers(1);
    await clock.advance(60_000);
    const error = await sent;
    assertEquals([error.exitCode, error.message, error.hint], [
      9,
      `Cannot do it: no answer within 60 s (${new URL(server.url).host}); ` +
      "it may have been done nevertheless",
      POST.whenLost,
    ]);
  });
}

Deno.test("HttpClient.send() tries a GET again that timed out", async () => {
  await using server = serveBytes("", { hangUp: false });
  const { http, clock } = makeClient();
  const sent = assertRejects(() => http.send(request(server.url)), CliError);
  for (const pauses of [0, 1, 2]) {
    await clock.sleepers(1);
    assertEquals(clock.pauses.length, pauses);
    await clock.advance(60_000);
  }
  assertEquals((await sent).exitCode, 9);
});

Deno.test("HttpClient.send() ends with the reason of the signal", async () => {
  await using server = serveBytes("", { hangUp: false });
  const { http, clock } = makeClient();
  const stop = new AbortController();
  const reason = new Error("Stop");
  const sent = assertRejects(() => http.send(request(server.url, { signal: stop.signal })), Error);
  await clock.sleepers(1);
  stop.abort(reason);
  assertStrictEquals(await sent, reason);
  const late = request(server.url, { signal: stop.signal });
  assertStrictEquals(await assertRejects(() => http.send(late), Error), reason);
});

Deno.test("HttpClient.send() logs each request and answer", async () => {
  await using server = serveAnswers(inOrder(json({}, 504), json({ a: "b" })));
  const { http, log } = makeClient({ flags: { debug: true } });
  await http.send(request(server.url));
  assertEquals(log.length, 5);
  assertMatch(log[0] ?? "", /^> GET http:.*\/path\n/);
  assertMatch(log[1] ?? "", /^< 504 Gateway Timeout in 0 ms\n/);
  assertEquals(log[2], "* the gateway timed out; trying again");
  assertStringIncludes(log[4] ?? "", '\n< {"a":"b"}');
});

Deno.test("HttpClient.send() keeps an answer with secrets out of the log, unless it failed", async () => {
  await using server = serveAnswers(inOrder(json({ a: "b" }), json({ error: "why" }, 400)));
  const { http, log } = makeClient({ flags: { debugFull: true } });
  await http.send(request(server.url, { secretAnswer: true }));
  await http.send(request(server.url, { secretAnswer: true }));
  assertStringIncludes(log[1] ?? "", "\n< (not shown: it holds secrets)");
  assertStringIncludes(log[3] ?? "", '\n< {"error":"why"}');
});
