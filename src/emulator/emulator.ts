import type { Clock } from "../app/deps.ts";
import type { JsonObject, SessionStatus } from "../protocol/frames.ts";
import {
  type Identity,
  ORGANIZATION_KEYS,
  type OrganizationKey,
  ORGANIZATIONS,
  type User,
  USERS,
} from "./accounts.ts";
import { claudeRoutes } from "./claude_api.ts";
import type { EmulatedSession, Owner, WireFrame } from "./emulated_session.ts";
import { FaultPlan } from "./fault_plan.ts";
import type { Fault } from "./faults.ts";
import { Hive } from "./hive.ts";
import { platformRoutes } from "./platform_api.ts";
import { dispatch } from "./router.ts";
import type { Scenario } from "./scenario.ts";
import { DEFAULT_SCENARIO } from "./scenarios/investigation.ts";
import { Server } from "./server.ts";
import { sessionRoutes } from "./session_api.ts";
import { readSettings } from "./session_settings.ts";
import { SessionStore } from "./session_store.ts";
import { plainSocketRoutes, serveSocket } from "./socket_api.ts";
import {
  mintOAuth,
  mintToken,
  type OAuthCredentials,
  REFRESH_PATH,
  TOKEN_PATH,
  tokenServiceRoutes,
} from "./token_service.ts";
import { TokenSigner } from "./tokens.ts";
import { PerUserLimits, type World } from "./world.ts";

export type { EmulatedSession, Owner, PushOptions, WireFrame } from "./emulated_session.ts";

export interface EmulatorOptions {
  /** 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** Any that is free unless given. */
  readonly port?: number;
  readonly scenario?: Scenario;
  readonly faults?: readonly Fault[];
  /** What every time-out, buffer, token life and limit runs on. */
  readonly clock: Clock;
  /** Sessions in one page at most, however many are asked for; 200 unless given. */
  readonly largestPage?: number;
  /** PEM; with it the emulator speaks https and wss. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** One request that came in. */
export interface RequestRecord {
  readonly method: string;
  /** As it came, percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the answer; 101 for a WebSocket, 0 where a fault left the request without one. */
  readonly status: number;
}

/** How {@linkcode Emulator.createSession} makes one: every field may be left out. */
export interface CreateSessionOptions {
  /** A random one unless given. */
  readonly id?: string;
  /** The analyst unless given. */
  readonly owner?: Owner;
  /** `running` unless given. */
  readonly status?: SessionStatus;
  /** Milliseconds since 1970; now unless given. */
  readonly createdAt?: number;
  /** How it ended, where it has. */
  readonly end?: { readonly reason: string; readonly exitCode?: number };
  /** Fields as `POST /v1/sessions` takes them: `name`, `max_turns`, `allowed_tools` and so on. */
  readonly settings?: JsonObject;
  /** Fields of the REST object, in place of those that it would have. */
  readonly fields?: JsonObject;
  /** Frames of time past. */
  readonly history?: readonly JsonObject[];
  /** Whether the scripted agent answers prompts; false unless given. */
  readonly scripted?: boolean;
}

/** The built-in organizations, people and keys. */
export interface Accounts {
  readonly organizations: typeof ORGANIZATIONS;
  readonly users: typeof USERS;
  readonly keys: typeof ORGANIZATION_KEYS;
  /** The `oauth` block of the user `federated`. */
  readonly oauth: OAuthCredentials;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Of every service, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Where `grant_type=refresh_token` is served. */
  readonly refreshUrl: string;
  /** What to export so that the program uses it, signed in as the analyst. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accounts: Accounts;
  /** In the order of their answers. */
  readonly requests: readonly RequestRecord[];
  createSession(options?: CreateSessionOptions): EmulatedSession;
  session(id: string): EmulatedSession | undefined;
  /** Every recorded frame that went to a session's clients. */
  sentFrames(sessionId: string): readonly WireFrame[];
  /** Every frame that came from a session's clients. */
  receivedFrames(sessionId: string): readonly WireFrame[];
  /** Puts a fault in force until it is disposed of. */
  addFault(fault: Fault): Disposable;
  /** Puts a record in a hive; `data` is answered as the object or text that it is. */
  setHiveRecord(hive: string, oid: string, key: string, data: JsonObject | string): void;
  /** A platform token, as the token service mints it; for all organizations without an oid. */
  mintToken(holder: User | OrganizationKey, oid?: string): Promise<string>;
  /** Makes every platform token of before invalid. */
  revokeTokens(): void;
  /** Closes every connection, and settles when nothing is left. */
  stop(): Promise<void>;
}

/**
 * Starts the emulated service: token service, platform API, AI sessions, on one address.
 *
 * @throws {CliError} where it cannot listen: names the address and the cause
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { hostname = "127.0.0.1", port = 0, clock, tls } = options;
  const scenario = options.scenario ?? DEFAULT_SCENARIO;
  const faults = new FaultPlan(options.faults ?? []);
  const server = new Server({
    hostname,
    port,
    clock,
    faults,
    ...(tls === undefined ? {} : { tls }),
  });
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const world: World = {
    url: `${tls === undefined ? "http" : "https"}://${host}:${server.port}`,
    clock,
    scenario,
    faults,
    sessions: new SessionStore({ clock, scenario }, options.largestPage),
    hive: new Hive(),
    tokens: new TokenSigner("https://jwt.limacharlie.io"),
    idTokens: new TokenSigner("https://securetoken.google.com/emulated"),
    refreshTokens: new Map(),
    registrations: new Map(),
    claudeCredentials: new Map(),
    claudeLogins: new Map(),
    limits: new PerUserLimits(),
  };
  settle(world);
  const oauth = await mintOAuth(world, USERS.federated.uid);
  const requests: RequestRecord[] = [];
  const table = [
    ...tokenServiceRoutes(world),
    ...platformRoutes(world),
    ...sessionRoutes(world),
    ...claudeRoutes(world),
    ...plainSocketRoutes(),
  ];
  server.start({
    answer: (request) => dispatch(table, request),
    upgrade: (request, link, answered) => serveSocket(world, request, link, answered),
    log: ({ method, path, query, headers, body }, status) =>
      requests.push({
        method,
        path,
        query: Object.fromEntries(query),
        headers: Object.fromEntries(headers),
        body,
        status,
      }),
  });
  const stop = async () => {
    world.sessions.dispose();
    await server.stop();
  };
  return {
    url: world.url,
    port: server.port,
    refreshUrl: world.url + REFRESH_PATH,
    environment: {
      LC_API_URL: world.url,
      LC_JWT_URL: world.url + TOKEN_PATH,
      LC_OID: ORGANIZATIONS.acme.oid,
      LC_UID: USERS.analyst.uid,
      LC_API_KEY: USERS.analyst.apiKey,
    },
    accounts: { organizations: ORGANIZATIONS, users: USERS, keys: ORGANIZATION_KEYS, oauth },
    requests,
    createSession: (seed) => createSession(world, seed),
    session: (id) => world.sessions.find(id),
    sentFrames: (id) => world.sessions.find(id)?.sent ?? [],
    receivedFrames: (id) => world.sessions.find(id)?.receivedFrames ?? [],
    addFault: (fault) => faults.add(fault),
    setHiveRecord: (hive, oid, key, data) => world.hive.set(hive, oid, key, data),
    mintToken: (holder, oid) => mintToken(world, toIdentity(holder), oid),
    revokeTokens: () => world.tokens.revokeAll(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Registers those who are registered from the start, and stores their credentials. */
function settle({ clock, registrations, claudeCredentials }: World): void {
  const users: readonly User[] = Object.values(USERS);
  for (const { uid, registered, claudeCredential } of users) {
    if (registered) registrations.set(uid, clock.now());
    if (claudeCredential === undefined) continue;
    claudeCredentials.set(uid, { type: claudeCredential, createdAt: clock.now() });
  }
}

function createSession(world: World, options: CreateSessionOptions = {}): EmulatedSession {
  const owner = options.owner ?? { uid: USERS.analyst.uid };
  return world.sessions.add({
    id: options.id ?? crypto.randomUUID(),
    owner,
    status: options.status ?? "running",
    createdAt: options.createdAt ?? world.clock.now(),
    settings: readSettings(options.settings ?? {}, "oid" in owner),
    fields: options.fields ?? {},
    history: options.history ?? [],
    scripted: options.scripted ?? false,
    ...(options.end === undefined ? {} : { end: options.end }),
  });
}

function toIdentity(holder: User | OrganizationKey): Identity {
  return "uid" in holder ? { kind: "user", user: holder } : { kind: "key", key: holder };
}
