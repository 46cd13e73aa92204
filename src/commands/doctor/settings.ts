import { type Hosts, hostsOf } from "../../api/hosts.ts";
import type { Deps, Environment } from "../../app/deps.ts";
import { readConfig } from "../../config/config_file.ts";
import { type Credentials, resolveCredentials } from "../../config/credentials.ts";
import { type ConfigPaths, locateConfig } from "../../config/paths.ts";
import { authorityStores, readAuthorities } from "../../net/authorities.ts";
import { unreadableExceptions } from "../../net/route.ts";
import { failure, type Finding, ok, thrown, warning } from "./finding.ts";

/** What the settings come to, as far as they can be used. */
export interface Settings {
  readonly hosts?: Hosts;
  readonly credentials?: Credentials;
  /** Certificate authorities of files, as PEM; undefined where one cannot be used. */
  readonly caCerts?: readonly string[];
}

/** Variables that change what the program does, and that nothing else here speaks of. */
const SWITCHES = [
  ...["LC_ALLOW_HTTP", "LC_EPHEMERAL_CREDS", "LC_NO_JWT_CACHE", "LC_LEGACY_CONFIG"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR"],
];

/** Checks what is configured, and tells where each value came from. */
export async function* examineSettings(deps: Deps): AsyncGenerator<Finding, Settings> {
  const { env, flags } = deps;
  const credentials = yield* examineCredentials(deps);
  const hosts = yield* examineHosts(env);
  let caCerts: readonly string[] | undefined;
  try {
    const stores = authorityStores(env);
    const files = readAuthorities(env, flags.caFile);
    const extra = env.get("NODE_EXTRA_CA_CERTS");
    caCerts = files.map(({ pem }) => pem);
    yield ok(
      "certificate authorities",
      [
        `${stores.join(" and ")} (${
          env.get("DENO_TLS_CA_STORE") ? "DENO_TLS_CA_STORE" : "default"
        })`,
        ...files.map(({ path, source, count }) => `${count} in ${path} (${source})`),
        // The runtime reads that one, and says nothing where it cannot.
        ...(extra ? [`those in ${extra} (NODE_EXTRA_CA_CERTS)`] : []),
      ].join(", "),
    );
  } catch (error) {
    yield thrown("certificate authorities", error, "Correct the setting");
  }
  const unreadable = unreadableExceptions(env);
  if (unreadable.length > 0) {
    const listed = unreadable.map((entry) => `"${withoutLogin(entry)}"`).join(", ");
    yield warning("NO_PROXY", `${listed} stands for no host`, "Correct or remove it");
  }
  const set = SWITCHES.filter((name) => env.get(name));
  if (set.length > 0) yield ok("other variables", `${set.join(", ")} ${are(set)} set`);
  const keyLog = env.get("SSLKEYLOGFILE");
  if (keyLog) {
    yield warning(
      "key log",
      `the keys of every connection are written to ${keyLog} (SSLKEYLOGFILE)`,
      "Unset SSLKEYLOGFILE: who reads that file can read what is sent",
    );
  }
  return {
    ...(hosts === undefined ? {} : { hosts }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(caCerts === undefined ? {} : { caCerts }),
  };
}

async function* examineCredentials(
  { env, flags, secrets }: Deps,
): AsyncGenerator<Finding, Credentials | undefined> {
  let credentials: Credentials;
  try {
    const paths = await locateConfig(env);
    yield ok("configuration", await describeFile(paths, env));
    ({ credentials } = await resolveCredentials(flags, env, paths));
  } catch (error) {
    yield thrown("configuration", error, "Correct or remove the file");
    return undefined;
  }
  const { apiKey, oauth, oid, uid, source } = credentials;
  secrets.add(apiKey);
  secrets.add(oauth?.idToken);
  secrets.add(oauth?.refreshToken);
  // With --env, or with a key of the environment's own, the file's values are its own.
  const origin = (name: string) => env.get(name) && flags.env === undefined ? name : source;
  if (apiKey === undefined && oauth === undefined) {
    yield failure(
      "sign-in",
      `there is neither an API key nor a browser sign-in in ${source}`,
      "Sign in with limacharlie auth login, or set LC_OID and LC_API_KEY",
    );
    return undefined;
  }
  yield ok(
    "sign-in",
    oauth !== undefined
      ? `browser sign-in (${source})`
      : `${uid === undefined ? "API key of an organization" : "API key of a user"} (${source})`,
  );
  yield oid === undefined
    ? warning(
      "organization",
      "none is chosen",
      "Name one with --oid or LC_OID, or keep one with limacharlie auth use-org OID",
    )
    : ok("organization", `${oid} (${flags.oid === undefined ? origin("LC_OID") : "--oid"})`);
  if (uid !== undefined) yield ok("user", `${uid} (${origin("LC_UID")})`);
  return credentials;
}

async function describeFile(paths: ConfigPaths, env: Environment): Promise<string> {
  if (paths.ephemeral) return "no file is read or written (LC_EPHEMERAL_CREDS)";
  const named = ["LC_CREDS_FILE", "LC_LEGACY_CONFIG", "LC_CONFIG_DIR"].find((name) =>
    env.get(name)
  );
  const where = `${paths.file} (${named ?? "default place"})`;
  return await readConfig(paths) === undefined ? `there is no ${where}` : where;
}

function* examineHosts(env: Environment): Generator<Finding, Hosts | undefined> {
  try {
    const hosts = hostsOf(env);
    const origin = (name: string) => env.get(name) ? name : "default";
    yield ok("platform API", `${hosts.api} (${origin("LC_API_URL")})`);
    yield ok("token service", `${hosts.jwt} (${origin("LC_JWT_URL")})`);
    return hosts;
  } catch (error) {
    yield thrown("addresses", error, "Correct the variable");
    return undefined;
  }
}

/** What may be a URL, without the user and password in it. */
function withoutLogin(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/, "$1[masked]@");
}

function are(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}
