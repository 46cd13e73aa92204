import { Command } from "@cliffy/command";
import { assertStringIncludes } from "@std/assert";
import { renderManual } from "../../../scripts/manual_page.ts";
import type { CommandNode } from "../../../src/app/command_tree.ts";
import { TOPICS } from "../../../src/help/topics.ts";

/** A program with one command, whose words mean something to roff. */
const PROGRAM: CommandNode = {
  name: "tool",
  summary: "A tool for tests",
  children: [{
    name: "open",
    summary: "Open",
    load: () =>
      Promise.resolve(() =>
        new Command()
          .description(".hidden and 'quoted'.\n\nC:\\new\nlast-line")
          .option("-f, --force <n:integer>", "How hard", { default: 3 })
          .example("Gently", "tool open |\n  .cat")
      ),
  }],
};

Deno.test("renderManual() documents a command, and escapes what roff would act on", async () => {
  const page = await renderManual(PROGRAM);
  assertStringIncludes(
    page,
    [
      ".SS tool open [options]",
      "\\&.hidden and \\(aqquoted\\(aq.",
      ".PP",
      "C:\\enew",
      ".br",
      "last\\-line",
      ".TP",
      ".B \\-f, \\-\\-force <n>",
      "How hard (default: 3)",
      ".PP",
      ".nf",
      "# Gently",
      "tool open |",
      "  .cat",
      ".fi",
      "",
    ].join("\n"),
  );
});

Deno.test("renderManual() has every topic of the help", async () => {
  // As roff shows it.
  const page = (await renderManual(PROGRAM)).replaceAll("\\-", "-").replaceAll("\\(aq", "'");
  for (const { name, summary } of TOPICS) {
    const title = name.replaceAll("-", " ").toUpperCase();
    assertStringIncludes(page, `.SH ${title}\n${summary}.\n`);
  }
});
