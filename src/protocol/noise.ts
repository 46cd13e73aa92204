import type { Frame } from "./frames.ts";
import { resultSummary, textOf } from "./content.ts";

/** Frame types that are plumbing. */
const NOISY_TYPES: ReadonlySet<string> = new Set([
  "session_status",
  "usage_delta",
  "sdk_session_id",
]);

/** Subtypes of `system` by which the session's runner says what it has just set up. */
const NOISY_SYSTEM_SUBTYPES: ReadonlySet<string> = new Set([
  "credential_diagnostics",
  "init_received",
  "claude_md_loaded",
  "claude_md_error",
  "user_mcp_servers_loaded",
  "mcp_config_debug",
  "mcp_servers_loaded",
  "mcp_servers_set",
  "oid_added_to_system_prompt",
  "ttl_added_to_system_prompt",
  "unknown_plugin",
  "plugins_resolved",
  "autoinit_loaded",
  "autoinit_error",
  "resuming_sdk_session",
  "model_set",
  "max_turns_set",
  "max_budget_set",
  "task_budget_set",
  "one_shot_mode_set",
  "permission_mode_set",
  "tools_configured",
  "system_prompt_set",
  "sdk_session_id",
  "session_patterns_loaded",
  "hook_started",
  "hook_response",
  "hook_matched",
]);

/** Whether a frame is plumbing, or has nothing to show, and is left out unless all is asked for. */
export function isNoise({ type, payload }: Frame): boolean {
  if (NOISY_TYPES.has(type)) return true;
  switch (type) {
    case "system":
      return typeof payload["subtype"] === "string" &&
        NOISY_SYSTEM_SUBTYPES.has(payload["subtype"]);
    case "assistant":
    case "user":
      return textOf(payload) === "";
    case "result":
      return resultSummary(payload) === "";
    default:
      return false;
  }
}
