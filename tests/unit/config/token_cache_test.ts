import { assertEquals } from "@std/assert";
import type { Credentials } from "../../../src/config/credentials.ts";
import { expiryOf, TokenCache } from "../../../src/config/token_cache.ts";
import { FakeClock, fakeEnvironment } from "../../support/fakes.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/home.ts";

const NOW = 1_767_322_800;
const KEY: Credentials = { apiKey: "k-1", source: "test" };
const USER_KEY: Credentials = { ...KEY, uid: "u-1" };
const BROWSER: Credentials = {
  uid: "u-1",
  oauth: { idToken: "i", refreshToken: "r-1", expiresAt: 0 },
  source: "test",
};

/** What the Python CLI's `_compute_cache_key` returns for these, run with Python 3.11. */
const PYTHON_KEYS: readonly [name: string, Credentials, oid: string, key: string][] = [
  [
    "an organization's key",
    KEY,
    "o-1",
    "498eaf3d4fec9720ab7478bfe93b23a6e7a029c4d13a427d37237c30124c3cf2",
  ],
  [
    "a user's key",
    USER_KEY,
    "o-1",
    "b161960bb07bdab3502c474a2a031c6b75d0089ee2402390765943625bb1a6f1",
  ],
  [
    "a browser sign-in",
    BROWSER,
    "o-1",
    "a4821a169de4038ae67c9c99bdc3d53f54202aa748f8ebdb9adaa85aaedd79d4",
  ],
  [
    "a browser sign-in beside a key",
    { ...BROWSER, apiKey: "k-1" },
    "o-1",
    "a4821a169de4038ae67c9c99bdc3d53f54202aa748f8ebdb9adaa85aaedd79d4",
  ],
  [
    "a user's key without organization",
    USER_KEY,
    "-",
    "c4d8bc05c69dfa00b4d6dcf1ae2552512310665ecdec3f92ca7bdbabf14b0473",
  ],
];

function jwt(payload: unknown): string {
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value))
      .toBase64({ alphabet: "base64url", omitPadding: true });
  return `${encode({ alg: "HS256" })}.${encode(payload)}.c2lnbmF0dXJl`;
}

const expiringIn = (seconds: number) => jwt({ exp: NOW + seconds, sub: "ü?>" });

interface Fixture extends Disposable {
  readonly path: string;
  readonly folder: TemporaryFolder;
  cache(options?: CacheOptions): TokenCache;
  /** What is in the file. */
  entries(): unknown;
}

interface CacheOptions {
  readonly env?: Record<string, string>;
  readonly off?: boolean;
  readonly ephemeral?: boolean;
}

function fixture(): Fixture {
  const folder = temporaryFolder();
  const path = folder.join("jwt_cache.json");
  return {
    path,
    folder,
    cache: ({ env = {}, off = false, ephemeral = false } = {}) =>
      new TokenCache(
        { file: folder.join("config.yaml"), tokenCache: path, inOwnFolder: true, ephemeral },
        fakeEnvironment(env),
        new FakeClock(NOW * 1000),
        off,
      ),
    entries: () => JSON.parse(Deno.readTextFileSync(path)),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

for (const [name, credentials, oid, key] of PYTHON_KEYS) {
  Deno.test(`TokenCache.put() names the token of ${name} as the Python CLI does`, async () => {
    using files = fixture();
    const token = expiringIn(3600);
    await files.cache().put(credentials, oid, token);
    assertEquals(files.entries(), { [key]: { jwt: token } });
    assertEquals(await files.cache().get(credentials, oid), token);
  });
}

Deno.test("TokenCache.get() gives a token only to the credentials and organization it is for", async () => {
  using files = fixture();
  await files.cache().put(KEY, "o-1", expiringIn(3600));
  assertEquals(await files.cache().get(KEY, "o-2"), undefined);
  assertEquals(await files.cache().get(USER_KEY, "o-1"), undefined);
  assertEquals(await files.cache().get({ ...KEY, apiKey: "k-2" }, "o-1"), undefined);
});

for (const [left, good] of [[601, true], [600, false], [0, false], [-5, false]] as const) {
  Deno.test(`TokenCache.get() ${good ? "uses" : "ignores"} a token with ${left} s left`, async () => {
    using files = fixture();
    const token = expiringIn(left);
    await files.cache().put(KEY, "o", token);
    assertEquals(await files.cache().get(KEY, "o"), good ? token : undefined);
  });
}

Deno.test("TokenCache.put() keeps other tokens, but not those that have expired", async () => {
  using files = fixture();
  const foreign = { jwt: expiringIn(60) };
  const unknown = { added: "by a later version" };
  await Deno.writeTextFile(
    files.path,
    JSON.stringify({ foreign, old: { jwt: expiringIn(-1) }, unknown }),
    { mode: 0o600 },
  );
  const token = expiringIn(3600);
  await files.cache().put(KEY, "o-1", token);
  assertEquals(files.entries(), { foreign, unknown, [PYTHON_KEYS[0]?.[3] ?? ""]: { jwt: token } });
});

Deno.test("TokenCache.drop() drops a token that was rejected, and no newer one", async () => {
  using files = fixture();
  const token = expiringIn(3600);
  await files.cache().put(KEY, "o", token);
  await files.cache().drop(KEY, "o", expiringIn(1800));
  assertEquals(await files.cache().get(KEY, "o"), token);
  await files.cache().drop(KEY, "o", token);
  assertEquals(files.entries(), {});
});

Deno.test("TokenCache.clear() removes the file", async () => {
  using files = fixture();
  await files.cache().put(KEY, "o", expiringIn(3600));
  await files.cache().clear();
  await files.cache().clear();
  assertEquals(await Array.fromAsync(Deno.readDir(files.folder.path)), []);
});

Deno.test("TokenCache.put() writes a file of mode 0600", async () => {
  using files = fixture();
  await files.cache().put(KEY, "o", expiringIn(3600));
  assertEquals(((await Deno.stat(files.path)).mode ?? 0) & 0o777, 0o600);
});

for (
  const [name, options] of Object.entries<CacheOptions>({
    "LC_NO_JWT_CACHE": { env: { LC_NO_JWT_CACHE: "1" } },
    "LC_EPHEMERAL_CREDS": { ephemeral: true },
    "no_jwt_cache": { off: true },
  })
) {
  Deno.test(`TokenCache() neither reads nor writes with ${name}`, async () => {
    using files = fixture();
    const token = expiringIn(3600);
    await files.cache().put(KEY, "o", token);
    const before = await Deno.readTextFile(files.path);
    const off = files.cache(options);
    assertEquals(await off.get(KEY, "o"), undefined);
    await off.put(KEY, "o", expiringIn(7200));
    await off.drop(KEY, "o", token);
    assertEquals(await Deno.readTextFile(files.path), before);
  });
}

for (
  const [name, text] of Object.entries({
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "entries of another kind": `{"${PYTHON_KEYS[0]?.[3]}": "x"}`,
    "a token that is none": `{"${PYTHON_KEYS[0]?.[3]}": {"jwt": "a\\nb.c.d"}}`,
    "a token that says no expiry": `{"${PYTHON_KEYS[0]?.[3]}": {"jwt": "${jwt({})}"}}`,
  })
) {
  Deno.test(`TokenCache.get() ignores a file with ${name}, and writes over it`, async () => {
    using files = fixture();
    await Deno.writeTextFile(files.path, text, { mode: 0o600 });
    assertEquals(await files.cache().get(KEY, "o-1"), undefined);
    const token = expiringIn(3600);
    await files.cache().put(KEY, "o-1", token);
    assertEquals(await files.cache().get(KEY, "o-1"), token);
  });
}

Deno.test("TokenCache.get() ignores a link, and does not write through it", async () => {
  using files = fixture();
  await Deno.writeTextFile(files.folder.join("elsewhere"), "mine", { mode: 0o600 });
  await Deno.symlink(files.folder.join("elsewhere"), files.path);
  assertEquals(await files.cache().get(KEY, "o"), undefined);
  await files.cache().put(KEY, "o", expiringIn(3600));
  assertEquals(await Deno.readTextFile(files.folder.join("elsewhere")), "mine");
});

Deno.test("expiryOf() reads exp, and finds none in what is no JWT", () => {
  assertEquals(expiryOf(jwt({ exp: 12.5 })), 12.5);
  for (const text of ["", "a", "a.b.c", jwt(null), jwt({ exp: "12" }), "..", jwt([])]) {
    assertEquals(expiryOf(text), undefined);
  }
});
