import type { PERMISSION_MODES, TemplateOverrides } from "../../api/session_template.ts";
import { usageError } from "../../app/errors.ts";
import { toYaml } from "../../render/yaml.ts";
import { parseObject, parsePairs, splitList } from "../parse_values.ts";

/** The flags of `ai start-session`. */
export interface StartSessionOptions {
  readonly definition: string;
  readonly prompt?: string | undefined;
  readonly name?: string | undefined;
  readonly idempotentKey?: string | undefined;
  readonly data?: string | undefined;
  readonly model?: string | undefined;
  readonly maxTurns?: number | undefined;
  readonly maxBudgetUsd?: number | undefined;
  readonly taskBudgetTokens?: number | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly oneShot?: boolean | undefined;
  readonly permissionMode?: typeof PERMISSION_MODES[number] | undefined;
  readonly allowedTools?: string | undefined;
  readonly deniedTools?: string | undefined;
  readonly plugin?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly anthropicKey?: string | undefined;
  readonly lcApiKey?: string | undefined;
  readonly lcUid?: string | undefined;
  readonly provider?: string | undefined;
  readonly credential?: readonly string[] | undefined;
  readonly attach?: true | undefined;
}

const TEMPLATES = "hive://ai_agent/";

/**
 * The name of the template that `--definition` gives.
 *
 * @throws {CliError} (exit 4) where it gives none, or a record of another hive
 */
export function templateNameOf(definition: string): string {
  const name = definition.startsWith(TEMPLATES) ? definition.slice(TEMPLATES.length) : definition;
  const hint = `Write --definition NAME or --definition ${TEMPLATES}NAME`;
  if (name === "") throw usageError("--definition names no template", hint);
  if (name.startsWith("hive://")) {
    throw usageError(`--definition "${definition}" is no record of the hive ai_agent`, hint);
  }
  return name;
}

/** What the flags say in place of the template; an empty list is one that was given. */
export function overridesOf(options: StartSessionOptions): TemplateOverrides {
  const { env, credential } = options;
  return {
    prompt: options.prompt,
    name: options.name,
    profile: {
      allowed_tools: splitList(options.allowedTools),
      denied_tools: splitList(options.deniedTools),
      permission_mode: options.permissionMode,
      model: options.model,
      max_turns: options.maxTurns,
      max_budget_usd: options.maxBudgetUsd,
      task_budget_tokens: options.taskBudgetTokens,
      ttl_seconds: options.ttlSeconds,
      one_shot: options.oneShot,
      plugins: options.plugin?.filter((name) => name !== ""),
    },
    environment: env === undefined ? undefined : parsePairs("--env", env),
    provider: options.provider,
    credentials: credential === undefined ? undefined : parsePairs("--credential", credential),
    anthropicKey: options.anthropicKey,
    lcApiKey: options.lcApiKey,
    lcUid: options.lcUid,
  };
}

/** The event data as YAML; none for an empty object, as in the Python CLI. */
export function eventYamlOf(data: string | undefined): string | undefined {
  if (data === undefined) return undefined;
  const event = parseObject("--data", data);
  return Object.keys(event).length === 0 ? undefined : toYaml(event);
}
