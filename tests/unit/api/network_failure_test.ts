import { assertEquals } from "@std/assert";
import { describeFailure } from "../../../src/api/network_failure.ts";

/** What fetch says on Deno 2.9.4, and how that is told. The URL is full of misleading words. */
const FAILURES: readonly [said: string, reason: string, passing: boolean, received: boolean][] = [
  [
    "(Connect): dns error: failed to lookup address information: Name or service not known",
    "its name cannot be resolved",
    true,
    false,
  ],
  [
    "(Connect): tcp connect error: Connection refused (os error 111)",
    "the connection was refused",
    true,
    false,
  ],
  [
    "(Connect): tcp connect error: Connection timed out (os error 110)",
    "the network is unreachable",
    true,
    false,
  ],
  [
    "(Connect): tcp connect error: No route to host (os error 113)",
    "the network is unreachable",
    true,
    false,
  ],
  [
    "(Connect): invalid peer certificate: UnknownIssuer",
    "its TLS certificate is not trusted (unknown issuer)",
    false,
    false,
  ],
  [
    "(Connect): received corrupt message of type InvalidContentType",
    "TLS was refused",
    false,
    false,
  ],
  ["(Connect): received fatal alert: HandshakeFailure", "TLS was refused", false, false],
  ["(Connect): something new", "the connection failed", true, false],
  [
    "(SendRequest): connection closed before message completed",
    "the connection was lost",
    true,
    true,
  ],
  [
    "(SendRequest): connection error: Connection reset by peer (os error 104)",
    "the connection was lost",
    true,
    true,
  ],
  ["(SendRequest): invalid HTTP version parsed", "the answer is not HTTP", true, true],
];

/** An error with the runtime's own words. */
function runtimeError(message: string, cause?: string): TypeError {
  return Object.assign(new TypeError(), {
    message,
    ...(cause === undefined ? {} : { cause: runtimeError(cause) }),
  });
}

for (const [said, reason, passing, received] of FAILURES) {
  Deno.test(`describeFailure() says that ${reason} of ${said.slice(0, 50)}`, () => {
    const url = "https://parse.tls-alerts.example.com/reading a body/certificate";
    const failure = describeFailure(
      runtimeError("fetch failed", `error sending request for url (${url}): client error ${said}`),
    );
    assertEquals([failure.reason, failure.passing, failure.maybeReceived], [
      reason,
      passing,
      received,
    ]);
  });
}

Deno.test("describeFailure() says that an answer was cut short", () => {
  const { reason, maybeReceived } = describeFailure(
    runtimeError("error reading a body from connection"),
  );
  assertEquals([reason, maybeReceived], ["the answer was cut short", true]);
});

Deno.test("describeFailure() says that a port is blocked", async () => {
  const error = await fetch("http://127.0.0.1:1/").catch((error) => error);
  const { reason, passing, maybeReceived } = describeFailure(error);
  assertEquals([reason, passing, maybeReceived], ["HTTP must not go to its port", false, false]);
});
