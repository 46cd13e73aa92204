import { usageError } from "../app/errors.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { resolveReferences } from "./secret_references.ts";

export const PERMISSION_MODES = ["acceptEdits", "plan", "bypassPermissions"] as const;

/** The profile fields of a template that are sent as they stand, in the order in which they are. */
const PROFILE_FIELDS = [
  "allowed_tools",
  "denied_tools",
  "permission_mode",
  "model",
  "max_turns",
  "max_budget_usd",
  "task_budget_tokens",
  "ttl_seconds",
  "one_shot",
  "plugins",
] as const;

/** Profile fields that replace the template's; those that are missing change nothing. */
export interface ProfileOverrides {
  readonly allowed_tools?: readonly string[] | undefined;
  readonly denied_tools?: readonly string[] | undefined;
  readonly permission_mode?: string | undefined;
  readonly model?: string | undefined;
  readonly max_turns?: number | undefined;
  readonly max_budget_usd?: number | undefined;
  readonly task_budget_tokens?: number | undefined;
  readonly ttl_seconds?: number | undefined;
  readonly one_shot?: boolean | undefined;
  readonly plugins?: readonly string[] | undefined;
}

type Texts = Readonly<Record<string, string>>;

/** What one start has in place of what its template says. */
export interface TemplateOverrides {
  readonly prompt?: string | undefined;
  readonly name?: string | undefined;
  readonly profile?: ProfileOverrides;
  /** Added to the template's environment; its own keys win. */
  readonly environment?: Texts | undefined;
  /** Replaces the template's provider. */
  readonly provider?: string | undefined;
  /** Replaces the template's credentials, all of them. */
  readonly credentials?: Texts | undefined;
  readonly anthropicKey?: string | undefined;
  readonly lcApiKey?: string | undefined;
  readonly lcUid?: string | undefined;
}

/** What belongs to one start and to no template. */
export interface StartContext {
  /** Sent where it is not empty. */
  readonly idempotentKey: string;
  /** What the session is about, as YAML; it follows the prompt. */
  readonly eventYaml?: string | undefined;
  /** The caller's own API key, for the session where nothing else gives it one. */
  readonly ownApiKey?: string | undefined;
  /** Gives the secret for a reference. */
  readonly resolve: (reference: string) => Promise<string>;
}

/**
 * The request that starts a session from a template (PROTOCOL section 4): overrides applied,
 * references to secrets resolved. Prompt, name and event data are never taken for references:
 * they are written by whom the secrets are not for.
 *
 * @throws {CliError} exit 4 on a template that cannot be one and on a reference without a name;
 * whatever `resolve` throws
 */
export async function buildStartRequest(
  template: JsonObject,
  overrides: TemplateOverrides,
  { idempotentKey, eventYaml, ownApiKey, resolve }: StartContext,
): Promise<JsonObject> {
  const prompt = overrides.prompt || textOf(template, "prompt");
  const name = overrides.name || textOf(template, "name");
  const settings = await resolveReferences(settingsOf(template, overrides), resolve) as Settings;
  const { profile, credentials } = settings;
  return {
    prompt: eventYaml === undefined ? prompt : prompt + eventBlock(eventYaml),
    anthropic_key: settings.anthropicKey,
    trigger_source: "cli",
    ...present("lc_api_key", settings.lcApiKey || ownApiKey),
    ...present("lc_uid", settings.lcUid),
    ...present("provider", settings.provider),
    ...(isEmpty(credentials) ? {} : { credentials }),
    ...present("name", name),
    ...present("idempotent_key", idempotentKey),
    ...(isEmpty(profile) ? {} : { profile }),
  };
}

/** Everything of a request in which references to secrets may stand. */
interface Settings {
  readonly anthropicKey: string;
  readonly lcApiKey: string;
  readonly lcUid: string;
  readonly provider: string;
  readonly credentials: JsonObject;
  readonly profile: JsonObject;
}

function settingsOf(template: JsonObject, overrides: TemplateOverrides): Settings {
  return {
    anthropicKey: overrides.anthropicKey ?? textOf(template, "anthropic_secret"),
    lcApiKey: overrides.lcApiKey ?? textOf(template, "lc_api_key_secret"),
    lcUid: overrides.lcUid ?? textOf(template, "lc_uid_secret"),
    provider: overrides.provider ?? textOf(template, "provider"),
    credentials: overrides.credentials ?? mapOf(template, "credentials"),
    profile: profileOf(template, overrides),
  };
}

function profileOf(
  template: JsonObject,
  { profile = {}, environment = {} }: TemplateOverrides,
): JsonObject {
  const fields = PROFILE_FIELDS.flatMap((field) => {
    if (profile[field] !== undefined) return [[field, profile[field]]];
    return Object.hasOwn(template, field) ? [[field, template[field]]] : [];
  });
  const merged = { ...mapOf(template, "environment"), ...environment };
  const servers = mapOf(template, "mcp_servers");
  return {
    ...Object.fromEntries(fields),
    ...(isEmpty(merged) ? {} : { environment: merged }),
    ...(isEmpty(servers) ? {} : { mcp_servers: servers }),
  };
}

/** The data behind a blank line, in a fence that nothing in them can close. */
function eventBlock(yaml: string): string {
  const runs = yaml.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `\n\nEvent data:\n${fence}yaml\n${yaml.replace(/\n$/, "")}\n${fence}`;
}

function textOf(template: JsonObject, field: string): string {
  const value = template[field] ?? "";
  if (typeof value === "string") return value;
  throw usageError(`Cannot start from the template: its "${field}" is not text`);
}

function mapOf(template: JsonObject, field: string): JsonObject {
  const value = template[field] ?? {};
  if (isObject(value)) return value;
  throw usageError(`Cannot start from the template: its "${field}" is not a map`);
}

function present(field: string, value: string | undefined): JsonObject {
  return value ? { [field]: value } : {};
}

function isEmpty(map: JsonObject): boolean {
  return Object.keys(map).length === 0;
}
