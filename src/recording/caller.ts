import { hashOfBytes } from "./hashes.ts";

/** Who recorded, as far as that can be told without a secret. */
export interface Caller {
  /** The organization. */
  readonly oid?: string;
  /** The user. */
  readonly uid?: string;
  /** The first 16 hexadecimal digits of the API key's SHA-256. */
  readonly key_fingerprint?: string;
  /** Mail address that the browser sign-in belongs to. */
  readonly email?: string;
}

/** What tells the service who calls. */
export interface CallerCredentials {
  readonly oid?: string;
  readonly uid?: string;
  readonly apiKey?: string;
  readonly oauth?: { readonly idToken: string };
}

const FINGERPRINT_DIGITS = 16;

/** Names the owner of credentials without giving them away. */
export function callerOf({ oid, uid, apiKey, oauth }: CallerCredentials): Caller {
  const claims = oauth === undefined ? {} : claimsOf(oauth.idToken);
  const fingerprint = apiKey && hashOfBytes(new TextEncoder().encode(apiKey));
  return {
    ...named("oid", oid),
    ...named("uid", uid ?? claims["user_id"] ?? claims["sub"]),
    ...named("key_fingerprint", fingerprint?.slice(0, FINGERPRINT_DIGITS)),
    ...named("email", claims["email"]),
  };
}

function named(name: keyof Caller, value: unknown): Caller {
  return typeof value === "string" && value !== "" ? { [name]: value } : {};
}

/** The payload of a JWT; empty where that cannot be read, because it is shown and not trusted. */
function claimsOf(token: string): { readonly [name: string]: unknown } {
  try {
    const payload = Uint8Array.fromBase64(token.split(".")[1] ?? "", { alphabet: "base64url" });
    return Object(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return {};
  }
}
