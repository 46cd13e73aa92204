import type { Environment } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";

/** Where the configuration is; the same places as the Python CLI's. */
export interface ConfigPaths {
  /** The YAML file. */
  readonly file: string;
  /** The JSON file of cached tokens. */
  readonly tokenCache: string;
  /** Whether the file's folder is the default one, which holds nothing but our files. */
  readonly inOwnFolder: boolean;
  /**
   * Nothing is read from or written to any of them: LC_EPHEMERAL_CREDS says so, or there is no home
   * folder.
   */
  readonly ephemeral: boolean;
}

/**
 * Finds the configuration file and the token cache, which need not exist.
 *
 * LC_CREDS_FILE, then LC_LEGACY_CONFIG=1, then LC_CONFIG_DIR, then the default folder, then the
 * legacy file if only that one exists.
 *
 * @throws {CliError} when there is no home folder to look in
 */
export async function locateConfig(
  env: Environment,
  os: typeof Deno.build.os = Deno.build.os,
): Promise<ConfigPaths> {
  const ephemeral = Boolean(env.get("LC_EPHEMERAL_CREDS"));
  const file = env.get("LC_CREDS_FILE");
  if (file) return { file, tokenCache: `${file}_jwt_cache`, inOwnFolder: false, ephemeral };

  const join = (folder: string, name: string) =>
    folder.replace(/[\\/]+$/, "") + (os === "windows" ? "\\" : "/") + name;
  const within = (folder: string) => ({
    file: join(folder, "config.yaml"),
    tokenCache: join(folder, "jwt_cache.json"),
  });
  const legacyMode = env.get("LC_LEGACY_CONFIG") === "1";
  const folder = env.get("LC_CONFIG_DIR");
  if (folder && !legacyMode) return { ...within(folder), inOwnFolder: false, ephemeral };

  const home = homeFolder(env, os);
  if (home === undefined) return withoutHome(env, os, ephemeral);
  const legacy = {
    file: join(home, ".limacharlie"),
    tokenCache: join(home, ".limacharlie_jwt_cache"),
  };
  if (legacyMode) return { ...legacy, inOwnFolder: false, ephemeral };

  const appData = os === "windows" ? env.get("APPDATA") : undefined;
  const own = within(appData ? join(appData, "limacharlie") : join(home, ".limacharlie.d"));
  if (ephemeral || await exists(own.file) || !await exists(legacy.file)) {
    return { ...own, inOwnFolder: true, ephemeral };
  }
  return await exists(legacy.tokenCache)
    ? { ...legacy, inOwnFolder: false, ephemeral }
    : { file: legacy.file, tokenCache: own.tokenCache, inOwnFolder: false, ephemeral };
}

function homeVariable(os: typeof Deno.build.os): string {
  return os === "windows" ? "USERPROFILE" : "HOME";
}

function homeFolder(env: Environment, os: typeof Deno.build.os): string | undefined {
  return env.get(homeVariable(os)) || undefined;
}

/** In a container there may be no home folder; with LC_API_KEY nothing is needed from there. */
function withoutHome(
  env: Environment,
  os: typeof Deno.build.os,
  ephemeral: boolean,
): ConfigPaths {
  if (ephemeral || env.get("LC_API_KEY")) {
    return { file: "config.yaml", tokenCache: "", inOwnFolder: false, ephemeral: true };
  }
  throw usageError(
    `Cannot find the configuration: ${homeVariable(os)} is not set`,
    "Name a folder with LC_CONFIG_DIR, or set LC_OID and LC_API_KEY",
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
