import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { authority, nameOf, parseProxy, type Proxy } from "../../../src/net/proxy.ts";

const GOOD: readonly (readonly [value: string, proxy: Omit<Proxy, "variable">])[] = [
  ["http://proxy.corp:3128", { kind: "http", hostname: "proxy.corp", port: 3128 }],
  ["proxy.corp:3128", { kind: "http", hostname: "proxy.corp", port: 3128 }],
  ["proxy", { kind: "http", hostname: "proxy", port: 80 }],
  ["HTTP://Proxy.Corp/", { kind: "http", hostname: "proxy.corp", port: 80 }],
  ["https://proxy", { kind: "https", hostname: "proxy", port: 443 }],
  ["https://proxy:80", { kind: "https", hostname: "proxy", port: 80 }],
  ["socks5://10.0.0.1", { kind: "socks5", hostname: "10.0.0.1", port: 1080 }],
  ["socks5h://proxy:80/", { kind: "socks5", hostname: "proxy", port: 80 }],
  ["http://[FD00::1]:8080", { kind: "http", hostname: "fd00::1", port: 8080 }],
  ["[::1]", { kind: "http", hostname: "::1", port: 80 }],
  ["  http://proxy:1  ", { kind: "http", hostname: "proxy", port: 1 }],
  ["ann:secret@proxy", {
    kind: "http",
    hostname: "proxy",
    port: 80,
    login: { user: "ann", password: "secret" },
  }],
  ["http://ann@proxy:3128", {
    kind: "http",
    hostname: "proxy",
    port: 3128,
    login: { user: "ann", password: "" },
  }],
  ["socks5://corp%5Cann:p%40ss%3Aw%2Frd%23%C3%A9%25@proxy", {
    kind: "socks5",
    hostname: "proxy",
    port: 1080,
    login: { user: "corp\\ann", password: "p@ss:w/rd#é%" },
  }],
];

Deno.test("parseProxy() reads what variables hold", () => {
  for (const [value, proxy] of GOOD) {
    assertEquals(parseProxy(value, "HTTPS_PROXY"), { ...proxy, variable: "HTTPS_PROXY" }, value);
  }
});

const BAD: readonly (readonly [value: string, message: string])[] = [
  ["http://", ' "http://": it is not a URL'],
  ["http://proxy:99999", ' "http://proxy:99999": it is not a URL'],
  ["http://proxy:0", ' "http://proxy:0": no proxy has port 0'],
  ["http://proxy:port", ": it is not a URL"],
  ["::1", ": it is not a URL"],
  ["http://pro xy", ": it is not a URL"],
  ["http:\\\\proxy", ": it is not a URL"],
  ["ftp://proxy:21", ' "ftp://proxy:21": its scheme is none of http, https and socks5'],
  ["socks4://proxy", ' "socks4://proxy": its scheme is none of http, https and socks5'],
  ["://proxy", ": its scheme is none of http, https and socks5"],
  ["http:/proxy:3128", ' "http:/proxy:3128": there is something behind its port'],
  ["http://wpad/proxy.pac", ": there is something behind its port"],
  ["http://proxy:3128?", ": there is something behind its port"],
  ["http://proxy:3128#", ": there is something behind its port"],
];

Deno.test("parseProxy() says what is wrong, and of which variable", () => {
  for (const [value, message] of BAD) {
    const error = assertThrows(() => parseProxy(value, "all_proxy"), CliError);
    assertEquals(error.exitCode, ExitCode.Usage);
    const [shown = "", why = ""] = message.split(": ");
    assertEquals(error.message, `Cannot use the proxy${shown} of all_proxy: ${why}`, value);
  }
});

Deno.test("parseProxy() shows no password of a proxy that it cannot use", () => {
  const secret = "S3cretPassword";
  const values = [
    `http://ann:${secret}`,
    `ann:${secret}`,
    `http://ann:${secret}@proxy:99999`,
    `http://ann:${secret}@proxy:0`,
    `http://ann:${secret}@`,
    `ftp://ann:${secret}@proxy`,
    `http://ann:${secret}%@proxy`,
    `http://ann:${secret}#more@proxy`,
    `http://ann:more@${secret}@proxy:x`,
    `http://ann:more/${secret}@proxy`,
    `http://proxy/${secret}`,
    `http://ann%3A${secret}:x@proxy`,
    `socks5://ann:${secret.repeat(20)}@proxy`,
    secret + "\u0000",
  ];
  for (const value of values) {
    const { message, hint = "" } = assertThrows(() => parseProxy(value, "HTTPS_PROXY"), CliError);
    assertEquals(/S3cret/.test(message + hint), false, message);
    assertStringIncludes(message, "HTTPS_PROXY");
  }
});

Deno.test("nameOf() names a proxy without user and password", () => {
  assertEquals(
    nameOf(parseProxy("https://ann:S3cretPassword@[::1]:3128", "HTTPS_PROXY")),
    "https://[::1]:3128 of HTTPS_PROXY",
  );
});

Deno.test("authority() puts brackets around IPv6 addresses only", () => {
  assertEquals(authority("fd00::1", 443), "[fd00::1]:443");
  assertEquals(authority("10.0.0.1", 443), "10.0.0.1:443");
  assertEquals(authority("proxy", 80), "proxy:80");
});
