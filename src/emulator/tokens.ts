import { isObject } from "../protocol/frames.ts";

/** What a token says of its holder. */
export interface Claims {
  /** Who issued it. */
  readonly iss: string;
  /** Organization it is for; absent for all of the user's. */
  readonly oid?: string;
  readonly uid?: string;
  /** Name of the API key or mail address of the user. */
  readonly ident: string;
  /** Unix seconds. */
  readonly iat: number;
  /** Unix seconds. */
  readonly exp: number;
}

const encoder = new TextEncoder();
const HEADER = encodePart(encoder.encode(JSON.stringify({ alg: "HS256", typ: "JWT" })));

/** Signs tokens and checks them: JSON Web Tokens with HMAC-SHA256, under a key of its own. */
export class TokenSigner {
  readonly #issuer: string;
  #key: Promise<CryptoKey>;

  constructor(issuer: string) {
    this.#issuer = issuer;
    this.#key = newKey();
  }

  /** Makes every token of before invalid. */
  revokeAll(): void {
    this.#key = newKey();
  }

  async sign(claims: Omit<Claims, "iss">): Promise<string> {
    const payload = encoder.encode(JSON.stringify({ iss: this.#issuer, ...claims }));
    const signed = `${HEADER}.${encodePart(payload)}`;
    const signature = await crypto.subtle.sign("HMAC", await this.#key, encoder.encode(signed));
    return `${signed}.${encodePart(new Uint8Array(signature))}`;
  }

  /**
   * Reads a token.
   *
   * @param now milliseconds since 1970
   * @returns its claims, or why it is refused
   */
  async verify(token: string, now: number): Promise<Claims | string> {
    const [header, payload, signature, ...rest] = token.split(".");
    if (header === undefined || payload === undefined || signature === undefined || rest.length) {
      return "not a token";
    }
    const bytes = decodePart(signature);
    const valid = bytes !== undefined && await crypto.subtle.verify(
      "HMAC",
      await this.#key,
      bytes,
      encoder.encode(`${header}.${payload}`),
    );
    if (!valid) return "token signature is not valid";
    const claims = toClaims(JSON.parse(new TextDecoder().decode(decodePart(payload))));
    if (claims?.iss !== this.#issuer) return "token has another issuer";
    if (claims.exp * 1000 <= now) return "token has expired";
    return claims;
  }
}

async function newKey(): Promise<CryptoKey> {
  const algorithm: HmacKeyGenParams = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
}

function toClaims(value: unknown): Claims | undefined {
  if (!isObject(value)) return undefined;
  const { iss, oid, uid, ident, iat, exp } = value;
  if (typeof iss !== "string" || typeof ident !== "string") return undefined;
  if (typeof iat !== "number" || typeof exp !== "number") return undefined;
  return {
    iss,
    ident,
    iat,
    exp,
    ...(typeof oid === "string" ? { oid } : {}),
    ...(typeof uid === "string" ? { uid } : {}),
  };
}

function encodePart(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodePart(part: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
