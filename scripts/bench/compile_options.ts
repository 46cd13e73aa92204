import { temporaryFolder } from "../../tests/support/home.ts";
import { buildExecutable, COMPILE_OPTIONS } from "../executable.ts";
import { megabytes, milliseconds, type Row, times } from "./report.ts";
import type { Measure } from "./setting.ts";
import { timeOnce } from "./start_up.ts";
import { interleave, median, ratio } from "./statistics.ts";

const ROUNDS = 11;

/** Starts the program, and loads its commands. */
const COMMAND = "--help";

/** Other ways to compile the program than that of a release, and their options. */
const WAYS: readonly { readonly what: string; readonly options: readonly string[] }[] = [
  { what: "--bundle", options: [...COMPILE_OPTIONS, "--bundle"] },
  { what: "--bundle --minify", options: [...COMPILE_OPTIONS, "--bundle", "--minify"] },
  {
    what: "a code cache",
    options: COMPILE_OPTIONS.filter((option) => option !== "--no-code-cache"),
  },
];

/** What the compiler's options do to the start and the size of the executable. */
export const compileOptions: Measure = {
  name: "compile-options",
  async take({ program: [released = ""], env }) {
    using folder = temporaryFolder("limacharlie-bench-");
    // Where a code cache is written.
    const place = { ...env, TMPDIR: folder.path };
    const timed = (executable: string) => () =>
      Promise.resolve(timeOnce([executable, COMMAND], place));
    const rows: Row[] = [];
    for (const { what, options } of WAYS) {
      const other = folder.join("limacharlie");
      await buildExecutable(Deno.build.target, other, options);
      const taken = await interleave(ROUNDS, { released: timed(released), other: timed(other) });
      rows.push({
        what: `${COMMAND}, compiled with ${what}`,
        figure: `${milliseconds(median(taken.other))}, ${await sizeOf(other)}`,
        comparison: `as released ${milliseconds(median(taken.released))}: ` +
          `${times(ratio(taken.other, taken.released))}, ${await sizeOf(released)}`,
        verdict: "none",
      });
    }
    return rows;
  },
};

async function sizeOf(executable: string): Promise<string> {
  return megabytes((await Deno.stat(executable)).size);
}
