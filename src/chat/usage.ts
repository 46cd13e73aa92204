import { type Frame, isObject, type JsonObject } from "../protocol/frames.ts";

/** What a session has taken so far, as far as its frames tell. */
export interface Usage {
  readonly tokens: number;
  /** US dollars; undefined where no frame has told. */
  readonly cost?: number;
}

export const NO_USAGE: Usage = { tokens: 0 };

/**
 * Adds what a frame tells of usage: `usage_delta` has what one call of the model took, `result` the
 * totals so far. Their fields differ between versions, so each is optional.
 */
export function addUsage(usage: Usage, { type, payload }: Frame): Usage {
  if (type === "usage_delta") {
    const cost = costOf(payload);
    return {
      tokens: usage.tokens + tokensOf(payload),
      ...optionalCost(cost === undefined ? usage.cost : (usage.cost ?? 0) + cost),
    };
  }
  if (type === "result") {
    const totals = isObject(payload["usage"]) ? payload["usage"] : payload;
    return {
      tokens: Math.max(usage.tokens, tokensOf(totals)),
      ...optionalCost(costOf(payload) ?? usage.cost),
    };
  }
  return usage;
}

function tokensOf(payload: JsonObject): number {
  const names = [
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
  ];
  return names.reduce((sum, name) => sum + numberOf(payload[name]), 0);
}

function costOf(payload: JsonObject): number | undefined {
  const cost = payload["total_cost_usd"] ?? payload["cost_usd"];
  return typeof cost === "number" ? cost : undefined;
}

function optionalCost(cost: number | undefined): { cost?: number } {
  return cost === undefined ? {} : { cost };
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
