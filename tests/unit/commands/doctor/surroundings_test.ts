import { assertEquals } from "@std/assert";
import {
  examineCompletion,
  examineTerminal,
} from "../../../../src/commands/doctor/surroundings.ts";
import { fakeDeps, fakeEnvironment, FakeTerminal } from "../../../support/fakes.ts";

function examine(env: Record<string, string>, { terminal = true, noColor = false } = {}) {
  return examineTerminal(
    fakeDeps({
      env,
      terminal: new FakeTerminal({ terminal, columns: 120 }),
      flags: { noColor },
    }),
  );
}

const UTF8 = { LANG: "en_US.UTF-8" };

Deno.test("examineTerminal() tells what the terminal can do", () => {
  const rows = new FakeTerminal({ terminal: true, columns: 120 }).size().rows;
  assertEquals(examine({ ...UTF8, TERM: "xterm-256color", COLORTERM: "truecolor" }), {
    check: "terminal",
    status: "ok",
    detail: `120 × ${rows}, xterm-256color, all colors`,
  });
  assertEquals(
    examine({ LC_ALL: "C.utf8", TERM: "screen", TMUX: "/tmp/x", SSH_CONNECTION: "a b" }).detail,
    `120 × ${rows}, screen, colors, in tmux or screen, over SSH`,
  );
});

Deno.test("examineTerminal() honours what switches colors off", () => {
  for (const options of [{ noColor: true }, {}]) {
    const env = { ...UTF8, TERM: "xterm", ...(options.noColor ? {} : { NO_COLOR: "1" }) };
    assertEquals(/no colors/.test(examine(env, options).detail), true);
  }
});

Deno.test("examineTerminal() warns of a plain terminal and of a locale without UTF-8", () => {
  assertEquals(examine({ ...UTF8, TERM: "dumb" }).status, "warning");
  assertEquals(examine({ ...UTF8, TERM: "" }).status, "warning");
  assertEquals(examine({ TERM: "xterm" }).status, "warning");
  assertEquals(examine({ ...UTF8, LC_ALL: "C", TERM: "xterm" }).status, "warning");
});

Deno.test("examineTerminal() has nothing against pipes", () => {
  assertEquals(examine({}, { terminal: false }).status, "ok");
});

Deno.test("examineCompletion() skips a shell that it doesn't know", async () => {
  assertEquals(
    (await examineCompletion(fakeEnvironment({ SHELL: "/bin/dash" }))).status,
    "skipped",
  );
});
