import type { Topic } from "../topic.ts";

export const SECURITY: Topic = {
  name: "security",
  summary: "Approvals, secrets, files, and what it cannot do",
  text: `What an agent asks:
  The whole input is shown before you are asked, with control characters
  spelled out. The default is no, and nothing that was typed before the
  question appeared counts. "session" says what it will cover before it is
  given. Input that is too large to be read is denied.

What an agent or a server says:
  Text from outside passes a sanitizer before it reaches the terminal: no
  escape sequence, no hidden or reversed text gets through. With -o json
  nothing is lost: such characters are escaped.

Secrets:
  Keys are asked for without showing them, or read from standard input
  (--api-key-from-stdin, --key-from-stdin). On the command line they are
  accepted with a warning. hive://secret/NAME names one without telling it.
  No secret is printed by --debug or in errors: values are masked by what they
  are, not by where they stand.

Files, all of mode 0600, beside the configuration (~/.limacharlie.d):
  config.yaml            credentials, shared with the Python CLI
  jwt_cache.json         tokens, good for an hour; LC_NO_JWT_CACHE keeps none
  completion_cache.json  what Tab shows: ids, names, first words of prompts
  ai_history             what you typed to agents; LC_NO_HISTORY keeps none
  A configuration that others may read or change is refused, with the command
  that mends it. LC_EPHEMERAL_CREDS=1 reads and writes none of them.

What the executable cannot do:
  It may use the network, files and environment variables. It may not start a
  program or load a library. It calls only what a command needs, looks for no
  updates, and has no telemetry. Tab asks the service for ids, with the
  credentials that the command would use, and waits for it at most a second.
  There is no switch that turns the verification of certificates off.
`,
};
