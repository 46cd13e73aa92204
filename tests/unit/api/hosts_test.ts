import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { hostsOf } from "../../../src/api/hosts.ts";
import { CliError } from "../../../src/app/errors.ts";
import { fakeEnvironment } from "../../support/fakes.ts";

Deno.test("hostsOf() names the vendor's hosts", () => {
  for (const env of [{}, { LC_API_URL: "", LC_JWT_URL: " ", LC_AI_URL: "" }]) {
    assertEquals(hostsOf(fakeEnvironment(env)), {
      api: "https://api.limacharlie.io",
      jwt: "https://jwt.limacharlie.io",
    });
  }
});

Deno.test("hostsOf() takes each host from its variable", () => {
  const env = fakeEnvironment({
    LC_API_URL: "https://api.example.com/",
    LC_JWT_URL: "jwt.example.com/token/",
    LC_AI_URL: "http://localhost:8080",
  });
  assertEquals(hostsOf(env), {
    api: "https://api.example.com",
    jwt: "https://jwt.example.com/token",
    ai: "http://localhost:8080",
  });
});

for (
  const url of [
    "http://localhost",
    "http://api.localhost:1",
    "http://127.0.0.1:9/x",
    "http://127.255.0.9",
    "http://[::1]:8080",
    "http://127.1",
    "https://10.0.0.1",
  ]
) {
  Deno.test(`hostsOf() accepts ${url}`, () => {
    const { api } = hostsOf(fakeEnvironment({ LC_API_URL: url }));
    assertEquals(new URL(api).href, new URL(url).href);
  });
}

for (
  const [url, why] of [
    ["http://api.limacharlie.io", "plain http would send credentials unprotected"],
    ["http://10.0.0.1", "plain http would send credentials unprotected"],
    ["http://localhost.example.com", "plain http would send credentials unprotected"],
    ["http://127.0.0.1.example.com", "plain http would send credentials unprotected"],
    ["ftp://api.example.com", "it must be https"],
    ["file:///etc/passwd", "it must be https"],
    ["ws://localhost", "it must be https"],
    ["https://", "it is not a URL"],
    ["https://a b", "it is not a URL"],
    ["https://api.example.com/?a=b", "no query"],
    ["https://api.example.com/#a", "no query"],
  ] as const
) {
  Deno.test(`hostsOf() refuses ${url}`, () => {
    const env = fakeEnvironment({ LC_JWT_URL: url });
    const error = assertThrows(() => hostsOf(env), CliError);
    assertEquals(error.exitCode, 4);
    assertStringIncludes(error.message, `Cannot use "${url}" of LC_JWT_URL: `);
    assertStringIncludes(error.message, why);
  });
}

Deno.test("hostsOf() refuses a password in a URL without repeating it", () => {
  const env = fakeEnvironment({ LC_API_URL: "https://ada:hunter2@api.example.com" });
  const { message } = assertThrows(() => hostsOf(env), CliError);
  assertEquals(message, "Cannot use the URL of LC_API_URL: it holds a user name or password");
});

Deno.test("hostsOf() accepts plain http with LC_ALLOW_HTTP=1 only", () => {
  const url = "http://api.example.com";
  assertEquals(hostsOf(fakeEnvironment({ LC_API_URL: url, LC_ALLOW_HTTP: "1" })).api, url);
  for (const value of ["", "0", "true"]) {
    const env = fakeEnvironment({ LC_API_URL: url, LC_ALLOW_HTTP: value });
    assertThrows(() => hostsOf(env), CliError);
  }
});
