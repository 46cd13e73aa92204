import { TLS_NEED } from "../../tests/support/tls.ts";
import { LINUX_ONLY } from "./client.ts";
import { atMost, megabytes, type Row } from "./report.ts";
import { ServerProcess } from "./server_process.ts";
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
    const what = `memory over ${MANY.toLocaleString("en")} frames`;
    const goal = `≤ ${MOST / 1e6} MB above ${FEW.toLocaleString("en")} frames`;
    const missing = Deno.build.os === "linux" ? TLS_NEED.missing : LINUX_ONLY;
    if (missing !== undefined) return [{ what, goal, figure: missing, verdict: "unmeasured" }];
    const rows: Row[] = [];
    await using server = await ServerProcess.start({ tls: true });
    const overTls = { ...setting, server, env: { ...setting.env, ...server.ready.environment } };
    for (const flags of [[], ["--raw"]]) {
      const { more, ...figures } = await takeOne(overTls, flags);
      const verdict = atMost(more, MOST);
      rows.push({ what: [what, ...flags].join(", "), goal, ...figures, verdict });
    }
    const { figure, comparison } = await takeOne(setting, []);
    rows.push({ what: "the same without TLS", figure, comparison, verdict: "none" });
    return rows;
  },
};

async function takeOne(setting: Setting, flags: readonly string[]) {
  const taken = await interleave(ROUNDS, {
    few: () => peak(setting, FEW, flags),
    many: () => peak(setting, MANY, flags),
  });
  const [few, many] = [median(taken.few), median(taken.many)];
  const more = many - few;
  const comparison = `${FEW.toLocaleString("en")} frames ${megabytes(few)}: + ${megabytes(more)}`;
  return { figure: megabytes(many), comparison, more };
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
