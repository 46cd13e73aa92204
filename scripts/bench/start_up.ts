import { DENO } from "../deno_call.ts";
import { temporaryFolder } from "../../tests/support/home.ts";
import { atMost, milliseconds, type Row, times } from "./report.ts";
import type { Measure, Setting } from "./setting.ts";
import { interleave, median, ratio } from "./statistics.ts";

const ROUNDS = 31;

const GOALS: readonly { readonly flag: string; readonly most: number }[] = [
  { flag: "--version", most: 0.35 },
  { flag: "--help", most: 0.5 },
];

/** From the call to the exit, of a program that has been run before. */
export const startUp: Measure = {
  name: "start-up",
  async take(setting) {
    using folder = temporaryFolder("limacharlie-bench-");
    const empty = await compileEmpty(folder.path);
    const rows: Row[] = [];
    for (const goal of GOALS) rows.push(await takeOne(setting, goal, empty));
    return rows;
  },
};

async function takeOne(
  { program, peer, env }: Setting,
  { flag, most }: typeof GOALS[number],
  empty: string,
): Promise<Row> {
  const timed = (command: readonly string[]) => () =>
    Promise.resolve(timeOnce([...command, flag], env));
  const taken = await interleave(ROUNDS, {
    empty: timed([empty]),
    program: timed(program),
    peer: peer && timed(peer),
  });
  const figure = milliseconds(median(taken.program));
  const floor = `an executable that does nothing: ${milliseconds(median(taken.empty))}`;
  const row = { what: flag, figure, goal: `≤ ${times(most)} the Python CLI` };
  if (peer === undefined) return { ...row, comparison: floor, verdict: "unmeasured" };
  const ofPeer = ratio(taken.program, taken.peer);
  return {
    ...row,
    comparison: `Python CLI ${milliseconds(median(taken.peer))}: ${times(ofPeer)}; ${floor}`,
    verdict: atMost(ofPeer, most),
  };
}

/**
 * Milliseconds from the call of a program to its exit.
 *
 * @throws {Error} where it fails
 */
export function timeOnce(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): number {
  const start = performance.now();
  const { success, stderr } = new Deno.Command(command, {
    args,
    clearEnv: true,
    env: { ...env },
  }).outputSync();
  const taken = performance.now() - start;
  if (!success) throw new Error(`Cannot run ${command}: ${new TextDecoder().decode(stderr)}`);
  return taken;
}

/** What the runtime alone takes. */
async function compileEmpty(folder: string): Promise<string> {
  const source = `${folder}/empty.ts`;
  await Deno.writeTextFile(source, "");
  const { success, stderr } = await new Deno.Command(DENO, {
    args: ["compile", "--quiet", "--no-config", "--output", `${folder}/empty`, source],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return `${folder}/empty`;
}
