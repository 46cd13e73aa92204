import type { JsonObject } from "./frames.ts";

/** How a session ended, from its `session_end` frame or its REST record. */
export interface SessionEnd {
  readonly reason: string;
  readonly exitCode?: number;
}

/** Reasons that say that somebody ended the session, whatever the agent was doing. */
const REQUESTED: ReadonlySet<string> = new Set(["user_requested", "org_api_requested"]);

/** Reasons that are no failure; a reason that is not known here may hide one. */
const GOOD_REASONS: ReadonlySet<string> = new Set(["completed", "job_completed", ...REQUESTED]);

/** Reads a `session_end` payload. */
export function sessionEndOf(payload: JsonObject): SessionEnd {
  const { reason, exit_code: exitCode } = payload;
  return {
    reason: typeof reason === "string" && reason !== "" ? reason : "unknown",
    ...(typeof exitCode === "number" ? { exitCode } : {}),
  };
}

/** Whether a session failed: its exit code says so, or its reason. */
export function hasFailed({ reason, exitCode }: SessionEnd): boolean {
  return (exitCode !== undefined && exitCode !== 0) || !GOOD_REASONS.has(reason);
}

/** Whether somebody ended a session, rather than its agent. */
export function wasRequested({ reason }: SessionEnd): boolean {
  return REQUESTED.has(reason);
}
