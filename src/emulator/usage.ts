/** Tokens and money of one identity in one hour. */
export interface UsagePoint {
  /** Beginning of the hour, ISO 8601. */
  readonly hour: string;
  readonly model: string;
  readonly sessions: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

function hour(time: string, sessions: number, input: number, output: number): UsagePoint {
  const cost = (input * 3 + output * 15) / 1_000_000;
  return {
    hour: `2026-08-03T${time}:00Z`,
    model: "claude-sonnet-4-6",
    sessions,
    input_tokens: input,
    output_tokens: output,
    cost_usd: Number(cost.toFixed(4)),
  };
}

/** By the name of the API key that the sessions ran with. */
const USAGE: Readonly<Record<string, readonly UsagePoint[]>> = {
  "soc-automation": [
    hour("08:00", 3, 48_210, 6_120),
    hour("09:00", 5, 91_004, 11_873),
    hour("10:00", 1, 12_400, 1_950),
  ],
  "night shift/tier 1": [hour("02:00", 2, 20_118, 2_904)],
  "wallboard": [],
};

export const USAGE_IDENTITIES: readonly string[] = Object.keys(USAGE);

export function findUsage(identity: string): readonly UsagePoint[] | undefined {
  return Object.hasOwn(USAGE, identity) ? USAGE[identity] : undefined;
}
