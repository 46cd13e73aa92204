/** Who is signed in, as `limacharlie` alone tells them. */
export interface SignedIn {
  /** The organization that commands work in; undefined until one is chosen. */
  readonly oid?: string | undefined;
  /** The environment of the configuration file, unless it is the default one. */
  readonly environment?: string | undefined;
}

const TITLE = "LimaCharlie's AI sessions, in your terminal.";

const TRY = `Try it, with nothing to set up:
  limacharlie demo`;

const SIGN_IN = `Sign in, once:
  limacharlie auth login --oid OID --uid UID     asks for your API key
  limacharlie ai auth claude login               what your chats are billed to`;

const WORK = `Watch, and talk:
  limacharlie ai session list --status running
  limacharlie ai session attach                  choose one, and watch it live
  limacharlie ai chat "what happened on WS-ACCT-22?"
  limacharlie ai chats list                      sessions that you have started`;

const BEFORE_CHATS = `Before your first chat, once:
  limacharlie ai auth claude login               what your chats are billed to`;

const COMPLETE = `Complete commands, flags and ids with Tab:
  limacharlie completions install`;

const READ_ON = `Find out more:
  limacharlie --help                             every command
  limacharlie help COMMAND                       flags and examples of one
  limacharlie help                               topics, such as scripting
  limacharlie doctor                             what is wrong here`;

/**
 * What `limacharlie` alone prints: what to do first, and where to read on.
 *
 * @param signedIn undefined where nobody is
 */
export function firstSteps(signedIn?: SignedIn): string {
  const sections = signedIn === undefined
    ? [TITLE, TRY, SIGN_IN, WORK, COMPLETE, READ_ON]
    : [TITLE, describe(signedIn), WORK, BEFORE_CHATS, COMPLETE, READ_ON];
  return `${sections.join("\n\n")}\n`;
}

function describe({ oid, environment }: SignedIn): string {
  const where = environment === undefined ? "" : ` (environment "${environment}")`;
  return oid === undefined
    ? `You are signed in${where}. Choose an organization:
  limacharlie auth use-org OID`
    : `You are signed in${where}, in organization
  ${oid}`;
}
