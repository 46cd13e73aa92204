import type { Topic } from "../topic.ts";

export const SESSIONS_AND_OWNERSHIP: Topic = {
  name: "sessions-and-ownership",
  summary: "Whose a session is, and what you can do with it",
  text: `There are two families of AI sessions. They see nothing of each other.

                   of the organization         of your own
  start            ai start-session, rules     ai chat
  list, show       ai session list, get        ai chats list, get
  read             ai session history          ai chats history
  end              ai session terminate        ai chats terminate
  watch            ai session attach           ai session attach
  talk             never                       ai session attach --interactive
  who may see it   who has ai_agent.get        you alone
  billed to        the key in its template     your Claude credential

A session of the organization comes from a template: a record of the hive
ai_agent. Flags of ai start-session replace the template's values for one run.

A session of your own needs a Claude credential that is stored for you, once:
  limacharlie ai auth claude login      with a Claude subscription
  limacharlie ai auth claude set-key    with an Anthropic API key

ai session attach takes an id of either family. It asks for the session as one
of your own first, then as one of the organization; what it finds decides
whether you can talk, and it says so. --read-only skips the first.

Leaving a session (Ctrl-D, Ctrl-C twice, /quit) never ends it. The last line
says how to come back. What ends it: the agent's own end, a limit such as
--max-turns or --max-budget-usd, or terminate.

In a conversation the agent asks before it uses a tool that needs approval. You
see the whole input first; where it is longer than the screen, Space, b, arrows,
g and G move in it, and it can be allowed only when its end was shown. Then:
  y        allow this call
  session  allow every call of this tool
  pattern  allow those that match
  reason   deny it, and say why
  edit     change the input first
  later    talk with the agent first
Enter, Ctrl-C and Ctrl-D mean no. What was typed before does not count.

An approval or a question that nobody answers within 5 minutes makes the
session fail; that is the service's rule. limacharlie help scripting tells how
to answer without a person.
`,
};
