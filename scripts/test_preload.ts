// Loaded before each test module by the gate: a test that hangs fails, and by its name.

/** Milliseconds for a test that sets no limit of its own. */
const TIME_LIMIT = 120_000;

type Part = string | Deno.TestDefinition | Deno.TestDefinition["fn"];

/** Files that register tests for others. */
const HELPERS = /\/(?:scripts\/test_preload|tests\/support\/\w+)\.ts$/;

/**
 * Makes one definition of whatever `Deno.test` was called with. Deno would take this file for the
 * place of every test, so its name says where it is.
 */
function definitionOf(parts: readonly Part[], place: string): Deno.TestDefinition {
  const definitions = parts.map((part) => {
    if (typeof part === "string") return { name: part };
    return typeof part === "function" ? { name: part.name, fn: part } : part;
  });
  // A name that was given comes first, and wins over that of the function.
  const whole: Deno.TestDefinition = Object.assign(
    { timeout: TIME_LIMIT },
    ...definitions.reverse(),
  );
  return { ...whole, name: `${whole.name} [${place}]` };
}

/** File and line of the test module that is on the stack. */
function callingPlace(): string {
  const frames = new Error().stack?.matchAll(/(file:\/\/[^\s()]+):(\d+):\d+/g) ?? [];
  for (const [, url = "", line] of frames) {
    const path = decodeURI(url);
    if (!HELPERS.test(path)) return `${path.replace(/^.*\/(?=tests\/)/, "")}:${line}`;
  }
  return "?";
}

const test = new Proxy(Deno.test, {
  apply: (target, self, parts: Part[]) =>
    Reflect.apply(target, self, [definitionOf(parts, callingPlace())]),
  get(target, key) {
    if (key !== "ignore" && key !== "only") return Reflect.get(target, key);
    return (...parts: Part[]) => target({ ...definitionOf(parts, callingPlace()), [key]: true });
  },
});
Object.assign(Deno, { test });
