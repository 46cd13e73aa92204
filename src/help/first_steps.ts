/** What `limacharlie` alone prints: what to do first, and where to read on. */
export const FIRST_STEPS = `LimaCharlie's AI sessions, in your terminal.

Try it, with nothing to set up:
  limacharlie demo

Sign in, once:
  limacharlie auth login --oid OID --uid UID     asks for your API key
  limacharlie ai auth claude login               what your chats are billed to

Watch, and talk:
  limacharlie ai session list --status running
  limacharlie ai session attach                  choose one, and watch it live
  limacharlie ai chat "what happened on WS-ACCT-22?"
  limacharlie ai chats list                      sessions that you have started

Complete commands, flags and ids with Tab:
  limacharlie completions install

Find out more:
  limacharlie --help                             every command
  limacharlie help COMMAND                       flags and examples of one
  limacharlie help                               topics, such as scripting
  limacharlie doctor                             what is wrong here
`;
