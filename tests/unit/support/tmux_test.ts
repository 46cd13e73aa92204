import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { testWith, tool } from "../../support/skip.ts";
import { openScreen } from "../../support/tmux.ts";

const needs = [tool("tmux")];

testWith(needs, "openScreen() types text and keys and shows what comes back", async () => {
  await using screen = await openScreen({ command: ["/bin/cat"] });
  await screen.send("-x; Enter;", "Enter");
  await screen.waitFor(/^-x; Enter;\n-x; Enter;$/m);
  await screen.send("C-d");
  assertEquals(await screen.exitCode(), 0);
});

testWith(
  needs,
  "openScreen() gives the program its own HOME and no TMUX server of others",
  async () => {
    // tmux may never show what a program says that ends at once.
    const script = 'echo "HOME=$HOME TERM=$TERM A=$A B=$B"; read -r _; exit 7';
    await using screen = await openScreen({
      command: ["/bin/sh", "-c", script],
      env: { A: "a b;", TERM: "dumb" },
      columns: 200,
    });
    const text = await screen.waitFor("TERM=dumb A=a b; B=");
    await screen.send("Enter");
    assertEquals(await screen.exitCode(), 7);
    assertEquals(text.includes(`HOME=${Deno.env.get("HOME")} `), false);
  },
);

testWith(needs, "openScreen() reports a signal as 128 and its number", async () => {
  await using screen = await openScreen({ command: ["/bin/cat"] });
  Deno.kill(await screen.pid(), "SIGKILL");
  assertEquals(await screen.exitCode(), 137);
});

testWith(needs, "Screen.capture() keeps styles and what scrolled away when asked", async () => {
  const script = "printf '\\033[1mbold\\033[0m\\n'; seq 30; exec cat";
  await using screen = await openScreen({ command: ["/bin/sh", "-c", script], rows: 10 });
  await screen.waitFor(/^30$/m);
  assertEquals((await screen.capture()).includes("bold"), false);
  const whole = await screen.capture({ scrollback: true, escapes: true });
  assertStringIncludes(whole, "\x1b[1mbold\n");
  assertMatch(whole, /1\n2\n3\n/);
});

testWith(needs, "Screen.resize() is seen by the program", async () => {
  const script = "while stty size; do sleep 0.02; clear; done";
  await using screen = await openScreen({
    command: ["/bin/sh", "-c", script],
    columns: 61,
    rows: 13,
  });
  await screen.waitFor("13 61");
  await screen.resize(50, 12);
  await screen.waitFor("12 50");
});

testWith(needs, "Screen.paste() sends text as it is", async () => {
  await using screen = await openScreen({ command: ["/bin/cat"] });
  await screen.paste("one\ntwo;\n");
  await screen.waitFor("one\ntwo;\none\ntwo;");
  assertEquals(await screen.cursor(), { column: 0, row: 4 });
});

testWith(needs, "Screen.waitFor() shows the screen when the program ends without it", async () => {
  await using screen = await openScreen({ command: ["/bin/echo", "last words"] });
  const error = await assertRejects(() => screen.waitFor("never"), Error);
  assertEquals(error.message, "The program ended without never:\nlast words");
});
