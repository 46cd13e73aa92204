import type { Topic } from "./topic.ts";
import { CONFIGURATION } from "./topics/configuration.ts";
import { KEYS } from "./topics/keys.ts";
import { NETWORKS } from "./topics/networks.ts";
import { OFFLINE_INSTALL } from "./topics/offline_install.ts";
import { SCRIPTING } from "./topics/scripting.ts";
import { SECURITY } from "./topics/security.ts";
import { SESSIONS_AND_OWNERSHIP } from "./topics/sessions_and_ownership.ts";

/** What `limacharlie help` explains beside commands, in the order in which one would ask. */
export const TOPICS: readonly Topic[] = [
  SESSIONS_AND_OWNERSHIP,
  CONFIGURATION,
  KEYS,
  SCRIPTING,
  SECURITY,
  NETWORKS,
  OFFLINE_INSTALL,
];
