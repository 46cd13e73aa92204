import { LINUX_ONLY } from "./client.ts";
import { atMost, megabytes, type Row } from "./report.ts";
import { type Measure, run, type Setting } from "./setting.ts";
import { interleave, median } from "./statistics.ts";

const FEW = 10_000;
const MANY = 1_000_000;
const ROUNDS = 3;
/** What a stream a hundred times as long may take more, in bytes. */
const MOST = 30e6;

/** The most memory that a long stream takes, above that of a short one. */
export const memory: Measure = {
  name: "memory",
  async take(setting) {
    const rows: Row[] = [];
    for (const flags of [[], ["--raw"]]) rows.push(await takeOne(setting, flags));
    return rows;
  },
};

async function takeOne(setting: Setting, flags: readonly string[]): Promise<Row> {
  const row = {
    what: `memory over ${MANY.toLocaleString("en")} frames${flags.map((flag) => `, ${flag}`)}`,
    goal: `≤ ${MOST / 1e6} MB above ${FEW.toLocaleString("en")} frames`,
  };
  if (Deno.build.os !== "linux") return { ...row, figure: LINUX_ONLY, verdict: "unmeasured" };
  const taken = await interleave(ROUNDS, {
    few: () => peak(setting, FEW, flags),
    many: () => peak(setting, MANY, flags),
  });
  const [few, many] = [median(taken.few), median(taken.many)];
  return {
    ...row,
    figure: megabytes(many),
    comparison: `${FEW.toLocaleString("en")} frames ${megabytes(few)}: + ${megabytes(many - few)}`,
    verdict: atMost(many - few, MOST),
  };
}

async function peak(setting: Setting, frames: number, flags: readonly string[]): Promise<number> {
  const { session } = await setting.server.ask<"session">({ type: "session" });
  const command = [...setting.program, "ai", "session", "attach", "--id", session, ...flags];
  const [{ peak }] = await Promise.all([
    run(setting, command, { lines: frames, watchMemory: true }),
    setting.server.ask<"stream">({ type: "stream", session, frames, links: 1 }),
  ]);
  return peak;
}
