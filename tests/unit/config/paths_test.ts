import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { locateConfig } from "../../../src/config/paths.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryHome } from "../../support/home.ts";

interface Case {
  readonly name: string;
  readonly env?: Record<string, string>;
  /** What exists, below the home folder. */
  readonly files?: readonly string[];
  readonly file: string;
  readonly tokenCache: string;
  readonly inOwnFolder?: boolean;
}

const NEW = ".limacharlie.d/config.yaml";
const NEW_CACHE = ".limacharlie.d/jwt_cache.json";
const LEGACY = ".limacharlie";
const LEGACY_CACHE = ".limacharlie_jwt_cache";

/** `~/` stands for the home folder. */
const CASES: readonly Case[] = [
  { name: "nothing exists", file: `~/${NEW}`, tokenCache: `~/${NEW_CACHE}`, inOwnFolder: true },
  {
    name: "the new file exists",
    files: [NEW],
    file: `~/${NEW}`,
    tokenCache: `~/${NEW_CACHE}`,
    inOwnFolder: true,
  },
  {
    name: "only the legacy file exists",
    files: [LEGACY],
    file: `~/${LEGACY}`,
    tokenCache: `~/${NEW_CACHE}`,
  },
  {
    name: "the legacy file and its cache exist",
    files: [LEGACY, LEGACY_CACHE],
    file: `~/${LEGACY}`,
    tokenCache: `~/${LEGACY_CACHE}`,
  },
  {
    name: "only the legacy cache exists",
    files: [LEGACY_CACHE],
    file: `~/${NEW}`,
    tokenCache: `~/${NEW_CACHE}`,
    inOwnFolder: true,
  },
  {
    name: "new and legacy files exist",
    files: [NEW, LEGACY, LEGACY_CACHE],
    file: `~/${NEW}`,
    tokenCache: `~/${NEW_CACHE}`,
    inOwnFolder: true,
  },
  {
    name: "LC_LEGACY_CONFIG=1 although the new file exists",
    env: { LC_LEGACY_CONFIG: "1" },
    files: [NEW],
    file: `~/${LEGACY}`,
    tokenCache: `~/${LEGACY_CACHE}`,
  },
  {
    name: "LC_LEGACY_CONFIG is not 1",
    env: { LC_LEGACY_CONFIG: "true" },
    file: `~/${NEW}`,
    tokenCache: `~/${NEW_CACHE}`,
    inOwnFolder: true,
  },
  {
    name: "LC_LEGACY_CONFIG=1 and LC_CONFIG_DIR",
    env: { LC_LEGACY_CONFIG: "1", LC_CONFIG_DIR: "/elsewhere" },
    file: `~/${LEGACY}`,
    tokenCache: `~/${LEGACY_CACHE}`,
  },
  {
    name: "LC_CONFIG_DIR although files exist",
    env: { LC_CONFIG_DIR: "/elsewhere/" },
    files: [NEW, LEGACY],
    file: "/elsewhere/config.yaml",
    tokenCache: "/elsewhere/jwt_cache.json",
  },
  {
    name: "LC_CREDS_FILE and everything else",
    env: { LC_CREDS_FILE: "/creds/mine", LC_LEGACY_CONFIG: "1", LC_CONFIG_DIR: "/elsewhere" },
    files: [NEW, LEGACY],
    file: "/creds/mine",
    tokenCache: "/creds/mine_jwt_cache",
  },
  {
    name: "variables that are empty",
    env: { LC_CREDS_FILE: "", LC_CONFIG_DIR: "", LC_EPHEMERAL_CREDS: "" },
    file: `~/${NEW}`,
    tokenCache: `~/${NEW_CACHE}`,
    inOwnFolder: true,
  },
];

for (const { name, env, files = [], file, tokenCache, inOwnFolder = false } of CASES) {
  Deno.test(`locateConfig() finds the files when ${name}`, async () => {
    using home = temporaryHome();
    for (const each of files) {
      if (each.includes("/")) await Deno.mkdir(home.join(".limacharlie.d"));
      await Deno.writeTextFile(home.join(each), "");
    }
    const inHome = (path: string) => path.replace(/^~/, home.path);
    assertEquals(await locateConfig(fakeEnvironment({ ...home.env, ...env }), "linux"), {
      file: inHome(file),
      tokenCache: inHome(tokenCache),
      inOwnFolder,
      ephemeral: false,
    });
  });
}

Deno.test("locateConfig() uses APPDATA on Windows", async () => {
  const env = fakeEnvironment({
    USERPROFILE: "C:\\Users\\ada",
    APPDATA: "C:\\Users\\ada\\Roaming",
  });
  assertEquals(await locateConfig(env, "windows"), {
    file: "C:\\Users\\ada\\Roaming\\limacharlie\\config.yaml",
    tokenCache: "C:\\Users\\ada\\Roaming\\limacharlie\\jwt_cache.json",
    inOwnFolder: true,
    ephemeral: false,
  });
});

Deno.test("locateConfig() uses the home folder on Windows without APPDATA", async () => {
  const { file } = await locateConfig(
    fakeEnvironment({ USERPROFILE: "C:\\Users\\ada" }),
    "windows",
  );
  assertEquals(file, "C:\\Users\\ada\\.limacharlie.d\\config.yaml");
});

Deno.test("locateConfig() reports LC_EPHEMERAL_CREDS", async () => {
  const env = fakeEnvironment({ HOME: "/home/ada", LC_EPHEMERAL_CREDS: "1" });
  assertEquals((await locateConfig(env)).ephemeral, true);
});

Deno.test("locateConfig() needs a home folder only where it looks there", async () => {
  const error = await assertRejects(() => locateConfig(fakeEnvironment(), "linux"), CliError);
  assertEquals([error.exitCode, error.message], [
    4,
    "Cannot find the configuration: HOME is not set",
  ]);
  const { file } = await locateConfig(fakeEnvironment({ LC_CONFIG_DIR: "/etc/lc" }), "linux");
  assertEquals(file, "/etc/lc/config.yaml");
  for (const name of ["LC_EPHEMERAL_CREDS", "LC_API_KEY"]) {
    assertEquals((await locateConfig(fakeEnvironment({ [name]: "1" }))).ephemeral, true);
  }
});
