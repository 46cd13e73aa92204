import { assertEquals } from "@std/assert";
import { resolve } from "../../../src/net/resolve.ts";

Deno.test("resolve() knows the system's own names", async () => {
  assertEquals((await resolve("localhost")).ipv4, ["127.0.0.1"]);
});

Deno.test("resolve() finds nothing for a name that there is not", async () => {
  assertEquals(await resolve("limacharlie.invalid"), { ipv4: [], ipv6: [] });
});
