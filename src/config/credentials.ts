import type { Environment } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";
import type { ConfigDocument } from "./config_document.ts";
import { readConfig } from "./config_file.ts";
import type { ConfigPaths } from "./paths.ts";
import { DEFAULT_ENVIRONMENT, type OAuthTokens, type Section } from "./section.ts";

/** Who the caller is, and how that is proved. */
export interface Credentials {
  /** The organization. */
  readonly oid?: string;
  /** The user that a user API key belongs to. */
  readonly uid?: string;
  readonly apiKey?: string;
  /** From signing in by browser. It goes before an API key where a token is wanted. */
  readonly oauth?: OAuthTokens;
  /** Where they came from, for people. */
  readonly source: string;
  /** The environment of the configuration file that they came from, if it was that. */
  readonly environment?: string;
}

/** What chooses credentials on the command line. */
export interface CredentialFlags {
  readonly oid?: string;
  readonly env?: string;
}

/** Credentials, and what else the configuration file says. */
export interface Resolved {
  readonly credentials: Credentials;
  readonly noTokenCache: boolean;
}

/**
 * Resolves the credentials; the first of these that is there wins: the environment named by
 * `--env`, `LC_API_KEY` (with `LC_OID` and `LC_UID`), the environment named by `LC_CURRENT_ENV` or
 * by the file's `current_env`, the file's top level. `LC_OID` and `LC_UID` override those of the
 * last two; `--oid` overrides them all. An empty variable counts as none.
 *
 * @throws {CliError} (exit 4) on an unusable file or an environment that it doesn't have
 */
export async function resolveCredentials(
  flags: CredentialFlags,
  env: Environment,
  paths: ConfigPaths,
): Promise<Resolved> {
  const variable = (name: string) => env.get(name)?.trim() || undefined;
  const resolved = (section: Section, source: string, environment?: string) =>
    withoutUndefined({ ...section, oid: flags.oid ?? section.oid, source, environment });
  const apiKey = variable("LC_API_KEY");
  const oid = variable("LC_OID");
  const uid = variable("LC_UID");
  if (flags.env === undefined && apiKey !== undefined) {
    return {
      credentials: resolved(withoutUndefined({ oid, uid, apiKey }), "LC_API_KEY"),
      // The file is not needed. Where it cannot be read, it may say that tokens are not to be kept.
      noTokenCache: await readConfig(paths).then(keepsNoTokens).catch(() => true),
    };
  }
  const config = await readConfig(paths);
  const name = flags.env ?? variable("LC_CURRENT_ENV") ?? config?.currentEnvironment ??
    DEFAULT_ENVIRONMENT;
  const section = config?.section(name);
  if (section === undefined && name !== DEFAULT_ENVIRONMENT) {
    throw unknownEnvironment(name, config?.environments ?? [], paths);
  }
  const file = paths.ephemeral ? "the environment variables" : paths.file;
  const source = name === DEFAULT_ENVIRONMENT ? file : `environment "${name}" of ${file}`;
  const overrides = flags.env === undefined ? withoutUndefined({ oid, uid }) : {};
  return {
    credentials: resolved({ ...section, ...overrides }, source, name),
    noTokenCache: keepsNoTokens(config),
  };
}

function keepsNoTokens(config: ConfigDocument | undefined): boolean {
  return config?.noTokenCache ?? false;
}

/** The error for an environment that the configuration file doesn't have. */
export function unknownEnvironment(
  name: string,
  known: readonly string[],
  paths: ConfigPaths,
) {
  if (paths.ephemeral) {
    return usageError(
      `Cannot use environment "${name}" while LC_EPHEMERAL_CREDS is set`,
      "Use LC_OID and LC_API_KEY instead, or unset LC_EPHEMERAL_CREDS",
    );
  }
  return usageError(
    `No environment "${name}" in "${paths.file}"`,
    known.length > 0
      ? `It has ${known.join(", ")}`
      : `Make it with limacharlie auth login --env NAME --oid OID`,
  );
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Leaves out what is undefined, as exact optional properties want it. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined),
  ) as Defined<T>;
}
