import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { emulator, emulatorCommand } from "../../../src/commands/emulator.ts";
import { fakeDeps } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";
import { startServer } from "../../support/server.ts";

Deno.test("emulatorCommand() passes its flags on", async () => {
  const seen: unknown[] = [];
  const command = emulatorCommand(fakeDeps(), (options) => {
    seen.push(options);
    return Promise.resolve();
  });
  await command.noExit().parse([
    ...["--port", "8080", "--scenario", "a.yaml"],
    ...["--fault", "drop:after=1", "--fault", "status:code=429,times=2"],
  ]);
  assertEquals(seen, [{
    port: 8080,
    scenario: "a.yaml",
    fault: ["drop:after=1", "status:code=429,times=2"],
  }]);
});

Deno.test("emulator() prints what to export, and serves until it is stopped", async () => {
  const stop = new AbortController();
  const deps = fakeDeps({ signal: stop.signal });
  const running = emulator({ fault: ["status:code=418,path=/v1/who"] }, deps);
  await deps.terminal.stderr.waitFor("Serving on http://127.0.0.1:");
  const lines = deps.terminal.stdout.text.trimEnd().split("\n");
  const environment = Object.fromEntries(lines.map((line) => {
    const [, name = "", value = ""] = /^export (LC_[A-Z_]+)='([^']*)'$/.exec(line) ?? [];
    return [name, value];
  }));
  assertEquals(Object.keys(environment), [
    ...["LC_API_URL", "LC_JWT_URL", "LC_OID", "LC_UID", "LC_API_KEY"],
  ]);
  const response = await fetch(`${environment["LC_API_URL"]}/v1/who`);
  await response.body?.cancel();
  assertEquals(response.status, 418);
  stop.abort();
  await running;
  assertEquals(deps.exitCode, ExitCode.Done);
  await assertRejects(() => fetch(`${environment["LC_API_URL"]}/v1/who`), TypeError);
});

Deno.test("emulator() stops when nobody reads its output any more", async () => {
  const deps = fakeDeps();
  const running = emulator({}, deps);
  await deps.terminal.stderr.waitFor("Serving on");
  deps.terminal.stdout.close();
  await running;
});

Deno.test("emulator() reads the scenario file that it is given", async () => {
  using folder = temporaryFolder("limacharlie-emulator-");
  const file = folder.join("scenario.yaml");
  await Deno.writeTextFile(file, "scripts: [{ steps: [{ sey: hi }] }]");
  const error = await assertRejects(() => emulator({ scenario: file }, fakeDeps()), CliError);
  assertEquals(error.exitCode, ExitCode.Usage);
  assertStringIncludes(error.message, file);
  assertStringIncludes(error.message, "scripts[0].steps[0]");
});

Deno.test("emulator() refuses input that it cannot use", async () => {
  const error = async (options: Parameters<typeof emulator>[0]) =>
    await assertRejects(() => emulator(options, fakeDeps()), CliError);
  assertEquals((await error({ fault: ["dorp"] })).exitCode, ExitCode.Usage);
  assertEquals((await error({ port: 65_536 })).exitCode, ExitCode.Usage);
  assertEquals((await error({ scenario: "/no/such/file" })).exitCode, ExitCode.Usage);
  await using other = await startServer();
  const refused = await error({ port: other.port });
  assertEquals(refused.exitCode, ExitCode.Failure);
  assertStringIncludes(refused.message, `127.0.0.1:${other.port}`);
});
