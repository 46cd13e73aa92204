import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { RequestLog } from "../../../src/api/request_log.ts";
import type { GlobalFlags } from "../../../src/app/deps.ts";
import { createSecrets } from "../../../src/app/secrets.ts";
import { fakeDeps } from "../../support/fakes.ts";

const KEY = "3f1c9a70-5b7e-4d42-9c1f-0a6f2e8d7b11";

function makeLog(flags: Partial<GlobalFlags>) {
  const secrets = createSecrets();
  secrets.add(KEY);
  const lines: string[] = [];
  const log = new RequestLog(fakeDeps({ flags }).flags, secrets, (text) => lines.push(text));
  return { log, lines };
}

const HEADERS = new Headers({
  accept: "application/json",
  authorization: `Bearer ${KEY}`,
  "x-copy": KEY,
});

Deno.test("RequestLog() prints nothing unless it is asked to", () => {
  const { log, lines } = makeLog({});
  log.note("note");
  log.request("POST", "https://host/path", HEADERS, "body");
  log.answer("200 OK", 5, new Headers(), "body");
  assertEquals(lines, []);
});

Deno.test("RequestLog.request() prints the request, masked", () => {
  const { log, lines } = makeLog({ debug: true });
  log.request("POST", `https://host/path?key=${KEY}`, HEADERS, `{"a":"${KEY}"}\nb`);
  assertEquals(lines, [
    [
      "> POST https://host/path?key=[masked]",
      "> accept: application/json",
      "> authorization: Bearer [masked]",
      "> x-copy: [masked]",
      ">",
      '> {"a":"[masked]"}',
      "> b",
    ].join("\n"),
  ]);
});

Deno.test("RequestLog.answer() prints the answer, masked, with its cookies hidden", () => {
  const { log, lines } = makeLog({ debug: true });
  const headers = new Headers({ "content-type": "application/json" });
  headers.append("set-cookie", "session=abc; Path=/");
  log.answer("200 OK", 12, headers, `{"jwt":"${KEY}"}`);
  log.answer("200 OK", 12, new Headers(), undefined);
  log.answer("204 No Content", 12, new Headers(), "");
  assertEquals(lines, [
    [
      "< 200 OK in 12 ms",
      "< content-type: application/json",
      "< set-cookie: [masked]",
      "<",
      '< {"jwt":"[masked]"}',
    ].join("\n"),
    "< 200 OK in 12 ms\n<\n< (not shown: it holds secrets)",
    "< 204 No Content in 12 ms",
  ]);
});

Deno.test("RequestLog() masks an authorization that is no bearer token, and unknown ones", () => {
  const { log, lines } = makeLog({ debugFull: true });
  for (const authorization of ["Basic dTpw", "secret", "Bearer unknown"]) {
    log.request("GET", "https://host/", new Headers({ authorization }), undefined);
  }
  assertEquals(lines.map((line) => line.split("\n")[1]), [
    "> authorization: [masked]",
    "> authorization: [masked]",
    "> authorization: Bearer [masked]",
  ]);
});

Deno.test("RequestLog() cuts long bodies after masking them, unless all is wanted", () => {
  const body = `${"x".repeat(2040)}${KEY}${"y".repeat(100)}`;
  const short = makeLog({ debug: true });
  short.log.answer("200 OK", 1, new Headers(), body);
  assertStringIncludes(short.lines[0] ?? "", "--debug-full shows all");
  assertNotMatch(short.lines[0] ?? "", /3f1c|y/);
  const full = makeLog({ debug: true, debugFull: true });
  full.log.answer("200 OK", 1, new Headers(), body);
  assertStringIncludes(full.lines[0] ?? "", `x[masked]${"y".repeat(100)}`);
});

Deno.test("RequestLog.request() prints a curl command that takes the token from LC_TOKEN", () => {
  const { log, lines } = makeLog({ debugCurl: true });
  const body = `it's "${KEY}" $HOME \`id\``;
  log.request("POST", `https://host/a?b=c&d=${KEY}`, HEADERS, body);
  log.answer("200 OK", 1, new Headers(), "body");
  log.note("note");
  assertEquals(lines, [
    [
      "curl -i --compressed",
      "-X POST",
      "-H 'accept: application/json'",
      '-H "Authorization: Bearer $LC_TOKEN"',
      "-H 'x-copy: [masked]'",
      `--data-binary 'it'\\''s "[masked]" $HOME \`id\`'`,
      "'https://host/a?b=c&d=[masked]'",
    ].join(" \\\n  "),
  ]);
});

Deno.test("RequestLog.note() masks", () => {
  const { log, lines } = makeLog({ debug: true });
  log.note(`key ${KEY}`);
  assertEquals(lines, ["* key [masked]"]);
});
