import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createSecrets } from "../../../src/app/secrets.ts";

const KEY = "3f1c9a70-5b7e-4d42-9c1f-0a6f2e8d7b11";
const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJ1aWQiOiJhZGEiLCJleHAiOjE3NjczMjI4MDB9.c2lnbmF0dXJlLWJ5dGVz";
const ODD = `p@ss/word+with "quotes" & ümläute\tand\ttabs=1`;

const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
const base64Url = (text: string) =>
  new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });

/** Ways in which a secret may stand in a text. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "as JSON": (secret) => JSON.stringify({ a: secret }),
  "percent-encoded": (secret) => encodeURIComponent(secret),
  "percent-encoded in small letters": (secret) =>
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  "form-encoded": (secret) => new URLSearchParams({ a: secret }).toString(),
  "as base64": (secret) => base64(secret),
  "as base64 behind one character": (secret) => base64(`:${secret}`),
  "as base64 behind two characters": (secret) => base64(`::${secret}::`),
  "as base64 for URLs": (secret) => base64Url(secret),
  "as base64 for URLs behind a name": (secret) => base64Url(`user:${secret}:`),
  "in a sentence": (secret) => `The key ${secret}, and again ${secret}!`,
  "glued to others": (secret) => `x${secret}y${secret}z`,
};

/** Every run of so many characters of a text. */
function runs(text: string, length: number): string[] {
  return Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length));
}

for (const [secretName, secret] of Object.entries({ key: KEY, token: TOKEN, "odd text": ODD })) {
  for (const [formName, form] of Object.entries(FORMS)) {
    Deno.test(`Secrets.mask() leaves nothing of a ${secretName} ${formName}`, () => {
      const secrets = createSecrets();
      secrets.add(secret);
      const masked = secrets.mask(form(secret));
      assertStringIncludes(masked, "[masked]");
      const encoded = Object.values(FORMS).slice(0, 8).map((each) => each(secret)).join("");
      const left = runs(encoded, 12).filter((run) => masked.includes(run));
      assertEquals(left.filter((run) => form(secret).includes(run)), []);
    });
  }
}

Deno.test("Secrets.mask() masks a secret that was cut off, and each part of a token", () => {
  const secrets = createSecrets();
  secrets.add(TOKEN);
  const [, payload = "", signature = ""] = TOKEN.split(".");
  for (const part of [TOKEN.slice(0, 30), TOKEN.slice(40), payload, signature]) {
    assertEquals(secrets.mask(`<${part}>`), "<[masked]>");
  }
});

Deno.test("Secrets.mask() masks each line of a secret with several", () => {
  const secrets = createSecrets();
  secrets.add("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhki\nG9w0BAQEFAASCBKcw\n-----END KEY-----\n");
  assertEquals(secrets.mask("a MIIEvQIBADANBgkqhki b"), "a [masked] b");
  assertEquals(secrets.mask("a G9w0BAQEFAASCBKcw b"), "a [masked] b");
});

Deno.test("Secrets.mask() leaves everything else", () => {
  const secrets = createSecrets();
  assertEquals(secrets.mask("No secrets yet"), "No secrets yet");
  secrets.add(KEY);
  for (const text of ["", KEY.slice(0, 11), "3f1c9a70", "Nothing to hide [masked]"]) {
    assertEquals(secrets.mask(text), text);
  }
});

Deno.test("Secrets.mask() masks short values where they stand alone", () => {
  const secrets = createSecrets();
  secrets.add("tiger");
  assertEquals(secrets.mask(`pass=tiger, "tiger"; tiger`), `pass=[masked], "[masked]"; [masked]`);
  assertEquals(secrets.mask("tigers and untiger"), "tigers and untiger");
  secrets.add("12345678");
  assertEquals(secrets.mask("a12345678b"), "a[masked]b");
});

Deno.test("Secrets.mask() takes special characters of short values for themselves", () => {
  const secrets = createSecrets();
  secrets.add("a.c*d[");
  secrets.add("id-1/2");
  assertEquals(secrets.mask("abcd a.c*d[ a"), "abcd [masked] a");
  assertEquals(secrets.mask("id-1/2 id-1 2"), "[masked] id-1 2");
});

Deno.test("Secrets.add() ignores what would mask half of everything", () => {
  const secrets = createSecrets();
  for (const value of [undefined, "", "  ", "a", "abc", "\n1\n"]) secrets.add(value);
  assertEquals(secrets.mask("abc a 1 undefined"), "abc a 1 undefined");
});

Deno.test("Secrets.mask() masks tokens and keys that nobody has added", () => {
  const secrets = createSecrets();
  assertEquals(secrets.mask(`"${TOKEN}"`), `"[masked]"`);
  assertEquals(secrets.mask("key sk-ant-api03-AbCd_12-34 end"), "key [masked] end");
});

Deno.test("Secrets.mask() knows what was added after it was asked", () => {
  const secrets = createSecrets();
  assertEquals(secrets.mask(KEY), KEY);
  secrets.add(KEY);
  assertEquals(secrets.mask(KEY), "[masked]");
  secrets.add("another-secret-value");
  assertEquals(secrets.mask(`${KEY} another-secret-value`), "[masked] [masked]");
});

Deno.test("Secrets.mask() keeps up with long texts", () => {
  const secrets = createSecrets();
  secrets.add("z".repeat(2000));
  const text = "x".repeat(1_000_000);
  assertEquals(secrets.mask(text), text);
  assert(secrets.mask("z".repeat(5000)) === "[masked]");
});
