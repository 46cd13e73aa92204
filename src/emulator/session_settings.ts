import type { JsonObject } from "../protocol/frames.ts";
import { choice, flag, list, number, text } from "./request_body.ts";

const PERMISSION_MODES = ["acceptEdits", "plan", "bypassPermissions"] as const;
export type PermissionMode = typeof PERMISSION_MODES[number];

const PROVIDERS = ["anthropic", "openai", "google", "openrouter"];

/** What a session may do, and for how long. */
export interface SessionSettings {
  readonly name?: string;
  readonly model: string;
  readonly provider: string;
  readonly maxTurns?: number;
  readonly maxBudgetUsd?: number;
  readonly ttlSeconds?: number;
  readonly oneShot: boolean;
  readonly permissionMode: PermissionMode;
  readonly allowedTools: readonly string[];
  readonly deniedTools: readonly string[];
  /** What the agent begins with by itself: sessions started from a template. */
  readonly prompt?: string;
  readonly triggerSource?: string;
}

/** The profile that a new user has: reads files, and asks before anything else. */
const DEFAULT_ALLOWED_TOOLS = [
  "Read",
  ..."cat head tail less grep sed awk jq ls find wc".split(" ").map((name) => `Bash(${name}:*)`),
];

/**
 * Reads the profile fields of a request body; unknown ones are ignored, as the service does.
 *
 * @throws {HttpError} 400 that names the field
 */
export function readSettings(body: JsonObject, oneShotByDefault: boolean): SessionSettings {
  const model = text(body, "model");
  const provider = choice(body, "provider", PROVIDERS) ?? "anthropic";
  const name = text(body, "name");
  const maxTurns = number(body, "max_turns", Number.isSafeInteger);
  const maxBudgetUsd = number(body, "max_budget_usd", Number.isFinite);
  const ttlSeconds = number(body, "ttl_seconds", Number.isSafeInteger);
  number(body, "task_budget_tokens", Number.isSafeInteger);
  list(body, "plugins");
  return {
    model: model ?? "claude-sonnet-4-6",
    provider,
    oneShot: flag(body, "one_shot") ?? oneShotByDefault,
    permissionMode: choice(body, "permission_mode", PERMISSION_MODES) ?? "acceptEdits",
    allowedTools: list(body, "allowed_tools") ?? DEFAULT_ALLOWED_TOOLS,
    deniedTools: list(body, "denied_tools") ?? [],
    ...(name === undefined ? {} : { name }),
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxBudgetUsd === undefined ? {} : { maxBudgetUsd }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
}
