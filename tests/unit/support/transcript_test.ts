import { assertEquals, assertRejects } from "@std/assert";
import { Transcript } from "../../support/transcript.ts";

Deno.test("Transcript.waitFor() goes on after the last match", async () => {
  const transcript = new Transcript("stdout");
  transcript.append("> one\n> ");
  await transcript.waitFor(">");
  await transcript.waitFor(">");
  let found = false;
  const third = transcript.waitFor("> ").then(() => found = true);
  transcript.append("two\n>");
  await Promise.resolve();
  assertEquals(found, false);
  transcript.append(" ");
  await third;
});

Deno.test("Transcript.waitFor() fails at the end, with everything", async () => {
  const transcript = new Transcript("stderr");
  transcript.append("one\ntwo\n");
  await transcript.waitFor("one");
  const waiting = transcript.waitFor(/three/);
  transcript.end();
  const error = await assertRejects(() => waiting, Error);
  assertEquals(
    error.message,
    "stderr ended without /three/ in what followed the last match:\n\ntwo\n\n" +
      "--- and before it:\none",
  );
});

Deno.test("Transcript.waitFor() fails when the time is up", async () => {
  const transcript = new Transcript("stdout");
  const error = await assertRejects(() => transcript.waitFor("x", { timeout: 10 }), Error);
  assertEquals(error.message.startsWith("stdout brought nothing more for 10 ms without x"), true);
});
