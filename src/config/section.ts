/** Name of the environment that is the top level of the configuration file. */
export const DEFAULT_ENVIRONMENT = "default";

/** What signing in by browser left in the configuration file. */
export interface OAuthTokens {
  readonly idToken: string;
  readonly refreshToken: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Credentials of one environment of the configuration file. */
export interface Section {
  readonly oid?: string;
  readonly apiKey?: string;
  readonly uid?: string;
  readonly oauth?: OAuthTokens;
}

/** What to set in an environment; null removes a key. */
export type SectionChanges = { readonly [Key in keyof Section]?: Section[Key] | null };
