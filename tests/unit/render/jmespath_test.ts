import { assertEquals, assertThrows } from "@std/assert";
import { compileFilter } from "../../../src/render/jmespath.ts";
import { QueryError } from "../../../src/render/query_error.ts";

const SESSIONS = [
  {
    id: "a",
    status: "running",
    cost: 0.5,
    created_at: "2026-01-01",
    tags: ["x", "y"],
    by: { u: 1 },
  },
  { id: "b", status: "ended", cost: 1.5, created_at: "2026-01-02", tags: [] },
  { id: "c", status: "starting", cost: 3, created_at: "2026-01-03", tags: ["x"], by: null },
];

/** Expressions, what they give over the sessions, and whether they can be applied row by row. */
const EXPRESSIONS: readonly (readonly [string, unknown, boolean])[] = [
  ["@", SESSIONS, true],
  ["[*].id", ["a", "b", "c"], true],
  ["[].tags[]", ["x", "y", "x"], true],
  ["[?status=='running'].id", ["a"], true],
  ["[?status==`running`].id", ["a"], true],
  ['[?status==`"running"`].id', ["a"], true],
  ["[?cost > `1`] | [?cost < `2`].id", ["b"], true],
  ["[?created_at > '2026-01-01'].id", ["b", "c"], true],
  ["[?created_at <= '2026-01-02'].id", ["a", "b"], true],
  ["[?status >= 'running' && status < 'starting'].id", ["a"], true],
  ["[?status > `1`].id", [], true],
  ["[?by].{id: id, user: by.u}", [{ id: "a", user: 1 }], true],
  ["[?!by].id", ["b", "c"], true],
  ["[].constructor", [], true],
  ["[?toString].id", [], true],
  ["[0].id", "a", false],
  ["[-1:].id", ["c"], false],
  ["[?cost].id | [0]", "a", false],
  ["length(@)", 3, false],
  ["sort_by(@, &cost)[-1].id", "c", false],
  ["[?id == $[0].id].id", ["a"], false],
  ["{ids: [].id}", { ids: ["a", "b", "c"] }, false],
  ["let $s = 'ended' in [?status == $s].id", ["b"], false],
  ["missing", null, false],
];

for (const [expression, result, isRowByRow] of EXPRESSIONS) {
  Deno.test(`compileFilter() applies ${expression}`, () => {
    const filter = compileFilter(expression);
    assertEquals(filter.apply(SESSIONS), result);
    assertEquals(filter.isRowByRow, isRowByRow);
  });
}

Deno.test("compileFilter() gives the same row by row, where it says that it can", () => {
  for (const [expression, result, isRowByRow] of EXPRESSIONS) {
    if (!isRowByRow) continue;
    const filter = compileFilter(expression);
    assertEquals(SESSIONS.flatMap((session) => filter.apply([session])), result, expression);
  }
});

/** Wrong expressions, what is wrong, and the position of it. */
const WRONG: readonly (readonly [string, string, number])[] = [
  ["[?a ==", "it ends too early", 7],
  ["foo(", "it ends too early", 5],
  ["  ", "it ends too early", 1],
  ["a b", 'unexpected "b"', 3],
  ["[?a==b]]", 'unexpected "]"', 8],
  ["a..b", 'unexpected "."', 3],
  ["[id status]", 'unexpected "status"', 5],
  ["length(a b)", 'unexpected "b"', 10],
  ["{a: b c: d}", 'unexpected "c"', 7],
  ["[a,]", 'unexpected "]"', 4],
  ["a#b", 'unexpected "#"', 2],
  ["日本 # x", 'unexpected "日"', 1],
  ["'日本' == #", 'unexpected "#"', 9],
  ["'abc", "no valid text between ' and '", 1],
  ["a == `1", "no valid text between ` and `", 6],
  ['"abc', 'no valid text between " and "', 1],
  ["[?status = 'x']", 'unexpected "="', 10],
  ["&id", 'unexpected "&"', 1],
  ["1", 'unexpected "1"', 1],
  ['"a"(b)', 'unexpected "("', 4],
];

for (const [expression, reason, position] of WRONG) {
  Deno.test(`compileFilter() says where ${expression} is wrong`, () => {
    const error = assertThrows(() => compileFilter(expression), QueryError);
    assertEquals(
      error.message,
      `Cannot read --filter "${expression}": ${reason} at position ${position}`,
    );
  });
}

Deno.test("compileFilter() refuses an unknown function before there is data", () => {
  const error = assertThrows(() => compileFilter("[?starts_wiht(id, 'a')]"), QueryError);
  assertEquals(
    error.message,
    `Unknown function "starts_wiht" at position 3 of --filter "[?starts_wiht(id, 'a')]"`,
  );
  assertEquals(error.hint, 'Did you mean "starts_with"?');
});

Deno.test("Filter.apply() says where an expression does not fit the data", () => {
  const error = assertThrows(() => compileFilter("[0] | length(cost)").apply(SESSIONS), QueryError);
  assertEquals(
    error.message.replace(/: .*/, ""),
    'Cannot apply --filter "[0] | length(cost)" at position 7',
  );
});
