import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ApiError } from "../../../src/api/errors.ts";
import type { Call, Rest } from "../../../src/api/rest.ts";
import { type PageOptions, Sessions } from "../../../src/api/sessions.ts";
import { CliError } from "../../../src/app/errors.ts";
import type { JsonObject } from "../../../src/protocol/frames.ts";

/** A service that gives these answers, in order, and keeps what it was asked. */
function fixture(...answers: (JsonObject | Error)[]) {
  const calls: Call[] = [];
  const rest: Rest = {
    call: (call) => {
      calls.push(call);
      const answer = answers[calls.length - 1];
      if (answer === undefined) return Promise.reject(new Error(`Unexpected call: ${call.path}`));
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { sessions: new Sessions(rest, "/v1/sessions"), calls };
}

const rows = (...ids: string[]) => ids.map((id) => ({ id, status: "running" }));
const ids = (sessions: readonly { readonly id: string }[]) => sessions.map(({ id }) => id);
const queries = (calls: readonly Call[]) =>
  calls.map(({ query = {} }) =>
    Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
  );

const status = (code: number) => new ApiError("No", { status: code, exitCode: 1 });

Deno.test("Sessions.get() answers the session with every field", async () => {
  const session = { id: "a", unknown: { deep: [1] } };
  const { sessions, calls } = fixture({ session });
  assertEquals(await sessions.get("a"), session);
  assertEquals(calls[0]?.path, "/v1/sessions/a");
});

for (const answer of [{}, { session: null }, { session: { id: 7 } }, { session: { id: "" } }]) {
  Deno.test(`Sessions.get() refuses the answer ${JSON.stringify(answer)}`, async () => {
    const { sessions } = fixture(answer);
    assertEquals((await assertRejects(() => sessions.get("a"), CliError)).exitCode, 1);
  });
}

Deno.test("Sessions.find() finds nothing where a session is foreign or missing", async () => {
  const { sessions } = fixture({ session: { id: "a" } }, status(403), status(404), status(500));
  assertEquals(await sessions.find("a"), { id: "a" });
  assertEquals([await sessions.find("b"), await sessions.find("c")], [undefined, undefined]);
  await assertRejects(() => sessions.find("d"), ApiError);
});

Deno.test("Sessions.terminate() answers what came", async () => {
  const { sessions, calls } = fixture({ terminated: true });
  assertEquals(await sessions.terminate("a?b"), { terminated: true });
  assertEquals([calls[0]?.method, calls[0]?.path], ["DELETE", "/v1/sessions/a%3Fb"]);
});

Deno.test("Sessions.history() answers frames, and what came", async () => {
  const frame = { type: "assistant", timestamp: "2026-01-02T03:04:05Z", payload: { content: "x" } };
  const answer = { messages: [frame, "no frame"], more: 1 };
  const { sessions, calls } = fixture(answer);
  assertEquals(await sessions.history("a"), { frames: [frame], answer });
  assertEquals(calls[0]?.path, "/v1/sessions/a/history");
});

for (const method of ["get", "find", "terminate", "history"] as const) {
  Deno.test(`Sessions() refuses an impossible ID in ${method}() before it asks anybody`, async () => {
    const { sessions, calls } = fixture();
    const error = await assertRejects(() => sessions[method]("../x"), CliError);
    assertEquals([error.exitCode, calls], [4, []]);
  });
}

Deno.test("Sessions.page() asks for one page, and keeps its unknown fields", async () => {
  const { sessions, calls } = fixture({ sessions: rows("a"), next_cursor: "c2", total: 7 });
  const options: PageOptions = { status: "running", limit: 200, cursor: "c1" };
  assertEquals(await sessions.page(options), {
    sessions: rows("a"),
    next_cursor: "c2",
    total: 7,
  });
  assertEquals(queries(calls), [{ status: "running", limit: 200, cursor: "c1" }]);
});

Deno.test("Sessions.page() asks for the first page with an empty cursor", async () => {
  const { sessions, calls } = fixture({ sessions: null });
  assertEquals(await sessions.page({ cursor: "" }), { sessions: [] });
  assertEquals(queries(calls), [{}]);
});

Deno.test("Sessions.page() refuses an answer that is no page", async () => {
  const { sessions } = fixture({ sessions: {} }, { sessions: ["a"] });
  assertEquals((await assertRejects(() => sessions.page(), CliError)).exitCode, 1);
  assertEquals((await assertRejects(() => sessions.page(), CliError)).exitCode, 1);
});

for (const limit of [0, -1, 1.5, NaN, 201]) {
  Deno.test(`Sessions.page() refuses a limit of ${limit}`, async () => {
    const { sessions, calls } = fixture();
    const error = await assertRejects(() => sessions.page({ limit }), CliError);
    assertEquals([error.exitCode, calls], [4, []]);
  });
}

Deno.test("Sessions.list() drains all pages", async () => {
  const { sessions, calls } = fixture(
    { sessions: rows("a", "b"), next_cursor: "c1" },
    { sessions: [], next_cursor: "c2" },
    { sessions: rows("c"), next_cursor: "" },
  );
  assertEquals(ids(await Array.fromAsync(sessions.list({ status: "ended" }))), ["a", "b", "c"]);
  assertEquals(queries(calls), [
    { status: "ended", limit: 200 },
    { status: "ended", limit: 200, cursor: "c1" },
    { status: "ended", limit: 200, cursor: "c2" },
  ]);
});

for (const end of [{}, { next_cursor: null }, { next_cursor: "" }]) {
  Deno.test(`Sessions.list() ends where a page has ${JSON.stringify(end)}`, async () => {
    const { sessions, calls } = fixture({ sessions: rows("a"), ...end });
    assertEquals(ids(await Array.fromAsync(sessions.list())), ["a"]);
    assertEquals(calls.length, 1);
  });
}

Deno.test("Sessions.list() asks for no page beyond its limit", async () => {
  const { sessions, calls } = fixture(
    { sessions: rows("a", "b"), next_cursor: "c1" },
    { sessions: rows("c", "d", "e"), next_cursor: "c2" },
  );
  assertEquals(ids(await Array.fromAsync(sessions.list({ limit: 4 }))), ["a", "b", "c", "d"]);
  assertEquals(queries(calls), [{ limit: 4 }, { limit: 2, cursor: "c1" }]);
});

Deno.test("Sessions.list() asks for no page after one that fills its limit", async () => {
  const { sessions, calls } = fixture({ sessions: rows("a", "b"), next_cursor: "c1" });
  assertEquals(ids(await Array.fromAsync(sessions.list({ limit: 2 }))), ["a", "b"]);
  assertEquals(calls.length, 1);
});

Deno.test("Sessions.list() asks for the next page while it gives one, and for no further", async () => {
  const { sessions, calls } = fixture(
    { sessions: rows("a", "b"), next_cursor: "c1" },
    { sessions: rows("c"), next_cursor: "c2" },
    { sessions: rows("d") },
  );
  const asked: [string, number][] = [];
  for await (const { id } of sessions.list()) asked.push([id, calls.length]);
  assertEquals(asked, [["a", 2], ["b", 2], ["c", 3], ["d", 3]]);
});

Deno.test("Sessions.list() gives up the next page when it is left", async () => {
  const { sessions, calls } = fixture(
    { sessions: rows("a"), next_cursor: "c1" },
    { sessions: rows("b") },
  );
  for await (const { id } of sessions.list()) if (id === "a") break;
  assertEquals(calls.map(({ signal }) => signal?.aborted), [true, true]);
});

Deno.test("Sessions.list() ends with an error where the service leads in a circle", async () => {
  const page = (next: string) => ({ sessions: rows("a"), next_cursor: next });
  const { sessions, calls } = fixture(page("c1"), page("c2"), page("c1"));
  const error = await assertRejects(() => Array.fromAsync(sessions.list()), CliError);
  assertEquals([error.exitCode, calls.length], [1, 3]);
  assertStringIncludes(error.message, 'repeats the cursor "c1"');
});

for (const limit of [0, -3, 2.5]) {
  Deno.test(`Sessions.list() refuses a limit of ${limit}`, async () => {
    const { sessions, calls } = fixture();
    const error = await assertRejects(() => Array.fromAsync(sessions.list({ limit })), CliError);
    assertEquals([error.exitCode, calls], [4, []]);
  });
}

Deno.test("Sessions.pages() gives pages as they come, cut at the limit", async () => {
  const { sessions } = fixture(
    { sessions: rows("a"), next_cursor: "c1", more: 1 },
    { sessions: rows("b", "c"), next_cursor: "" },
  );
  assertEquals(await Array.fromAsync(sessions.pages({ limit: 2 })), [
    { sessions: rows("a"), next_cursor: "c1", more: 1 },
    { sessions: rows("b"), next_cursor: "" },
  ]);
});
