import { lookUpAiUrl } from "../api/ai_url.ts";
import { checkHeaderText } from "../api/header_text.ts";
import { ClaudeAuth } from "../api/claude_auth.ts";
import { Hive } from "../api/hive.ts";
import { type Hosts, hostsOf } from "../api/hosts.ts";
import { HttpClient } from "../api/http.ts";
import { Identity } from "../api/identity.ts";
import { OrgSessions } from "../api/org_sessions.ts";
import { RequestLog } from "../api/request_log.ts";
import { RestFactory } from "../api/rest.ts";
import { TokenSource } from "../api/token.ts";
import { Usage } from "../api/usage.ts";
import { UserSessions } from "../api/user_sessions.ts";
import { notice } from "../commands/notice.ts";
import { editConfig } from "../config/config_file.ts";
import { type Credentials, resolveCredentials } from "../config/credentials.ts";
import { type ConfigPaths, locateConfig } from "../config/paths.ts";
import type { OAuthTokens } from "../config/section.ts";
import { TokenCache } from "../config/token_cache.ts";
import { sanitize } from "../render/safe_text.ts";
import { Aside } from "./aside.ts";
import type { Deps } from "./deps.ts";
import { CliError, messageOf } from "./errors.ts";
import { ExitCode } from "./exit_codes.ts";

/** What the platform knows of the caller; it needs no AI host. */
export interface Account {
  readonly credentials: Credentials;
  readonly hosts: Hosts;
  /** The caller's JWT. */
  readonly token: TokenSource;
  readonly hive: Hive;
  readonly identity: Identity;
  /** Where debug lines and notices of its requests go. */
  readonly aside: Aside;
}

/** The service, with the caller signed in. */
export interface Service extends Account {
  /** Base URL of the AI sessions, without a slash at its end. */
  readonly aiUrl: string;
  readonly userSessions: UserSessions;
  readonly orgSessions: OrgSessions;
  readonly claudeAuth: ClaudeAuth;
  readonly usage: Usage;
}

/**
 * Resolves the caller's credentials and finds the AI sessions' host. No token is minted before
 * something needs one.
 *
 * @throws {CliError} exit 2 without credentials, exit 4 on an unusable configuration, exit 3 on an
 * unknown organization, exit 6 or 9 when the platform is out of reach
 */
export async function connect(deps: Deps): Promise<Service> {
  const { account, rest } = await open(deps);
  const { credentials, hosts, token } = account;
  const aiUrl = await lookUpAiUrl(rest.open(hosts.api), hosts, credentials.oid, deps.env);
  const asUser = rest.withToken(aiUrl, token);
  const asOrganization = rest.asOrganization(aiUrl, credentials, token);
  return {
    ...account,
    aiUrl,
    userSessions: new UserSessions(asUser),
    orgSessions: new OrgSessions(asOrganization),
    claudeAuth: new ClaudeAuth(asUser, deps.secrets),
    usage: new Usage(asOrganization),
  };
}

/**
 * Resolves the caller's credentials, or takes the given ones, and asks the network nothing.
 *
 * @throws {CliError} exit 2 without credentials, exit 4 on an unusable configuration
 */
export async function openAccount(deps: Deps, given?: Credentials): Promise<Account> {
  return (await open(deps, given)).account;
}

async function open(
  deps: Deps,
  given?: Credentials,
): Promise<{ account: Account; rest: RestFactory }> {
  const { env, clock, network, secrets, signal, flags } = deps;
  const hosts = hostsOf(env);
  const paths = await locateConfig(env);
  const { credentials, noTokenCache } = given === undefined
    ? await resolveCredentials(flags, env, paths)
    : { credentials: given, noTokenCache: false };
  keepSecret(credentials, deps);
  check(credentials);
  const aside = new Aside(deps.terminal.stderr);
  const tell = (text: string) => notice(deps, text, aside);
  const log = new RequestLog(flags, secrets, (text) => aside.write(sanitize(`${text}\n`)));
  log.note(`credentials of ${credentials.source}`);
  const http = new HttpClient({
    network,
    clock,
    log,
    userAgent: `limacharlie-ai/${deps.version} (${Deno.build.os}; ${Deno.build.arch})`,
    notice: tell,
  });
  const rest = new RestFactory(http, signal);
  const token = new TokenSource({
    credentials,
    url: hosts.jwt,
    http,
    cache: new TokenCache(paths, env, clock, noTokenCache),
    clock,
    secrets,
    saveOAuth: (tokens) => saveOAuth(tokens, credentials, paths, tell),
    signal,
  });
  const platform = rest.withToken(hosts.api, token);
  const account = {
    credentials,
    hosts,
    token,
    hive: new Hive(platform, credentials.oid, secrets),
    identity: new Identity(platform),
    aside,
  };
  return { account, rest };
}

function keepSecret({ apiKey, oauth }: Credentials, { env, secrets }: Deps): void {
  secrets.add(env.get("LC_API_KEY"));
  secrets.add(apiKey);
  secrets.add(oauth?.idToken);
  secrets.add(oauth?.refreshToken);
}

/** Refuses credentials that are none, or that cannot be sent. */
function check({ apiKey, oauth, oid, uid, source }: Credentials): void {
  if (apiKey === undefined && oauth === undefined) {
    throw new CliError(`No credentials in ${source}`, {
      exitCode: ExitCode.Auth,
      hint: "Sign in with limacharlie auth login, or set LC_OID and LC_API_KEY",
    });
  }
  if (apiKey !== undefined) checkHeaderText(apiKey, `API key of ${source}`);
  if (oid !== undefined) checkHeaderText(oid, "organization ID");
  if (uid !== undefined) checkHeaderText(uid, "user ID");
}

/** Keeps a refreshed browser sign-in where it came from; the next refresh may need it. */
async function saveOAuth(
  oauth: OAuthTokens,
  { environment }: Credentials,
  paths: ConfigPaths,
  tell: (text: string) => void,
): Promise<void> {
  if (environment === undefined || paths.ephemeral) return;
  try {
    await editConfig(paths, (document) => document.change(environment, { oauth }));
  } catch (error) {
    tell(`Warning: the refreshed sign-in could not be saved: ${messageOf(error)}`);
  }
}
