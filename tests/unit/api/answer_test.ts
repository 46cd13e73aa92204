import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readAnswer, textField } from "../../../src/api/answer.ts";
import { ApiError } from "../../../src/api/errors.ts";
import { CliError } from "../../../src/app/errors.ts";

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readAnswer({ status, headers: new Headers(headers), body: text }, "do it", "host");
}

for (const status of [200, 201, 202, 204, 299]) {
  Deno.test(`readAnswer() takes ${status} for success`, () => {
    assertEquals(read(status, { a: 1 }), { a: 1 });
    assertEquals(read(status, ""), {});
    assertEquals(read(status, " \n"), {});
  });
}

/** What a status means. 0–5 are the codes of the Python CLI's errors.py. */
const STATUSES: readonly [status: number, exitCode: number, message: string][] = [
  [302, 1, "redirected"],
  [400, 1, "the request was refused"],
  [401, 2, "not authenticated"],
  [402, 1, "the request failed"],
  [403, 2, "permission denied"],
  [404, 3, "not found"],
  [409, 1, "conflict"],
  [413, 1, "the request failed"],
  [422, 4, "the input was refused"],
  [429, 5, "rate limited"],
  [500, 1, "the service failed"],
  [502, 1, "the service failed"],
  [503, 1, "the service failed"],
  [504, 1, "the gateway timed out"],
];

for (const [status, exitCode, title] of STATUSES) {
  Deno.test(`readAnswer() makes exit code ${exitCode} of ${status}`, () => {
    const error = assertThrows(() => read(status, ""), ApiError);
    assertEquals([error.status, error.exitCode, error.message], [
      status,
      exitCode,
      `Cannot do it: ${title} (${status})`,
    ]);
  });
}

/** What servers say of an error, and what is repeated of it. */
const WORDS: readonly [body: unknown, words: string][] = [
  [{ error: "no such thing" }, "no such thing"],
  [{ error: { code: 7, message: "deep down" } }, "deep down"],
  [{ message: "well" }, "well"],
  [{ detail: "well" }, "well"],
  [{ error: "", message: "the second" }, "the second"],
  ["unknown api key\n", "unknown api key"],
  ["two\nlines\tof  text", "two lines of text"],
  [`"quoted"`, "quoted"],
  [{ other: 1 }, '{"other":1}'],
  ["x".repeat(500), `${"x".repeat(300)}...`],
  ["🙂".repeat(301), `${"🙂".repeat(300)}...`],
];

for (const [body, words] of WORDS) {
  Deno.test(`readAnswer() repeats the server's words of ${JSON.stringify(body).slice(0, 40)}`, () => {
    const { message } = assertThrows(() => read(400, body), ApiError);
    assertEquals(message, `Cannot do it: the request was refused (400): ${words}`);
  });
}

/** How servers name a missing permission. */
const PERMISSIONS: readonly [body: unknown, permission: string, words: string][] = [
  [
    { error: "missing permission: ai_agent.get" },
    "ai_agent.get",
    "missing permission: ai_agent.get",
  ],
  ["needs secret.get.mtd here", "secret.get.mtd", "needs secret.get.mtd here"],
  [
    { error: "forbidden", missing_permissions: ["ai_agent.get", "org.get"] },
    "ai_agent.get, org.get",
    "forbidden; missing permission ai_agent.get, org.get",
  ],
  [{ required_perm: "ai_agent.set" }, "ai_agent.set", "ai_agent.set"],
];

for (const [body, permission, words] of PERMISSIONS) {
  Deno.test(`readAnswer() names the permission that ${JSON.stringify(body)} misses`, () => {
    const error = assertThrows(() => read(403, body), ApiError);
    assertStringIncludes(error.message, words);
    assertEquals(error.hint, `Have an administrator of the organization grant ${permission}`);
  });
}

Deno.test("readAnswer() makes no permission of a host's name", () => {
  const { hint } = assertThrows(
    () => read(403, { error: "denied by api.limacharlie.io" }),
    ApiError,
  );
  assertEquals(
    hint,
    "See what the credentials may do with limacharlie auth whoami --show-perms",
  );
});

Deno.test("readAnswer() says when to try again", () => {
  const { hint } = assertThrows(() => read(429, "", { "retry-after": "90" }), ApiError);
  assertEquals(hint, "Try again after 90 s");
  assertEquals(assertThrows(() => read(429, ""), ApiError).hint, "Try again later");
});

Deno.test("readAnswer() says where a redirect leads", () => {
  const headers = { location: "https://login.example.com/sso?next=secret" };
  const { hint } = assertThrows(() => read(302, "", headers), ApiError);
  assertStringIncludes(hint ?? "", "to login.example.com;");
});

const PAGE = "<!DOCTYPE html>\n<html><head><title>\n Blocked by\n proxy </title></head></html>";

Deno.test("readAnswer() says that a proxy's page is one, whatever its status", () => {
  const words =
    'host answered with an HTML page ("Blocked by proxy"), as a proxy or a sign-in page does';
  const refused = assertThrows(() => read(403, PAGE), ApiError);
  assertEquals([refused.exitCode, refused.message], [
    2,
    `Cannot do it: permission denied (403): ${words}`,
  ]);
  const success = assertThrows(() => read(200, PAGE), CliError);
  assertEquals([success.exitCode, success.message], [1, `Cannot do it: ${words}`]);
  const byType = { "content-type": "text/html; charset=utf-8" };
  assertStringIncludes(
    assertThrows(() => read(502, "Oops", byType), ApiError).message,
    "HTML page",
  );
});

for (const body of ["{", "[1]", "7", "null", "ok"]) {
  Deno.test(`readAnswer() refuses ${body} as a successful answer`, () => {
    const error = assertThrows(() => read(200, body), CliError);
    assertEquals(error.exitCode, 1);
    assertStringIncludes(error.message, "Cannot do it: host answered no JSON");
  });
}

Deno.test("textField() wants text", () => {
  assertEquals(textField({ a: "b" }, "a", "do it"), "b");
  for (const answer of [{}, { a: "" }, { a: 1 }, { a: null }]) {
    const { message } = assertThrows(() => textField(answer, "a", "do it"), CliError);
    assertEquals(message, `Cannot do it: the answer has no "a"`);
  }
});
