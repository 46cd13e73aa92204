import { safeText } from "../render/safe_text.ts";

/** What an operator can answer to an approval request. */
export type ApprovalAnswer =
  | "once"
  | "session"
  | "deny"
  | "reason"
  | "edit"
  | "pattern"
  | "later"
  | "more"
  | "help";

const ANSWERS: ReadonlyMap<string, ApprovalAnswer> = new Map([
  ["", "deny"],
  ["n", "deny"],
  ["no", "deny"],
  ["y", "once"],
  ["yes", "once"],
  ["s", "session"],
  ["session", "session"],
  ["r", "reason"],
  ["reason", "reason"],
  ["e", "edit"],
  ["edit", "edit"],
  ["p", "pattern"],
  ["pattern", "pattern"],
  ["m", "more"],
  ["more", "more"],
  ["l", "later"],
  ["later", "later"],
  ["?", "help"],
]);

/** The answers for which the input must have been read. */
const ALLOWING: ReadonlySet<ApprovalAnswer> = new Set(["once", "session", "edit", "pattern"]);

export const APPROVAL_HELP = safeText`  y        allow this one call
  n        deny it (the default)
  session  allow every later call of this tool, too
  reason   deny it, and tell the agent why
  edit     change the input, then allow it
  pattern  allow every later call whose input matches a pattern
  more     show the input again
  later    put it off, to talk with the agent first
`;

/** Reads what was typed; undefined where it is no answer. */
export function readApprovalAnswer(words: string): ApprovalAnswer | undefined {
  return ANSWERS.get(words.trim().toLowerCase());
}

/** Whether an answer leads to the call being allowed. */
export function leadsToYes(answer: ApprovalAnswer): boolean {
  return ALLOWING.has(answer);
}

/** Whether a sure yes was typed. */
export function isYes(words: string | undefined): boolean {
  return /^y(es)?$/i.test(words?.trim() ?? "");
}
