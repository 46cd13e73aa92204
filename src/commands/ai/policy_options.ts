/** What decides about the agent's approval requests, as arguments of Cliffy's `option`. */
export const ON_APPROVAL = [
  "--on-approval <decision:string>",
  "Decide without asking: deny, fail (exit 8), or allow:PATTERNS such as allow:Read,Bash(git log *)",
] as const;

/** What answers the agent's questions, as arguments of Cliffy's `option`. */
export const ANSWER = [
  "--answer <pair:string>",
  "Answer a question, as HEADER=VALUE; may be repeated",
  { collect: true },
] as const;
