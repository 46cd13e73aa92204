import { assertEquals, assertNotMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ConfigDocument } from "../../../src/config/config_document.ts";

const FILE = `# Mine.
oid: o-top
api_key: k-top   # from the console
no_warnings: true
search_token_expiry_hours: 4
uid: 1e5

env:
  # The one that pages people.
  prod:
    oid: o-prod
    api_key: k-prod
    extra: [1, 2]
  oauth-user:
    oauth:
      id_token: id
      refresh_token: refresh
      expires_at: 1767322800
      provider: google
  empty:
current_env: prod
`;

const load = (text: string) => new ConfigDocument(text, "/c.yaml");

Deno.test("ConfigDocument.section() reads the credentials of every environment", () => {
  const document = load(FILE);
  assertEquals(document.currentEnvironment, "prod");
  assertEquals(document.environments, ["default", "prod", "oauth-user", "empty"]);
  assertEquals(document.section("default"), { oid: "o-top", apiKey: "k-top", uid: "1e5" });
  assertEquals(document.section("prod"), { oid: "o-prod", apiKey: "k-prod" });
  assertEquals(document.section("oauth-user"), {
    oauth: { idToken: "id", refreshToken: "refresh", expiresAt: 1767322800 },
  });
  assertEquals(document.section("empty"), {});
  assertEquals(document.section("none"), undefined);
});

Deno.test("ConfigDocument.environments is empty for a file without credentials", () => {
  for (const text of ["", "# nothing\n", "{}", "null\n", "env:\n", "no_warnings: true\n"]) {
    const document = load(text);
    assertEquals(document.environments, []);
    assertEquals(document.section("default"), {});
    assertEquals(document.currentEnvironment, undefined);
  }
});

Deno.test("ConfigDocument.section() reads null and empty values as none", () => {
  const text = "oid: null\nuid: ~\napi_key: ''\noauth:\nenv: null\ncurrent_env: ''\n";
  assertEquals(load(text).section("default"), {});
  assertEquals(load(text).currentEnvironment, undefined);
});

Deno.test("ConfigDocument.section() reads quoted words and what YAML takes for numbers as text", () => {
  const text = `oid: 'null'\napi_key: 0123\nuid: "true"\n`;
  assertEquals(load(text).section("default"), { oid: "null", apiKey: "0123", uid: "true" });
});

Deno.test("ConfigDocument.section() follows aliases", () => {
  const text = "oauth: &a\n  id_token: i\n  refresh_token: r\nenv:\n  x:\n    oauth: *a\n";
  assertEquals(load(text).section("x")?.oauth?.refreshToken, "r");
});

for (
  const [value, off] of Object.entries({
    "true": true,
    "yes": true,
    "On": true,
    "1": true,
    "false": false,
    "no": false,
    "0": false,
    "null": false,
    "": false,
  })
) {
  Deno.test(`ConfigDocument.noTokenCache reads ${value || "nothing"} as ${off}`, () => {
    assertEquals(load(`no_jwt_cache: ${value}\n`).noTokenCache, off);
  });
}

const MALFORMED: readonly [text: string, message: string, read?: (d: ConfigDocument) => unknown][] =
  [
    ["oid: [", `Cannot use "/c.yaml", line 1: it is not valid YAML (bad indent)`],
    ["a: 1\n\tb: 2\n", `Cannot use "/c.yaml", line 2: it is not valid YAML (`],
    ["a: b: c\n", `Cannot use "/c.yaml", line 1: it is not valid YAML (`],
    ["oid: a\noid: b\n", `Cannot use "/c.yaml", line 2: it is not valid YAML (duplicate key)`],
    ["oid: a\n---\noid: b\n", `Cannot use "/c.yaml", line 2: it is not valid YAML (multiple docs)`],
    [
      "# list\n- oid\n- uid\n",
      `Cannot use "/c.yaml", line 2: it must be a mapping of names to values`,
    ],
    ["just text\n", `Cannot use "/c.yaml", line 1: it must be a mapping of names to values`],
    ["oid: a\napi_key: [x]\n", `Cannot use "/c.yaml", line 2: "api_key" must be text`, top],
    ["oid:\n  a: b\n", `Cannot use "/c.yaml", line 2: "oid" must be text`, top],
    ["uid: true\n", `Cannot use "/c.yaml", line 1: "uid" must be text`, top],
    ["\noauth: text\n", `Cannot use "/c.yaml", line 2: "oauth" must be a mapping`, top],
    ["env: text\n", `Cannot use "/c.yaml", line 1: "env" must be a mapping`, (d) => d.environments],
    [
      "env:\n  a: text\n",
      `Cannot use "/c.yaml", line 2: "env.a" must be a mapping`,
      (d) => d.section("a"),
    ],
    [
      "current_env: {}\n",
      `Cannot use "/c.yaml", line 1: "current_env" must be text`,
      (d) => d.currentEnvironment,
    ],
    [
      "a: 1\nno_jwt_cache: maybe\n",
      `Cannot use "/c.yaml", line 2: "no_jwt_cache" must be true or false`,
      (d) => d.noTokenCache,
    ],
  ];

function top(document: ConfigDocument): unknown {
  return document.section("default");
}

for (const [text, message, read = top] of MALFORMED) {
  Deno.test(`ConfigDocument() names file and line of ${JSON.stringify(text)}`, () => {
    const error = assertThrows(() => read(load(text)), CliError);
    assertStringIncludes(error.message, message);
    assertEquals(error.exitCode, 4);
  });
}

Deno.test("ConfigDocument() repeats nothing of a malformed file", () => {
  for (const text of ["api_key: 'secret", 'api_key: "secret\\q"', "api_key: *secret", "secret"]) {
    const error = assertThrows(() => top(load(text)), CliError);
    assertNotMatch(`${error.message} ${error.hint}`, /secret/);
  }
});

Deno.test("ConfigDocument.change() keeps comments, order and unknown keys", () => {
  const document = load(FILE);
  document.change("default", { apiKey: "k-new" });
  document.change("prod", { oid: "o-new", uid: "u-new" });
  document.choose("oauth-user");
  assertEquals(
    document.toString(),
    FILE.replace("k-top   # from", "k-new # from")
      .replace("oid: o-prod", "oid: o-new")
      .replace("[1, 2]\n", "[ 1, 2 ]\n    uid: u-new\n")
      .replace("current_env: prod", "current_env: oauth-user"),
  );
});

Deno.test("ConfigDocument.change() keeps what else is in an oauth block", () => {
  const document = load(FILE);
  const oauth = { idToken: "id2", refreshToken: "refresh2", expiresAt: 1767326400 };
  document.change("oauth-user", { oauth });
  assertEquals(document.section("oauth-user"), { oauth });
  assertStringIncludes(document.toString(), "expires_at: 1767326400\n      provider: google\n");
});

Deno.test("ConfigDocument.removeEnvironment() removes the choice of it too", () => {
  const document = load(FILE);
  document.change("default", { oid: null, apiKey: null, uid: null, oauth: null });
  document.removeEnvironment("prod");
  document.removeEnvironment("none");
  assertEquals(document.environments, ["oauth-user", "empty"]);
  assertEquals(document.currentEnvironment, undefined);
  document.removeEnvironment("oauth-user");
  document.removeEnvironment("empty");
  assertEquals(document.toString(), "# Mine.\nno_warnings: true\nsearch_token_expiry_hours: 4\n");
});

Deno.test("ConfigDocument.change() makes an environment in a file that has none", () => {
  for (const text of ["", "# only this\n", "{}\n", "env:\n", "env: null\n", "env: {}\n"]) {
    const document = load(text);
    document.change("staging", { oid: "o", apiKey: "k", uid: null });
    assertEquals(load(document.toString()).section("staging"), { oid: "o", apiKey: "k" });
    assertNotMatch(document.toString(), /!!|%YAML/);
  }
});

Deno.test("ConfigDocument.change() changes nothing that another environment shares", () => {
  const text = "env:\n  a: &a\n    oid: o\n  b: *a\n";
  const document = load(text);
  const { message } = assertThrows(() => document.change("b", { oid: "p" }), CliError);
  assertEquals(message, 'Cannot use "/c.yaml", line 4: "b" is an alias, and stays one');
  document.removeEnvironment("a");
  assertEquals(assertThrows(() => document.toString(), CliError).exitCode, 4);
});

Deno.test("ConfigDocument.toString() quotes what YAML 1.1 would not read as text", () => {
  // Each of them would be something else without quotes, to one YAML reader or another.
  const odd = [
    "yes",
    "Null",
    "0123",
    "1e5",
    "12:30:45",
    "2026-01-02",
    "~",
    "a: b",
    "# a",
    " a",
    "é\u0085",
  ];
  const plain = ["8cbe27f4-bfa1-4afb-ba19-138cd51389cd", "eyJhbGciOi.eyJleHAi.c2ln", "u_1"];
  for (const value of [...odd, ...plain]) {
    const document = load("");
    document.change("default", { apiKey: value });
    assertEquals(load(document.toString()).section("default"), { apiKey: value });
    assertEquals(document.toString().startsWith('api_key: "'), odd.includes(value), value);
  }
});
