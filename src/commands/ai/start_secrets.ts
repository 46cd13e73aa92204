import { isSecretReference } from "../../api/secret_references.ts";
import type { TemplateOverrides } from "../../api/session_template.ts";
import type { Deps, Secrets } from "../../app/deps.ts";
import { isObject, type JsonObject } from "../../protocol/frames.ts";
import { notice } from "../notice.ts";
import type { StartSessionOptions } from "./start_values.ts";

/** A template's own settings are masked from this length on: shorter ones are `info` and `true`. */
const SHORTEST_SETTING = 8;

/** Has what the flags hold masked; of pairs their values, of what is no pair all of it. */
export function maskValues(options: StartSessionOptions, secrets: Secrets): void {
  const { env = [], credential = [], anthropicKey = "", lcApiKey = "" } = options;
  const pairs = [...env, ...credential].map((pair) => pair.slice(pair.indexOf("=") + 1));
  for (const value of [...pairs, anthropicKey, lcApiKey]) {
    // A reference is no secret, and errors have to name it.
    if (!isSecretReference(value)) secrets.add(value);
  }
}

/** Has everything in a request masked that may be a secret, wherever it came from. */
export function maskRequest(body: JsonObject, secrets: Secrets): void {
  const { anthropic_key, lc_api_key, credentials, profile } = body;
  const { environment, mcp_servers } = isObject(profile) ? profile : {};
  for (const value of textsIn([anthropic_key, lc_api_key, credentials])) secrets.add(value);
  const servers = isObject(mcp_servers) ? Object.values(mcp_servers).filter(isObject) : [];
  const settings = servers.flatMap(({ headers, env }) => [headers, env]);
  for (const value of textsIn([environment, settings])) {
    if (value.length >= SHORTEST_SETTING) secrets.add(value);
  }
}

/** Warns of secrets that stand on the command line. */
export function warnOfLiterals(overrides: TemplateOverrides, deps: Deps): void {
  const { anthropicKey, lcApiKey, credentials = {} } = overrides;
  const flags = Object.entries({
    "--anthropic-key": [anthropicKey],
    "--lc-api-key": [lcApiKey],
    "--credential": Object.entries(credentials)
      .filter(([key]) => /key|secret|token|password|json/i.test(key)).map(([, value]) => value),
  }).flatMap(([flag, values]) =>
    values.some((value) => value && !isSecretReference(value)) ? [flag] : []
  );
  if (flags.length === 0) return;
  notice(
    deps,
    `Warning: ${
      flags.join(", ")
    } on the command line can be read by whoever lists processes, and ` +
      "stays in the shell's history; hive://secret/NAME keeps it out",
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
