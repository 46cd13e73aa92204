import { assertEquals } from "@std/assert";
import { BINDINGS } from "../../../src/term/bindings.ts";
import { keyGroups } from "../../../src/term/key_help.ts";

Deno.test("keyGroups() tells once of everything that keys do", () => {
  const told = keyGroups().flatMap(({ keys }) => keys.map(([first]) => first));
  assertEquals(new Set(told).size, told.length);
  assertEquals(told.length, new Set(Object.values(BINDINGS)).size);
});

Deno.test("keyGroups() names keys as they are printed on a keyboard", () => {
  const told = keyGroups().flatMap(({ keys }) => keys.map(([first]) => first));
  for (const keys of ["Home, Ctrl-A", "Alt-B, Ctrl-Left", "Ctrl-_", "Alt-\\"]) {
    assertEquals(told.includes(keys), true, keys);
  }
});
