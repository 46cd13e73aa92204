/** An organization of the emulated platform. */
export interface Organization {
  readonly oid: string;
  readonly name: string;
  /** Whether the URL look-up answers `{"url":{…}}` or the map itself; the real service does both. */
  readonly nestedUrls: boolean;
}

/** A person. */
export interface User {
  readonly uid: string;
  readonly email: string;
  /** Their user API key. */
  readonly apiKey: string;
  /** What they may do, by organization. */
  readonly permissions: Readonly<Record<string, readonly string[]>>;
  /** Whether they are registered for AI sessions from the start. */
  readonly registered: boolean;
  /** Type of the Claude credential that is stored from the start. */
  readonly claudeCredential?: string;
}

/** An API key of an organization: it has no uid. */
export interface OrganizationKey {
  readonly name: string;
  readonly oid: string;
  readonly apiKey: string;
  readonly permissions: readonly string[];
}

const ALL_PERMISSIONS = [
  "org.get",
  "sensor.list",
  "dr.list",
  "secret.get",
  "ai_agent.get",
  "ai_agent.set",
  "ai_agent.operate",
];

const acme: Organization = {
  oid: "8cbe27f4-bfa1-4afb-ba19-138cd51389cd",
  name: "acme-soc",
  nestedUrls: true,
};

const globex: Organization = {
  oid: "d2f1a6f0-5a0c-4c3f-9d53-0c8a4a7a1e42",
  name: "globex-it",
  nestedUrls: false,
};

export const ORGANIZATIONS = { acme, globex } as const;

export const USERS = {
  /** The one whom the printed environment signs in: may do everything in both organizations. */
  analyst: {
    uid: "Qm3vT1kZx7fWc2nLr9dYb5hGj0aP",
    email: "ana@acme.example",
    apiKey: "5b0c6f0e-3d3e-4a53-9f7e-6f3f0f4b9a11",
    permissions: { [acme.oid]: ALL_PERMISSIONS, [globex.oid]: ALL_PERMISSIONS },
    registered: true,
    claudeCredential: "oauth_token",
  },
  /** Another member of the same organization. */
  colleague: {
    uid: "Zk8sRw4eUy2oIq6pMn1xVc3bLt7D",
    email: "bo@acme.example",
    apiKey: "0e6d9a52-7a58-4f0a-8a63-1c0d7c1b2e22",
    permissions: { [acme.oid]: ALL_PERMISSIONS },
    registered: true,
    claudeCredential: "apikey",
  },
  /** Lacks `ai_agent.get`, and every other permission on agents. */
  trainee: {
    uid: "Ha5jFd9sKl3gXz8vCb1nQw6eRt2Y",
    email: "cy@acme.example",
    apiKey: "c41a7b7b-90f4-4a36-b6de-2f8a5e6d3c33",
    permissions: { [acme.oid]: ["org.get", "sensor.list"] },
    registered: true,
    claudeCredential: "apikey",
  },
  /** Neither registered nor holder of a Claude credential. */
  newcomer: {
    uid: "Ol7uYt5rEw3qAs1dFg9hJk2lZx4C",
    email: "di@acme.example",
    apiKey: "97d2e1c4-6b1f-4a0e-8f57-3a9b4c7e4d44",
    permissions: { [acme.oid]: ALL_PERMISSIONS },
    registered: false,
  },
  /** Has a mail address of a domain that may not register. */
  outsider: {
    uid: "Vb2nMq8wEr6tYu4iOp0aSd1fGh3J",
    email: "ed@elsewhere.invalid",
    apiKey: "3f8e5d6a-1c2b-4d7e-9a8f-4b5c6d7e5e55",
    permissions: { [acme.oid]: ALL_PERMISSIONS },
    registered: false,
  },
  /** Signs in with OAuth instead of an API key. */
  federated: {
    uid: "Kx9cVz7bNm5lAq3sWd1eRf8tGy6H",
    email: "flo@acme.example",
    apiKey: "",
    permissions: { [acme.oid]: ALL_PERMISSIONS },
    registered: true,
    claudeCredential: "oauth_token",
  },
} as const satisfies Readonly<Record<string, User>>;

export const ORGANIZATION_KEYS = {
  automation: {
    name: "soc-automation",
    oid: acme.oid,
    apiKey: "e7a1b2c3-d4e5-4f60-8b7c-9d0e1f2a6f66",
    permissions: ALL_PERMISSIONS,
  },
  /** May look at sessions, but neither start nor end them. */
  dashboard: {
    name: "wallboard",
    oid: acme.oid,
    apiKey: "1a2b3c4d-5e6f-4071-8293-a4b5c6d77a77",
    permissions: ["org.get", "ai_agent.get"],
  },
} as const satisfies Readonly<Record<string, OrganizationKey>>;

/** Whose mail may register for AI sessions. */
const REGISTRATION_DOMAIN = "@acme.example";

export function mayRegister(user: User): boolean {
  return user.email.endsWith(REGISTRATION_DOMAIN);
}

/** Who is behind a request: a person, or an organization's key. */
export type Identity =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "key"; readonly key: OrganizationKey };

const users: readonly User[] = Object.values(USERS);
const keys: readonly OrganizationKey[] = Object.values(ORGANIZATION_KEYS);

export function findOrganization(oid: string | undefined): Organization | undefined {
  return Object.values(ORGANIZATIONS).find((each) => each.oid === oid);
}

export function findUser(uid: string): User | undefined {
  return users.find((user) => user.uid === uid);
}

/**
 * Finds who an API key belongs to. A user's key is found only together with its uid, and an
 * organization's only without one, as at the real token service.
 */
export function findByApiKey(apiKey: string, uid: string | undefined): Identity | undefined {
  if (apiKey === "") return undefined;
  if (uid === undefined) {
    const key = keys.find((each) => each.apiKey === apiKey);
    return key && { kind: "key", key };
  }
  const user = users.find((each) => each.apiKey === apiKey && each.uid === uid);
  return user && { kind: "user", user };
}

/** Finds an organization's key by its name. */
export function findKey(oid: string, name: string): OrganizationKey | undefined {
  return keys.find((key) => key.oid === oid && key.name === name);
}

/** What an identity may do in an organization; undefined where it is no member. */
export function permissionsIn(identity: Identity, oid: string): readonly string[] | undefined {
  if (identity.kind === "user") return identity.user.permissions[oid];
  return identity.key.oid === oid ? identity.key.permissions : undefined;
}
