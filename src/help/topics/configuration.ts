import type { Topic } from "../topic.ts";

export const CONFIGURATION: Topic = {
  name: "configuration",
  summary: "Organizations and environments, files, variables",
  text: `The configuration file is the one of the Python CLI. auth login writes it, for
your eyes only; what else it holds is kept. Beside the credentials at its top,
which are the environment default, it may hold others by name:
  limacharlie auth login --env staging --oid OID     save them
  limacharlie auth list-envs                         which there are
  limacharlie auth use-env staging                   from now on
  limacharlie ai session list --env staging          this once

One key may be good for several organizations:
  limacharlie auth use-org OID                       from now on
  limacharlie ai session list --oid OID              this once

Which credentials count, the first that is there:
  1. those of --env NAME
  2. LC_API_KEY, with LC_OID, and LC_UID for a user's key
  3. those of the environment that LC_CURRENT_ENV or auth use-env names
  4. those at the top of the file
LC_OID and LC_UID also replace what 3 and 4 say; --oid goes before everything.
limacharlie auth whoami tells who you are then.

Where the file is, the first that is there:
  LC_CREDS_FILE          this file
  LC_LEGACY_CONFIG=1     ~/.limacharlie
  LC_CONFIG_DIR          config.yaml in this folder
  ~/.limacharlie.d       config.yaml; on Windows in %APPDATA%\\limacharlie
  ~/.limacharlie         where only this one exists

What else is set by variables:
  LC_EPHEMERAL_CREDS     read nothing from, and write nothing to, these files
  LC_NO_JWT_CACHE        keep no tokens
  LC_NO_HISTORY          keep nothing of what was typed
  NO_COLOR, ACCESSIBLE   plain lines that are only appended; TERM=dumb as well
Those for hosts, proxies and certificates: limacharlie help networks
`,
};
