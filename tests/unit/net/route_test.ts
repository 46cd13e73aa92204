import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { isLoopback, routeTo, unreadableExceptions } from "../../../src/net/route.ts";
import { fakeEnvironment } from "../../support/fakes.ts";

/** Variables, URL, and the variable whose proxy is used with its host, or none and why. */
const CASES: readonly (readonly [
  variables: Readonly<Record<string, string>>,
  url: string,
  proxy: string | undefined,
  reason: string,
])[] = [
  [{}, "https://a.test", undefined, "no variable names a proxy"],
  [{ HTTPS_PROXY: "one" }, "https://a.test", "one", "HTTPS_PROXY names it"],
  [{ HTTPS_PROXY: "one" }, "wss://a.test", "one", "HTTPS_PROXY names it"],
  [{ HTTPS_PROXY: "one" }, "http://a.test", undefined, "no variable names a proxy"],
  [{ HTTP_PROXY: "one" }, "http://a.test", "one", "HTTP_PROXY names it"],
  [{ HTTP_PROXY: "one" }, "ws://a.test", "one", "HTTP_PROXY names it"],
  [{ HTTP_PROXY: "one" }, "https://a.test", undefined, "no variable names a proxy"],
  [{ ALL_PROXY: "one" }, "https://a.test", "one", "ALL_PROXY names it"],
  [{ ALL_PROXY: "one", HTTPS_PROXY: "two" }, "https://a.test", "two", "HTTPS_PROXY names it"],
  [{ ALL_PROXY: "one", HTTPS_PROXY: "two" }, "http://a.test", "one", "ALL_PROXY names it"],
  [{ https_proxy: "one", HTTPS_PROXY: "two" }, "https://a.test", "one", "https_proxy names it"],
  [{ https_proxy: " ", HTTPS_PROXY: "two" }, "https://a.test", "two", "HTTPS_PROXY names it"],
  [{ HTTPS_PROXY: "", all_proxy: "two" }, "https://a.test", "two", "all_proxy names it"],
  [{ ALL_PROXY: "one", NO_PROXY: ".test" }, "https://a.test", undefined, 'NO_PROXY has ".test"'],
  [
    { ALL_PROXY: "one", NO_PROXY: "b.test", no_proxy: "a.test" },
    "https://a.test",
    undefined,
    'no_proxy has "a.test"',
  ],
  [
    { ALL_PROXY: "one", NO_PROXY: "a.test:8443" },
    "https://a.test",
    "one",
    "ALL_PROXY names it, and NO_PROXY does not list the host",
  ],
  [
    { ALL_PROXY: "one" },
    "http://127.0.0.1:80",
    undefined,
    "this machine itself is never proxied",
  ],
  [{ NO_PROXY: "a.test" }, "https://a.test", undefined, "no variable names a proxy"],
];

Deno.test("routeTo() chooses a proxy, and says why", () => {
  for (const [variables, url, proxy, reason] of CASES) {
    const route = routeTo(new URL(url), fakeEnvironment(variables));
    assertEquals({ proxy: route.proxy?.hostname, reason: route.reason }, { proxy, reason });
  }
});

Deno.test("routeTo() reads a proxy only where it would be used", () => {
  const env = fakeEnvironment({ HTTPS_PROXY: "http://[", NO_PROXY: "b.test" });
  assertThrows(() => routeTo(new URL("https://a.test"), env), CliError);
  for (const url of ["http://a.test", "https://b.test", "https://localhost"]) {
    assertEquals(routeTo(new URL(url), env).proxy, undefined);
  }
});

Deno.test("isLoopback() knows this machine by its names and addresses", () => {
  for (
    const host of ["localhost", "a.localhost", "localhost.", "127.0.0.1", "127.8.9.1", "[::1]"]
  ) {
    assertEquals(isLoopback(host), true, host);
  }
  for (const host of ["localhost.test", "notlocalhost", "128.0.0.1", "[::2]", "127.test"]) {
    assertEquals(isLoopback(host), false, host);
  }
});

Deno.test("unreadableExceptions() reads the list that holds", () => {
  assertEquals(unreadableExceptions(fakeEnvironment({ NO_PROXY: "a*b", no_proxy: "c" })), []);
  assertEquals(unreadableExceptions(fakeEnvironment({ NO_PROXY: "a*b" })), ["a*b"]);
});
