import { assertEquals, assertNotEquals } from "@std/assert";
import { CompletionCache, type Entry } from "../../../src/completion/cache.ts";
import type { Credentials } from "../../../src/config/credentials.ts";
import { locateConfig } from "../../../src/config/paths.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryHome } from "../../support/home.ts";

const ME: Credentials = { oid: "o", apiKey: "key-of-mine", source: "test" };
const HOSTS = ["https://api.example", "https://jwt.example", undefined];
const ENTRY: Entry = { askedAt: 2, answeredAt: 1, items: [{ id: "s" }] };

async function openIn(
  env: Readonly<Record<string, string>>,
  credentials: Credentials = ME,
  hosts: readonly (string | undefined)[] = HOSTS,
) {
  return await CompletionCache.open(await locateConfig(fakeEnvironment(env)), credentials, hosts);
}

Deno.test("CompletionCache.put keeps answers in a private file, and no credentials", async () => {
  using home = temporaryHome();
  await (await openIn(home.env)).put({ org_sessions: ENTRY });
  await (await openIn(home.env)).put({ templates: ENTRY });
  const expected = { org_sessions: ENTRY, templates: ENTRY };
  assertEquals(await (await openIn(home.env)).read(), expected);
  const path = home.join(".limacharlie.d", "completion_cache.json");
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertEquals((await Deno.readTextFile(path)).includes("key-of-mine"), false);
});

Deno.test("CompletionCache.read answers the same credentials on the same hosts only", async () => {
  using home = temporaryHome();
  await (await openIn(home.env)).put({ org_sessions: ENTRY });
  const oauth = { idToken: "i", refreshToken: "r", expiresAt: 0 };
  for (const change of [{ oid: "other" }, { apiKey: "other" }, { uid: "u" }, { oauth }]) {
    assertEquals(await (await openIn(home.env, { ...ME, ...change })).read(), {});
  }
  assertEquals(await (await openIn(home.env, ME, ["https://other.example"])).read(), {});
  assertEquals(await (await openIn(home.env, { ...ME, source: "elsewhere" })).read(), {
    org_sessions: ENTRY,
  });
});

Deno.test("CompletionCache.put forgets the credentials that were kept first", async () => {
  using home = temporaryHome();
  for (let index = 0; index < 10; index++) {
    await (await openIn(home.env, { ...ME, oid: String(index) })).put({ templates: ENTRY });
  }
  const kept = async (oid: string) => await (await openIn(home.env, { ...ME, oid })).read();
  assertEquals([await kept("1"), await kept("2")], [{}, { templates: ENTRY }]);
});

Deno.test("CompletionCache.read ignores what is corrupt, and what others may read", async () => {
  using home = temporaryHome();
  const cache = await openIn(home.env);
  await cache.put({ org_sessions: ENTRY });
  const path = home.join(".limacharlie.d", "completion_cache.json");
  const text = await Deno.readTextFile(path);
  await Deno.chmod(path, 0o644);
  assertEquals(await cache.read(), {});
  await Deno.chmod(path, 0o600);
  const broken = ["{", "[]", "1", text.replace('"items":', '"else":'), text.replace("[{", "[1,{")];
  for (const each of broken) {
    assertNotEquals(each, text);
    await Deno.writeTextFile(path, each);
    assertEquals(await cache.read(), {}, each);
  }
});

Deno.test("CompletionCache.put writes nothing with LC_EPHEMERAL_CREDS, nor without a home", async () => {
  using home = temporaryHome();
  for (const env of [{ ...home.env, LC_EPHEMERAL_CREDS: "1" }, { LC_API_KEY: "k" }]) {
    const cache = await openIn(env);
    await cache.put({ org_sessions: ENTRY });
    assertEquals(await cache.read(), {});
  }
  assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);
});
