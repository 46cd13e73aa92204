import type { Topic } from "../topic.ts";

export const SCRIPTING: Topic = {
  name: "scripting",
  summary: "Output, exit codes, and running without a person",
  text: `stdout is data and nothing else; notices and errors go to stderr. On a terminal
the output is a table, elsewhere JSON; -o says which: json, yaml, toon, csv,
table, jsonl. An empty list is a success. A reader that goes away, as head
does, ends the program quietly; output that cannot be written is an error.

  limacharlie ai session list --status running --fields id,name -o jsonl
  limacharlie ai session get --id ID --filter session.status -o json
  limacharlie ai session list --sort-by created_at --reverse -o csv

--filter is JMESPath over the whole output. -q leaves the notices out.

Live streams (ai session attach, ai chat):
  --raw       each frame of the server as one line of JSON, nothing added
  -o jsonl    envelopes {"schema_version":1,"type":…}, always ending in one of
              type "final", with status, reason, exit_code and session_id
  --record F  the whole conversation into a file; ai replay F shows it

Where stdin or stdout is no terminal, nothing waits for a person:
  --once                send the prompt, and end with the agent's turn; with -q
                        nothing but the answer is printed. A turn that somebody
                        breaks off is no success. A prompt that begins with a
                        dash stands behind --
  --on-approval deny    deny what the agent asks to do; or allow:Read,Grep, or
                        fail, which stops with exit code 8
  --answer HEADER=TEXT  answer a question of the agent: an option by its text or
                        its number, several of them with commas, or any words
In a conversation, lines of standard input are prompts and answers. A request
that nobody and nothing can answer ends it with exit code 8.

  limacharlie ai chat --once -q --on-approval deny "summarize today's alerts"

Patterns of --on-approval allow:, with commas between them:
  Read                 every call of this tool; mcp__docs, or mcp__docs__*, is
                       every tool of a server
  Bash(git log *)      a command; * is anything but ; & | \` $ ( ) < > and line
                       ends, so that no other command can follow. With env or
                       another field that changes what it does, it is denied
  Bash(git log:*)      the same, or git log alone: as Claude's settings have it
  Read(/tmp/*)         a file, by file_path or path; never by way of ..
  WebFetch(https://docs.example.com/*)    a URL; in the host, * is no / or @
  WebFetch(domain:docs.example.com)       all of that host
  mcp__case({"id":"*"})    else the input as compact JSON
What no pattern allows is denied. A pattern that is none is an error.

Trying again: ai start-session makes up an idempotency key of its own, so that
a lost answer starts no second session; --idempotent-key gives one.

Exit codes:
  0    done, or detached
  1    anything else
  2    not signed in, or not permitted
  3    not found
  4    wrong usage or input
  5    too many requests
  6    the connection is lost for good
  7    the session failed
  8    nobody was there to decide
  9    timed out
  130  interrupted
With -o json or -o jsonl an error is a JSON object on stderr.

Credentials without a file: LC_OID, LC_API_KEY, and LC_UID for a user's key.
`,
};
