import type { Sessions } from "../api/sessions.ts";
import type { Clock, Environment, Service } from "../app/deps.ts";
import { readConfig } from "../config/config_file.ts";
import type { CredentialFlags, Credentials } from "../config/credentials.ts";
import { locateConfig } from "../config/paths.ts";
import type { JsonObject, SessionStatus } from "../protocol/frames.ts";
import { CompletionCache, type Entry, isRecent, type Resource } from "./cache.ts";
import type { Candidate } from "./candidate.ts";
import {
  ACTIVE,
  cachedSession,
  describeSession,
  MOST_SESSIONS,
  newestFirst,
} from "./session_candidates.ts";

/** Where values come from that depend on who asks. */
export type SourceName =
  | "environments"
  | "organizations"
  | "sessions"
  | "org_sessions"
  | "active_org_sessions"
  | "user_sessions"
  | "active_user_sessions"
  | "templates"
  | "identities"
  | "models"
  /** Tools, and patterns of calls such as `Bash(ls:*)`, as agents are allowed them. */
  | "tools"
  | "tool_names";

export interface SourcesOptions {
  readonly env: Environment;
  readonly clock: Clock;
  /** What the line says about who asks. */
  readonly asker: CredentialFlags;
  /** Signs in; every call of the service ends with the signal. */
  readonly connect: (signal: AbortSignal) => Promise<Service>;
}

/** The service is not asked again within so many milliseconds, whether it answered or not. */
export const FRESH_MILLISECONDS = 10_000;

/** What the service said longer ago is no help any more. */
const OLDEST_MILLISECONDS = 24 * 3_600_000;

/** So long a person waits at most for the service to answer, in milliseconds. */
export const PATIENCE_MILLISECONDS = 700;

/** And so long for what was begun to end: files that are being written. */
const SETTLE_MILLISECONDS = 50;

/** Models that templates and documentation name, beside those of sessions. */
const MODELS: readonly Candidate[] = [
  { value: "claude-opus-4-6" },
  { value: "claude-sonnet-4-6" },
  { value: "claude-sonnet-4-5" },
  { value: "claude-haiku-4-5" },
];

/** The tools that agents have, beside those of the servers that are connected to them. */
const TOOLS: readonly Candidate[] = [
  { value: "Bash", description: "Run a shell command" },
  { value: "Read", description: "Read a file" },
  { value: "Write", description: "Create or overwrite a file" },
  { value: "Edit", description: "Change a file" },
  { value: "Glob", description: "Find files by name" },
  { value: "Grep", description: "Search in files" },
  { value: "WebFetch", description: "Fetch a URL" },
  { value: "WebSearch", description: "Search the web" },
  { value: "Task", description: "Start a subagent" },
  { value: "TodoWrite", description: "Keep a list of tasks" },
  { value: "AskUserQuestion", description: "Ask the person" },
];

/** Values that depend on who asks: from the configuration file, the cache and the service. */
export class Sources {
  readonly #options: SourcesOptions;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  /** The candidates of a source. Where they cannot be had, there are none: nothing is thrown. */
  async get(name: SourceName): Promise<readonly Candidate[]> {
    try {
      return await this.#find(name);
    } catch {
      // Who presses Tab has asked for no error: running the command will tell.
      return [];
    }
  }

  async #find(name: SourceName): Promise<readonly Candidate[]> {
    switch (name) {
      case "environments":
        return await this.#environments();
      case "organizations":
        return await this.#organizations();
      case "sessions":
        return this.#describe(await this.#items("org_sessions", "user_sessions"));
      case "org_sessions":
        return this.#describe(await this.#items("org_sessions"));
      case "user_sessions":
        return this.#describe(await this.#items("user_sessions"));
      case "active_org_sessions":
        return this.#describe(await this.#active(name, "org_sessions"));
      case "active_user_sessions":
        return this.#describe(await this.#active(name, "user_sessions"));
      case "templates":
      case "identities":
        return (await this.#items(name)).map(({ name }) => ({ value: String(name) }));
      case "models":
        return withSeen(MODELS, (await this.#cached()).map(({ model }) => model));
      case "tools":
        return await this.#tools();
      case "tool_names":
        return (await this.#tools()).filter(({ value }) => !value.includes("("));
    }
  }

  async #environments(): Promise<Candidate[]> {
    const config = await readConfig(await locateConfig(this.#options.env));
    return (config?.environments ?? []).map((name) => {
      const oid = config?.section(name)?.oid;
      return { value: name, ...(oid === undefined ? {} : { description: oid }) };
    });
  }

  async #organizations(): Promise<Candidate[]> {
    return (await this.#environments())
      .flatMap(({ value, description }) =>
        description === undefined ? [] : [{ value: description, description: value }]
      );
  }

  async #tools(): Promise<Candidate[]> {
    return withSeen(TOOLS, (await this.#cached()).flatMap(({ tools }) => tools));
  }

  #describe(sessions: readonly JsonObject[]): Candidate[] {
    const now = this.#options.clock.now();
    return newestFirst(sessions).map((session) => describeSession(session, now));
  }

  /** Active sessions, from what was answered last: to this question, or to that for all of them. */
  async #active(active: Resource, all: Resource): Promise<JsonObject[]> {
    const items = await this.#items(active);
    const { cache } = await this.#open();
    const known = await cache.read();
    const listed = known[all];
    return (listed?.answeredAt ?? 0) > (known[active]?.answeredAt ?? 0)
      ? this.#itemsOf(listed).filter(isActive)
      : items;
  }

  /** The sessions that were seen last, of both families; the service is not asked. */
  async #cached(): Promise<JsonObject[]> {
    const { cache } = await this.#open();
    const { org_sessions, user_sessions } = await cache.read();
    return [org_sessions, user_sessions].flatMap((entry) => this.#itemsOf(entry));
  }

  /** What the service says, or where it cannot be asked in time, what it said last. */
  async #items(...resources: readonly Resource[]): Promise<JsonObject[]> {
    const { cache, credentials } = await this.#open();
    if (credentials.apiKey === undefined && credentials.oauth === undefined) return [];
    const known = await cache.read();
    const { clock } = this.#options;
    const old = resources.filter((each) =>
      !isRecent(known[each]?.askedAt ?? 0, FRESH_MILLISECONDS, clock)
    );
    const answers = old.length === 0 ? {} : await this.#ask(old);
    if (old.length > 0) {
      // That there was no answer is kept too, so that the next Tab need not wait for none.
      const askedAt = clock.now();
      const entries = old.map((each): [Resource, Entry] => {
        const items = answers[each];
        return items === undefined
          ? [each, { answeredAt: 0, items: [], ...known[each], askedAt }]
          : [each, { askedAt, answeredAt: askedAt, items }];
      });
      await cache.put(Object.fromEntries(entries));
    }
    return resources.flatMap((each) => answers[each] ?? this.#itemsOf(known[each]));
  }

  #itemsOf(entry: Entry | undefined): readonly JsonObject[] {
    return entry !== undefined &&
        isRecent(entry.answeredAt, OLDEST_MILLISECONDS, this.#options.clock)
      ? entry.items
      : [];
  }

  async #open(): Promise<{ cache: CompletionCache; credentials: Credentials }> {
    return await CompletionCache.of(this.#options.env, this.#options.asker);
  }

  /** Asks the service, and waits no longer than a person would. */
  async #ask(
    resources: readonly Resource[],
  ): Promise<Partial<Record<Resource, JsonObject[]>>> {
    const { clock, connect } = this.#options;
    const answers: Partial<Record<Resource, JsonObject[]>> = {};
    const enough = new AbortController();
    const asking = connect(enough.signal).then((service) =>
      Promise.allSettled(resources.map(async (each) => {
        answers[each] = await ask(each, service, enough.signal);
      }))
    ).catch(() => {});
    await within(PATIENCE_MILLISECONDS, asking, clock);
    enough.abort();
    await within(SETTLE_MILLISECONDS, asking, clock);
    return { ...answers };
  }
}

/** Waits for a promise, but no longer than so many milliseconds. */
async function within(milliseconds: number, promise: Promise<unknown>, clock: Clock) {
  const stop = new AbortController();
  const sleep = clock.sleep(milliseconds, stop.signal).catch(() => {});
  await Promise.race([promise, sleep]);
  stop.abort();
  await sleep;
}

async function ask(
  resource: Resource,
  service: Service,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  switch (resource) {
    case "org_sessions":
      return await sessionsOf(service.orgSessions, [undefined], signal);
    case "user_sessions":
      return await sessionsOf(service.userSessions, [undefined], signal);
    case "active_org_sessions":
      return await sessionsOf(service.orgSessions, ACTIVE, signal);
    case "active_user_sessions":
      return await sessionsOf(service.userSessions, ACTIVE, signal);
    case "templates":
      return (await service.hive.names("ai_agent", signal)).map((name) => ({ name }));
    case "identities": {
      const { identities } = await service.usage.identities(signal);
      return [identities].flat().filter((name) => typeof name === "string")
        .map((name) => ({ name }));
    }
  }
}

async function sessionsOf(
  family: Sessions,
  statuses: readonly (SessionStatus | undefined)[],
  signal: AbortSignal,
): Promise<JsonObject[]> {
  const pages = await Promise.all(
    statuses.map((status) =>
      family.page({ ...(status === undefined ? {} : { status }), limit: MOST_SESSIONS, signal })
    ),
  );
  return pages.flatMap(({ sessions }) => sessions).map(cachedSession);
}

function isActive({ status }: JsonObject): boolean {
  return ACTIVE.some((each) => each === status);
}

/** Candidates, and behind them values that were seen. */
function withSeen(known: readonly Candidate[], seen: readonly unknown[]): Candidate[] {
  const values = new Set(seen.filter((value) => typeof value === "string"));
  for (const { value } of known) values.delete(value);
  return [...known, ...[...values].map((value) => ({ value, description: "seen in a session" }))];
}
