import type { Candidate } from "./candidate.ts";
import type { SourceName } from "./sources.ts";

/** What the value of an option, or an argument, may be. */
export type ValueKind =
  /** Anything: there is nothing to complete. */
  | { readonly kind: "text" }
  | { readonly kind: "files" }
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "source"; readonly source: SourceName }
  /** Items of a kind, separated by commas; after a prefix, where there has to be one. */
  | { readonly kind: "list"; readonly items: ValueKind; readonly prefix?: Candidate }
  | { readonly kind: "any"; readonly of: readonly ValueKind[] };

const TEXT: ValueKind = { kind: "text" };
const FILES: ValueKind = { kind: "files" };
const TOOLS: ValueKind = { kind: "list", items: source("tools") };
const PERMISSION_MODES = words({
  acceptEdits: "Edits need no approval, other tools do",
  plan: "Look and plan; change nothing",
  bypassPermissions: "Nothing needs an approval",
});
const PROVIDERS = words({ anthropic: "Claude", openai: "", google: "Gemini", openrouter: "" });
const PLUGINS = words({
  "lc-essentials": "",
  "lc-advanced-skills": "",
  "lc-fundamentals": "",
  "lc-compliance": "",
});
const ON_APPROVAL: ValueKind = {
  kind: "any",
  of: [
    words({ deny: "Deny every request", fail: "Stop with exit code 8" }),
    {
      kind: "list",
      prefix: { value: "allow:", description: "Allow what matches, deny the rest" },
      items: source("tool_names"),
    },
  ],
};

/**
 * What can be completed, by the words of a command and one of its flags, or the number of one of its
 * arguments; where it is the same for every command, by a flag alone, or by what help calls the value.
 * Values that a command itself checks are completed without, and here where they need explaining.
 */
export const VALUES: Readonly<Record<string, ValueKind>> = {
  "<file>": FILES,
  "--oid": source("organizations"),
  "--env": source("environments"),
  "--model": source("models"),
  "--permission-mode": PERMISSION_MODES,
  "--allowed-tools": TOOLS,
  "--denied-tools": TOOLS,
  "--plugin": PLUGINS,
  "--on-approval": ON_APPROVAL,
  "ai replay 1": FILES,
  "--id": source("sessions"),
  "ai session get --id": source("org_sessions"),
  "ai session history --id": source("org_sessions"),
  "ai session terminate --id": source("active_org_sessions"),
  "ai session wait --until": words({
    idle: "The agent has nothing to do",
    ended: "The session has ended",
    approval: "A request or a question waits for an answer",
  }),
  "ai chats get --id": source("user_sessions"),
  "ai chats history --id": source("user_sessions"),
  "ai chats terminate --id": source("active_user_sessions"),
  "ai start-session --definition": source("templates"),
  "ai start-session --env": TEXT,
  "ai start-session --provider": PROVIDERS,
  "ai usage get --identity": source("identities"),
  "auth whoami --check-perm": words({
    "ai_agent.get": "Watch sessions of the organization",
    "ai_agent.operate": "",
    "ai_agent.set": "",
  }),
  "auth use-env 1": source("environments"),
  "auth use-org 1": source("organizations"),
};

/**
 * What the value of a flag or an argument of a command may be.
 *
 * @param name of the flag, or the number of the argument
 * @param valueName what help calls the value
 */
export function valueKind(command: string, name: string, valueName = ""): ValueKind {
  return VALUES[`${command} ${name}`] ?? VALUES[name] ?? VALUES[`<${valueName}>`] ?? TEXT;
}

function source(name: SourceName): ValueKind {
  return { kind: "source", source: name };
}

/** @param described words and what they mean, if that needs saying */
function words(described: Readonly<Record<string, string>>): ValueKind {
  return {
    kind: "words",
    words: Object.entries(described).map(([value, description]) => ({ value, description })),
  };
}
