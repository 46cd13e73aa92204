import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import {
  type CredentialFlags,
  type Credentials,
  resolveCredentials,
} from "../../../src/config/credentials.ts";
import type { ConfigPaths } from "../../../src/config/paths.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";

const TOP = "oid: o-top\napi_key: k-top\nuid: u-top\n";
const ENVIRONMENTS = `env:
  prod: {oid: o-prod, api_key: k-prod}
  staging: {oid: o-staging, api_key: k-staging, uid: u-staging}
  browser: {oid: o-browser, oauth: {id_token: i, refresh_token: r, expires_at: 7}}
  both: {oid: o-both, api_key: k-both, oauth: {id_token: i, refresh_token: r, expires_at: 7}}
`;

interface Case {
  readonly name: string;
  readonly file?: string;
  readonly env?: Record<string, string>;
  readonly flags?: CredentialFlags;
  /** `FILE` in the source stands for the file's path. */
  readonly expected: Credentials;
}

const oauth = { idToken: "i", refreshToken: "r", expiresAt: 7 };
const TOP_CREDENTIALS = { oid: "o-top", apiKey: "k-top", uid: "u-top" };
const PROD = {
  oid: "o-prod",
  apiKey: "k-prod",
  source: 'environment "prod" of FILE',
  environment: "prod",
};
const STAGING = {
  oid: "o-staging",
  apiKey: "k-staging",
  uid: "u-staging",
  source: 'environment "staging" of FILE',
  environment: "staging",
};

const CASES: readonly Case[] = [
  {
    name: "nothing at all",
    expected: { source: "FILE", environment: "default" },
  },
  {
    name: "the top level",
    file: TOP + ENVIRONMENTS,
    expected: { ...TOP_CREDENTIALS, source: "FILE", environment: "default" },
  },
  {
    name: "current_env over the top level",
    file: `${TOP}${ENVIRONMENTS}current_env: prod\n`,
    expected: PROD,
  },
  {
    name: "current_env: default",
    file: `${TOP}${ENVIRONMENTS}current_env: default\n`,
    expected: { ...TOP_CREDENTIALS, source: "FILE", environment: "default" },
  },
  {
    name: "LC_CURRENT_ENV over current_env",
    file: `${TOP}${ENVIRONMENTS}current_env: prod\n`,
    env: { LC_CURRENT_ENV: "staging" },
    expected: STAGING,
  },
  {
    name: "LC_CURRENT_ENV=default over current_env",
    file: `${TOP}${ENVIRONMENTS}current_env: prod\n`,
    env: { LC_CURRENT_ENV: "default" },
    expected: { ...TOP_CREDENTIALS, source: "FILE", environment: "default" },
  },
  {
    name: "--env over LC_CURRENT_ENV",
    file: TOP + ENVIRONMENTS,
    env: { LC_CURRENT_ENV: "staging" },
    flags: { env: "prod" },
    expected: PROD,
  },
  {
    name: "--env default over LC_CURRENT_ENV and current_env",
    file: `${TOP}${ENVIRONMENTS}current_env: prod\n`,
    env: { LC_CURRENT_ENV: "staging" },
    flags: { env: "default" },
    expected: { ...TOP_CREDENTIALS, source: "FILE", environment: "default" },
  },
  {
    name: "--env over LC_API_KEY, LC_OID and LC_UID",
    file: TOP + ENVIRONMENTS,
    env: { LC_API_KEY: "k-var", LC_OID: "o-var", LC_UID: "u-var" },
    flags: { env: "prod" },
    expected: PROD,
  },
  {
    name: "LC_API_KEY over the file, of which nothing is left",
    file: TOP + ENVIRONMENTS,
    env: { LC_API_KEY: "k-var" },
    expected: { apiKey: "k-var", source: "LC_API_KEY" },
  },
  {
    name: "LC_API_KEY over LC_CURRENT_ENV",
    file: TOP + ENVIRONMENTS,
    env: { LC_API_KEY: "k-var", LC_OID: "o-var", LC_CURRENT_ENV: "staging" },
    expected: { apiKey: "k-var", oid: "o-var", source: "LC_API_KEY" },
  },
  {
    name: "LC_API_KEY with LC_OID and LC_UID",
    env: { LC_API_KEY: "k-var", LC_OID: "o-var", LC_UID: "u-var" },
    expected: { apiKey: "k-var", oid: "o-var", uid: "u-var", source: "LC_API_KEY" },
  },
  {
    name: "LC_API_KEY drops a browser sign-in",
    file: `${ENVIRONMENTS}current_env: browser\n`,
    env: { LC_API_KEY: "k-var" },
    expected: { apiKey: "k-var", source: "LC_API_KEY" },
  },
  {
    name: "LC_OID and LC_UID override the file",
    file: TOP,
    env: { LC_OID: "o-var", LC_UID: "u-var" },
    expected: {
      oid: "o-var",
      apiKey: "k-top",
      uid: "u-var",
      source: "FILE",
      environment: "default",
    },
  },
  {
    name: "LC_OID overrides the environment in use",
    file: `${ENVIRONMENTS}current_env: prod\n`,
    env: { LC_OID: "o-var" },
    expected: { ...PROD, oid: "o-var" },
  },
  {
    name: "--oid over LC_OID and the file",
    file: TOP,
    env: { LC_OID: "o-var" },
    flags: { oid: "o-flag" },
    expected: { ...TOP_CREDENTIALS, oid: "o-flag", source: "FILE", environment: "default" },
  },
  {
    name: "--oid over LC_OID beside LC_API_KEY",
    env: { LC_API_KEY: "k-var", LC_OID: "o-var" },
    flags: { oid: "o-flag" },
    expected: { apiKey: "k-var", oid: "o-flag", source: "LC_API_KEY" },
  },
  {
    name: "--oid over that of --env",
    file: TOP + ENVIRONMENTS,
    flags: { oid: "o-flag", env: "staging" },
    expected: { ...STAGING, oid: "o-flag" },
  },
  {
    name: "a browser sign-in",
    file: `${ENVIRONMENTS}current_env: browser\n`,
    expected: {
      oid: "o-browser",
      oauth,
      source: 'environment "browser" of FILE',
      environment: "browser",
    },
  },
  {
    name: "a browser sign-in beside an API key",
    file: ENVIRONMENTS,
    flags: { env: "both" },
    expected: {
      oid: "o-both",
      apiKey: "k-both",
      oauth,
      source: 'environment "both" of FILE',
      environment: "both",
    },
  },
  {
    name: "empty variables as none",
    file: TOP,
    env: { LC_API_KEY: "", LC_OID: "", LC_UID: " ", LC_CURRENT_ENV: "" },
    expected: { ...TOP_CREDENTIALS, source: "FILE", environment: "default" },
  },
  {
    name: "variables without the line break at their end",
    env: { LC_API_KEY: "k-var\n", LC_OID: "o-var\n" },
    expected: { apiKey: "k-var", oid: "o-var", source: "LC_API_KEY" },
  },
];

function pathsIn(folder: { join(name: string): string }, ephemeral = false): ConfigPaths {
  return {
    file: folder.join("config.yaml"),
    tokenCache: folder.join("jwt_cache.json"),
    inOwnFolder: true,
    ephemeral,
  };
}

for (const { name, file, env, flags = {}, expected } of CASES) {
  Deno.test(`resolveCredentials() takes ${name}`, async () => {
    using folder = temporaryFolder();
    const paths = pathsIn(folder);
    if (file !== undefined) await Deno.writeTextFile(paths.file, file, { mode: 0o600 });
    const { credentials } = await resolveCredentials(flags, fakeEnvironment(env), paths);
    assertEquals(credentials, {
      ...expected,
      source: expected.source.replace("FILE", paths.file),
    });
  });
}

Deno.test("resolveCredentials() looks at no file with LC_EPHEMERAL_CREDS", async () => {
  using folder = temporaryFolder();
  const paths = pathsIn(folder, true);
  await Deno.writeTextFile(paths.file, "not: [yaml", { mode: 0o644 });
  const env = fakeEnvironment({ LC_OID: "o-var" });
  assertEquals(await resolveCredentials({}, env, paths), {
    credentials: { oid: "o-var", source: "the environment variables", environment: "default" },
    noTokenCache: false,
  });
});

Deno.test("resolveCredentials() names the environments where one is missing", async () => {
  using folder = temporaryFolder();
  const paths = pathsIn(folder);
  const missing: readonly [string, CredentialFlags, Record<string, string>][] = [
    [TOP + ENVIRONMENTS, { env: "nope" }, {}],
    [TOP + ENVIRONMENTS, {}, { LC_CURRENT_ENV: "nope" }],
    [`${TOP}${ENVIRONMENTS}current_env: nope\n`, {}, {}],
  ];
  for (const [file, flags, env] of missing) {
    await Deno.writeTextFile(paths.file, file, { mode: 0o600 });
    const error = await assertRejects(
      () => resolveCredentials(flags, fakeEnvironment(env), paths),
      CliError,
    );
    assertEquals([error.exitCode, error.message, error.hint], [
      4,
      `No environment "nope" in "${paths.file}"`,
      "It has default, prod, staging, browser, both",
    ]);
  }
});

Deno.test("resolveCredentials() reports no_jwt_cache, with whichever credentials", async () => {
  using folder = temporaryFolder();
  const paths = pathsIn(folder);
  await Deno.writeTextFile(paths.file, `${TOP}no_jwt_cache: true\n`, { mode: 0o600 });
  for (const env of [{}, { LC_API_KEY: "k-var" }]) {
    const { noTokenCache } = await resolveCredentials({}, fakeEnvironment(env), paths);
    assertEquals(noTokenCache, true);
  }
});

Deno.test("resolveCredentials() needs no usable file with LC_API_KEY, and keeps no tokens then", async () => {
  using folder = temporaryFolder();
  const paths = pathsIn(folder);
  const env = fakeEnvironment({ LC_API_KEY: "k-var" });
  const expected = {
    credentials: { apiKey: "k-var", source: "LC_API_KEY" },
    noTokenCache: true,
  };
  await Deno.writeTextFile(paths.file, "oid: [", { mode: 0o600 });
  assertEquals(await resolveCredentials({}, env, paths), expected);
  await Deno.writeTextFile(paths.file, TOP);
  await Deno.chmod(paths.file, 0o644);
  assertEquals(await resolveCredentials({}, env, paths), expected);
  await assertRejects(() => resolveCredentials({ env: "prod" }, env, paths), CliError);
});
