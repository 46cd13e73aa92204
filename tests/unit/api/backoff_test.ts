import { assertEquals } from "@std/assert";
import { backoff } from "../../../src/api/backoff.ts";

Deno.test("backoff() waits not at all, then twice as long each time, up to 30 s, in the upper half", () => {
  const attempts = Array.from({ length: 8 }, (_, index) => index + 1);
  const longest = [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
  assertEquals(attempts.map((attempt) => backoff(attempt, 1)), longest);
  assertEquals(attempts.map((attempt) => backoff(attempt, 0)), longest.map((most) => most / 2));
});
