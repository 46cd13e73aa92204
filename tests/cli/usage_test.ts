import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { startServer } from "../support/server.ts";
import { runCommand } from "../support/command.ts";

Deno.test("ai usage list prints the identities", async () => {
  await using emulator = await startServer();
  const { stdout } = await runCommand(["ai", "usage", "list"], { env: emulator.environment });
  assertEquals(JSON.parse(stdout), {
    identities: ["soc-automation", "night shift/tier 1", "wallboard"],
  });
});

Deno.test("ai usage get prints an identity's usage by the hour", async () => {
  await using emulator = await startServer();
  const get = ["ai", "usage", "get", "--identity", "night shift/tier 1"];
  const { stdout } = await runCommand(get, { env: emulator.environment });
  const { identity, usage, ...rest } = JSON.parse(stdout);
  assertEquals([identity, usage.length, rest], ["night shift/tier 1", 1, {}]);
  const shown = await runCommand([...get, "--no-color"], {
    env: emulator.environment,
    terminal: true,
  });
  assertMatch(shown.stdout, /\n2026-08-03T02:00:00Z +\$0\.\d{4} +20,118 /);
});

Deno.test("ai usage get names the identities that come close to one that is unknown", async () => {
  await using emulator = await startServer();
  const get = (identity: string) =>
    runCommand(["ai", "usage", "get", "--identity", identity], { env: emulator.environment });
  const close = await get("soc-automaton");
  assertEquals(close.code, ExitCode.NotFound);
  assertStringIncludes(close.stderr, 'Hint: Did you mean "soc-automation"?');
  const far = await get("x");
  assertEquals(far.code, ExitCode.NotFound);
  assertStringIncludes(far.stderr, "Hint: See limacharlie ai usage list");
});
