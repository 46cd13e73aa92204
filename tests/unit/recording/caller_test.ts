import { assert, assertEquals } from "@std/assert";
import { callerOf } from "../../../src/recording/caller.ts";

function tokenWith(claims: unknown): string {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return `header.${payload.toBase64({ alphabet: "base64url", omitPadding: true })}.signature`;
}

Deno.test("callerOf() names an API key by a part of its hash", async () => {
  const apiKey = "5b0c6f0e-3d3e-4a53-9f7e-6f3f0f4b9a11";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(apiKey));
  const caller = callerOf({ oid: "o-1", uid: "u-1", apiKey });
  assertEquals(caller, {
    oid: "o-1",
    uid: "u-1",
    key_fingerprint: new Uint8Array(digest).toHex().slice(0, 16),
  });
});

Deno.test("callerOf() names the user of a browser sign-in, and keeps no part of the token", () => {
  const idToken = tokenWith({ user_id: "u-2", sub: "u-3", email: "mara@acme.example", exp: 1 });
  const caller = callerOf({ oid: "o-1", oauth: { idToken } });
  assertEquals(caller, { oid: "o-1", uid: "u-2", email: "mara@acme.example" });
  assert(!idToken.split(".").some((part) => JSON.stringify(caller).includes(part)));
});

Deno.test("callerOf() takes what is configured before what a token says", () => {
  const idToken = tokenWith({ sub: "u-3" });
  assertEquals(callerOf({ uid: "u-1", oauth: { idToken } }).uid, "u-1");
  assertEquals(callerOf({ oauth: { idToken } }).uid, "u-3");
});

Deno.test("callerOf() does without a token that cannot be read", () => {
  const unreadable = [
    "",
    "x",
    "a.b.c",
    "a.!.c",
    tokenWith(null),
    tokenWith(1),
    tokenWith({ sub: 1 }),
  ];
  for (const idToken of unreadable) {
    assertEquals(callerOf({ oid: "o-1", oauth: { idToken } }), { oid: "o-1" }, idToken);
  }
});
