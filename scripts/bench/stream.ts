import { join } from "node:path";
import { DENO, DEPENDENCY_OPTIONS, ROOT } from "../deno_call.ts";
import { atLeast, perSecond, type Row, times } from "./report.ts";
import { run, type Setting } from "./setting.ts";
import type { Measure } from "./setting.ts";
import { interleave, median, ratio } from "./statistics.ts";
import { inTerminal, terminalNeed } from "./pseudo_terminal.ts";

const FRAMES = 200_000;
/** The Python CLI opens a link that it never reads, then another. */
const PEER_LINKS = 2;
const ROUNDS = 5;

const BARE_READER = join(ROOT, "scripts/bench/bare_reader.ts");

/** Frames a second, from the first that is sent to the end of the program that reads them. */
export const stream: Measure = {
  name: "stream",
  async take(setting) {
    const { program, peer } = setting;
    const attach = ["ai", "session", "attach", "--id"];
    const noTerminal = terminalNeed();
    const taken = await interleave(ROUNDS, {
      bare: rate(setting, (session) => bareReader(setting, session)),
      raw: rate(setting, (session) => [...program, ...attach, session, "--raw"]),
      rendered: rate(setting, (session) => [...program, ...attach, session]),
      terminal: noTerminal === undefined
        ? rate(setting, (session) => inTerminal([...program, ...attach, session]))
        : undefined,
      peer: peer && rate(setting, (session) => [...peer, ...attach, session], PEER_LINKS),
    });
    const ofBare = (rates: readonly number[]) => {
      const of = ratio(rates, taken.bare);
      return { of, text: `bare reader ${perSecond(median(taken.bare))}: ${times(of)}` };
    };
    const rendered = ofBare(taken.rendered);
    const raw = ofBare(taken.raw);
    const frames = `${FRAMES.toLocaleString("en")} frames`;
    const rows: Row[] = [
      {
        what: `${frames} to a pipe, rendered`,
        figure: perSecond(median(taken.rendered)),
        comparison: rendered.text,
        goal: `≥ ${times(0.6)} the bare reader`,
        verdict: atLeast(rendered.of, 0.6),
      },
      peerRow(taken.rendered, taken.peer),
      {
        what: `${frames} to a pipe, --raw`,
        figure: perSecond(median(taken.raw)),
        comparison: raw.text,
        goal: `≥ ${times(0.8)} the bare reader`,
        verdict: atLeast(raw.of, 0.8),
      },
      {
        what: `${frames} to a terminal`,
        figure: noTerminal ?? perSecond(median(taken.terminal)),
        ...(noTerminal === undefined
          ? { comparison: ofBare(taken.terminal).text, verdict: "none" }
          : { verdict: "unmeasured" }),
      },
    ];
    return rows;
  },
};

function peerRow(rendered: readonly number[], peer: readonly number[]): Row {
  const row = {
    what: "the same",
    figure: perSecond(median(rendered)),
    goal: "≥ 5 × the Python CLI",
  };
  if (peer.length === 0) return { ...row, verdict: "unmeasured" };
  const ofPeer = ratio(rendered, peer);
  return {
    ...row,
    comparison: `Python CLI ${perSecond(median(peer))}: ${times(ofPeer)}`,
    verdict: atLeast(ofPeer, 5),
  };
}

/** Takes the rate at which a client reads a session; the bare reader alone prints no frame. */
function rate(
  setting: Setting,
  command: (session: string) => readonly string[],
  links = 1,
): () => Promise<number> {
  return async () => {
    const { session } = await setting.server.ask<"session">({ type: "session" });
    const words = command(session);
    const lines = words.includes(BARE_READER) ? 1 : FRAMES;
    const [{ lastAt }, { startedAt }] = await Promise.all([
      run(setting, words, { lines }),
      setting.server.ask<"stream">({ type: "stream", session, frames: FRAMES, links }),
    ]);
    return FRAMES / (lastAt - startedAt) * 1000;
  };
}

function bareReader({ server: { ready: { url, token } } }: Setting, session: string): string[] {
  return [
    DENO,
    "run",
    "--quiet",
    "--allow-net",
    ...DEPENDENCY_OPTIONS,
    BARE_READER,
    `${url.replace(/^http/, "ws")}/v1/ws/sessions/${session}`,
    token,
    String(FRAMES),
  ];
}
