import { parseExactJson } from "../protocol/exact_json.ts";
import { type ClientMessage, isObject, type JsonObject } from "../protocol/frames.ts";

/** What is wrong with a client's message. */
export interface Problem {
  readonly problem: string;
}

/** Reads a message of a client, strictly but for unknown fields, which servers ignore. */
export function parseClientMessage(data: string | Uint8Array): ClientMessage | Problem {
  let message: unknown;
  try {
    message = parseExactJson(typeof data === "string" ? data : new TextDecoder().decode(data));
  } catch {
    return { problem: "message is not JSON" };
  }
  if (!isObject(message) || typeof message["type"] !== "string") {
    return { problem: "message is not an object with a type" };
  }
  const payload = isObject(message["payload"]) ? message["payload"] : {};
  switch (message["type"]) {
    case "heartbeat":
      return { type: "heartbeat" };
    case "interrupt":
      return { type: "interrupt" };
    case "prompt":
      return prompt(payload);
    case "tool_approval_response":
      return toolApprovalResponse(payload);
    case "ask_user_question_response":
      return askUserQuestionResponse(payload);
    default:
      return { problem: `unknown message type "${message["type"]}"` };
  }
}

function prompt({ text }: JsonObject): ClientMessage | Problem {
  if (typeof text !== "string" || text.trim() === "") return { problem: "prompt has no text" };
  return { type: "prompt", payload: { text } };
}

function toolApprovalResponse(payload: JsonObject): ClientMessage | Problem {
  const { tool_use_id, approved, approval_scope, approval_pattern, message } = payload;
  if (typeof tool_use_id !== "string") return { problem: "tool_use_id is not a string" };
  if (typeof approved !== "boolean") return { problem: "approved is not a boolean" };
  if (approval_scope !== "once" && approval_scope !== "session") {
    return { problem: 'approval_scope is neither "once" nor "session"' };
  }
  if (approval_pattern !== undefined && typeof approval_pattern !== "string") {
    return { problem: "approval_pattern is not a string" };
  }
  if (message !== undefined && typeof message !== "string") {
    return { problem: "message is not a string" };
  }
  const updated = payload["updated_input"];
  if (updated !== undefined && !isObject(updated)) {
    return { problem: "updated_input is not an object" };
  }
  return {
    type: "tool_approval_response",
    payload: {
      tool_use_id,
      approved,
      approval_scope,
      ...(approval_pattern === undefined ? {} : { approval_pattern }),
      ...(updated === undefined ? {} : { updated_input: updated }),
      ...(message === undefined ? {} : { message }),
    },
  };
}

function askUserQuestionResponse({ question_id, answers }: JsonObject): ClientMessage | Problem {
  if (typeof question_id !== "string") return { problem: "question_id is not a string" };
  if (!isObject(answers)) return { problem: "answers is not an object" };
  const texts: Record<string, string> = {};
  for (const [header, answer] of Object.entries(answers)) {
    if (typeof answer !== "string") return { problem: `answer to "${header}" is not a string` };
    texts[header] = answer;
  }
  return { type: "ask_user_question_response", payload: { question_id, answers: texts } };
}
