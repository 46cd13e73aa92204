// Loaded before each test module by the gate: a test that hangs fails, and by its name.

/** Milliseconds for a test that sets no limit of its own. */
const TIME_LIMIT = 120_000;

type Part = string | Deno.TestDefinition | Deno.TestDefinition["fn"];

/** Makes one definition of whatever `Deno.test` was called with. */
function definitionOf(parts: readonly Part[]): Deno.TestDefinition {
  const definitions = parts.map((part) => {
    if (typeof part === "string") return { name: part };
    return typeof part === "function" ? { name: part.name, fn: part } : part;
  });
  // A name that was given comes first, and wins over that of the function.
  return Object.assign({ timeout: TIME_LIMIT }, ...definitions.reverse());
}

const test = new Proxy(Deno.test, {
  apply: (target, self, parts: Part[]) => Reflect.apply(target, self, [definitionOf(parts)]),
});
Object.assign(Deno, { test });
