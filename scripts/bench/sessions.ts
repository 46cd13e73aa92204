import { LINUX_ONLY } from "./client.ts";
import { atMost, megabytes, milliseconds, type Row, times } from "./report.ts";
import { type Measure, run, type Setting } from "./setting.ts";
import { interleave, median, ratio } from "./statistics.ts";

const LISTED = 10_000;
const KEPT = 100_000;
const LIST_ROUNDS = 5;
const MEMORY_ROUNDS = 3;
/** What ten times as many sessions may take more, in bytes. */
const MOST = 30e6;

/** Lists of sessions, in pages of 50. */
export const sessions: Measure = {
  name: "sessions",
  async take(setting) {
    await setting.server.ask<"sessions">({ type: "sessions", count: LISTED });
    const list = await takeList(setting);
    await setting.server.ask<"sessions">({ type: "sessions", count: KEPT - LISTED });
    return [list, await takeMemory(setting)];
  },
};

async function takeList(setting: Setting): Promise<Row> {
  const { program, peer } = setting;
  const words = ["ai", "session", "list", "--output", "json"];
  const timed = (command: readonly string[]) => async () => {
    const start = Date.now();
    return (await run(setting, [...command, ...words], { lines: LISTED })).lastAt - start;
  };
  const taken = await interleave(LIST_ROUNDS, {
    program: timed(program),
    peer: peer && timed(peer),
  });
  const row = {
    what: `session list of ${LISTED.toLocaleString("en")} in 200 pages`,
    figure: milliseconds(median(taken.program)),
    goal: `≤ ${times(0.7)} the Python CLI`,
  };
  if (peer === undefined) return { ...row, verdict: "unmeasured" };
  const ofPeer = ratio(taken.program, taken.peer);
  return {
    ...row,
    comparison: `Python CLI ${milliseconds(median(taken.peer))}: ${times(ofPeer)}`,
    verdict: atMost(ofPeer, 0.7),
  };
}

async function takeMemory(setting: Setting): Promise<Row> {
  const row = {
    what: `memory over ${KEPT.toLocaleString("en")} sessions, -o jsonl`,
    goal: `≤ ${MOST / 1e6} MB above ${LISTED.toLocaleString("en")} sessions`,
  };
  if (Deno.build.os !== "linux") return { ...row, figure: LINUX_ONLY, verdict: "unmeasured" };
  const peak = (limit: number) => async () => {
    const words = ["ai", "session", "list", "--output", "jsonl", "--limit", String(limit)];
    const command = [...setting.program, ...words];
    return (await run(setting, command, { lines: limit, watchMemory: true })).peak;
  };
  const taken = await interleave(MEMORY_ROUNDS, { few: peak(LISTED), many: peak(KEPT) });
  const [few, many] = [median(taken.few), median(taken.many)];
  return {
    ...row,
    figure: megabytes(many),
    comparison: `${LISTED.toLocaleString("en")} sessions ${megabytes(few)}: ` +
      `+ ${megabytes(many - few)}`,
    verdict: atMost(many - few, MOST),
  };
}
