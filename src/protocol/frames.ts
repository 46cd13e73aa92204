/**
 * The WebSocket's frames, both ways. The vendor's ai-sessions protocol documents one JSON object a
 * frame; every field but `type` is treated as optional here, because servers of several versions run.
 */

import { ExactNumber } from "./exact_json.ts";

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/** One message of the server. */
export interface Frame {
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly session_id?: string;
  readonly payload: JsonObject;
}

/** States of a session. */
export const SESSION_STATUSES = ["starting", "running", "ended"] as const;
export type SessionStatus = typeof SESSION_STATUSES[number];

/** How far an approval reaches. */
export type ApprovalScope = "once" | "session";

/** One message of the client. */
export type ClientMessage =
  | { readonly type: "prompt"; readonly payload: { readonly text: string } }
  | { readonly type: "interrupt" }
  | { readonly type: "heartbeat" }
  | { readonly type: "tool_approval_response"; readonly payload: ToolApprovalResponse }
  | { readonly type: "ask_user_question_response"; readonly payload: AskUserQuestionResponse };

export interface ToolApprovalResponse {
  readonly tool_use_id: string;
  readonly approved: boolean;
  readonly approval_scope: ApprovalScope;
  readonly approval_pattern?: string;
  readonly updated_input?: unknown;
  readonly message?: string;
}

export interface AskUserQuestionResponse {
  readonly question_id: string;
  /** The answer to each question, by its header. */
  readonly answers: { readonly [header: string]: string };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof ExactNumber);
}

/** A field of an object's own: every object has a `constructor` that is none. */
export function ownField<T>(
  object: { readonly [name: string]: T },
  name: string,
): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether an object is a frame as it stands, as nearly all are. */
function isFrame(value: JsonObject): value is JsonObject & Frame {
  return isObject(value["payload"]) && isOptionalString(value["timestamp"]) &&
    isOptionalString(value["session_id"]);
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

/**
 * Reads a parsed JSON value as a frame.
 *
 * @returns undefined where it is none
 */
export function toFrame(value: unknown): Frame | undefined {
  if (!isObject(value) || typeof value["type"] !== "string") return undefined;
  if (isFrame(value)) return value;
  const { timestamp, session_id, payload } = value;
  return {
    type: value["type"],
    ...(typeof timestamp === "string" ? { timestamp } : {}),
    ...(typeof session_id === "string" ? { session_id } : {}),
    payload: isObject(payload) ? payload : {},
  };
}

/** The frames of a `history` frame or of a history answer. */
export function historyOf(payload: JsonObject): Frame[] {
  const messages = payload["messages"];
  if (!Array.isArray(messages)) return [];
  return messages.map(toFrame).filter((frame) => frame !== undefined);
}
