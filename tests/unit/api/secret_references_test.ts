import { assertEquals, assertRejects } from "@std/assert";
import { resolveReferences } from "../../../src/api/secret_references.ts";
import { CliError } from "../../../src/app/errors.ts";

/** Gives each secret its name in capitals, and keeps what was asked for. */
function shouting() {
  const asked: string[] = [];
  const resolve = (reference: string) => {
    asked.push(reference);
    return Promise.resolve(reference.slice("hive://secret/".length).toUpperCase());
  };
  return { asked, resolve };
}

Deno.test("resolveReferences() replaces references however deep they stand", async () => {
  const { resolve } = shouting();
  const value = {
    text: "hive://secret/one",
    list: ["plain", "hive://secret/two words/é", ["hive://secret/three"]],
    map: { inner: { "hive://secret/key": "hive://secret/one" } },
    rest: [1, true, null, "", "see hive://secret/one", "hive://ai_agent/one", "HIVE://secret/one"],
  };
  assertEquals(await resolveReferences(value, resolve), {
    text: "ONE",
    list: ["plain", "TWO WORDS/É", ["THREE"]],
    map: { inner: { "hive://secret/key": "ONE" } },
    rest: [1, true, null, "", "see hive://secret/one", "hive://ai_agent/one", "HIVE://secret/one"],
  });
});

Deno.test("resolveReferences() asks for each distinct reference once", async () => {
  const { asked, resolve } = shouting();
  await resolveReferences(
    ["hive://secret/a", { b: "hive://secret/b", a: "hive://secret/a" }],
    resolve,
  );
  assertEquals(asked, ["hive://secret/a", "hive://secret/b"]);
});

Deno.test("resolveReferences() leaves alone what a secret holds", async () => {
  const resolve = () => Promise.resolve("hive://secret/other");
  assertEquals(await resolveReferences(["hive://secret/a"], resolve), ["hive://secret/other"]);
});

Deno.test("resolveReferences() keeps keys such as __proto__", async () => {
  const { resolve } = shouting();
  const value = JSON.parse('{"__proto__":"hive://secret/a"}');
  assertEquals(JSON.stringify(await resolveReferences(value, resolve)), '{"__proto__":"A"}');
});

Deno.test("resolveReferences() refuses a reference without a name before it asks for any", async () => {
  const { asked, resolve } = shouting();
  const value = { first: "hive://secret/a", second: "hive://secret/" };
  const error = await assertRejects(() => resolveReferences(value, resolve), CliError);
  assertEquals([error.exitCode, asked.length], [4, 0]);
});

Deno.test("resolveReferences() fails as the first reference that fails", async () => {
  const resolve = (reference: string) =>
    reference.endsWith("ok") ? Promise.resolve("") : Promise.reject(new Error(reference));
  const value = ["hive://secret/ok", "hive://secret/b", "hive://secret/a"];
  const error = await assertRejects(() => resolveReferences(value, resolve), Error);
  assertEquals(error.message, "hive://secret/b");
});
