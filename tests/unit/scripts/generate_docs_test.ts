import { Command } from "@cliffy/command";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkPages, renderPage, writePages } from "../../../scripts/generate_docs.ts";
import type { CommandNode } from "../../../src/app/command_tree.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { GLOBAL_FLAGS } from "../../../src/app/global_flags.ts";
import { temporaryFolder } from "../../support/home.ts";

/** A program with one command. */
const PROGRAM: CommandNode = {
  name: "tool",
  summary: "A tool for tests",
  children: [{
    name: "box",
    summary: "Boxes",
    children: [{
      name: "open",
      summary: "Open a <box>",
      load: () =>
        Promise.resolve(() =>
          new Command()
            .description("Open a *box*.\n\nFirst line\nsecond line")
            .arguments("<name:string>")
            .option("-f, --force <n:integer>", "How hard | how long", { default: 3 })
            .option("--id <id:string>", "Which", { required: true })
            .example("Gently", "tool box open --id 1 x |\n  cat")
        ),
    }],
  }],
};

Deno.test("renderPage() documents a command: usage, options, defaults, examples", async () => {
  const page = await renderPage(PROGRAM);
  assertStringIncludes(page, "| [`tool box open`](#tool-box-open) | Open a \\<box> |");
  assertEquals(
    page.slice(page.indexOf("## tool box open")),
    [
      "## tool box open",
      "Open a \\*box\\*.",
      "First line\\\nsecond line",
      "```text\ntool box open --id <id> [options] <name>\n```",
      "| Option | Description |\n| --- | --- |\n" +
      "| `-f, --force <n>` | How hard \\| how long (default: 3) |\n" +
      "| `--id <id>` | Which (required) |",
      "```sh\n# Gently\ntool box open --id 1 x |\n  cat\n```",
    ].join("\n\n") + "\n",
  );
});

Deno.test("renderPage() documents every global option and exit code", async () => {
  const page = await renderPage(PROGRAM);
  for (const { name } of GLOBAL_FLAGS) assertStringIncludes(page, `--${name}`);
  for (const code of Object.values(ExitCode)) assertStringIncludes(page, `\n| ${code} | `);
});

Deno.test("checkPages() complains of pages that are missing or stale", async () => {
  using folder = temporaryFolder();
  const problems = async () => (await checkPages(folder.path)).map((line) => line.split(":")[0]);
  assertEquals(await problems(), ["docs/cli.md is missing", "docs/limacharlie.1 is missing"]);
  await writePages(folder.path);
  assertEquals(await problems(), []);
  await Deno.writeTextFile(folder.join("docs", "cli.md"), "old");
  assertEquals(await problems(), ["docs/cli.md is not what the program's commands say"]);
});
