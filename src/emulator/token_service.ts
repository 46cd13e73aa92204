import { findByApiKey, findUser, type Identity, permissionsIn } from "./accounts.ts";
import { HttpError, type HttpRequest, json } from "./http.ts";
import { type Route, routes } from "./router.ts";
import type { World } from "./world.ts";

/** Seconds that a token lives. */
const TOKEN_LIFE = 3600;

/** Paths of the token service and of the identity provider, under the emulator's URL. */
export const TOKEN_PATH = "/jwt";
export const REFRESH_PATH = "/securetoken/v1/token";

/** The token service, and the identity provider that refreshes OAuth tokens. */
export function tokenServiceRoutes(world: World): Route[] {
  return routes({
    [`POST ${TOKEN_PATH}`]: async (request) => {
      const form = readForm(request);
      const identity = await identify(world, form);
      const oid = form.get("oid") ?? "-";
      if (oid === "-" ? identity.kind === "key" : permissionsIn(identity, oid) === undefined) {
        throw new HttpError(401, `No access to organization "${oid}"`);
      }
      const expiry = readExpiry(form.get("expiry"), world.clock.now());
      return json({ jwt: await mintToken(world, identity, oid === "-" ? undefined : oid, expiry) });
    },

    [`POST ${REFRESH_PATH}`]: async (request) => {
      const form = readForm(request);
      if (form.get("grant_type") !== "refresh_token") return refuse("INVALID_GRANT_TYPE");
      const uid = world.refreshTokens.get(form.get("refresh_token") ?? "");
      if (uid === undefined) return refuse("INVALID_REFRESH_TOKEN");
      const { id_token, refresh_token } = await mintOAuth(world, uid);
      return json({
        id_token,
        refresh_token,
        access_token: id_token,
        expires_in: String(TOKEN_LIFE),
        token_type: "Bearer",
        user_id: uid,
      });
    },
  });
}

/**
 * A token of the platform.
 *
 * @param oid the one organization it is for; all of the user's without it
 * @param expiry unix seconds at which it expires; in an hour without it
 */
export async function mintToken(
  { tokens, clock, faults }: World,
  identity: Identity,
  oid: string | undefined,
  expiry?: number,
): Promise<string> {
  const iat = Math.floor(clock.now() / 1000);
  const life = faults.find("token-expiry")?.seconds ?? TOKEN_LIFE;
  const exp = Math.min(expiry ?? Infinity, iat + life);
  return await tokens.sign({
    iat,
    exp,
    ...(oid === undefined ? {} : { oid }),
    ...(identity.kind === "user"
      ? { uid: identity.user.uid, ident: identity.user.email }
      : { ident: identity.key.name }),
  });
}

/** What an OAuth user's configuration file holds. */
export interface OAuthCredentials {
  readonly id_token: string;
  readonly refresh_token: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/** Signs a user in at the identity provider. */
export async function mintOAuth(world: World, uid: string): Promise<OAuthCredentials> {
  const iat = Math.floor(world.clock.now() / 1000);
  const expires_at = iat + TOKEN_LIFE;
  const ident = findUser(uid)?.email ?? uid;
  const id_token = await world.idTokens.sign({ uid, ident, iat, exp: expires_at });
  const refresh_token = crypto.randomUUID();
  world.refreshTokens.set(refresh_token, uid);
  return { id_token, refresh_token, expires_at };
}

async function identify(world: World, form: URLSearchParams): Promise<Identity> {
  const idToken = form.get("fb_auth");
  const secret = form.get("secret");
  if (idToken !== null) {
    const claims = await world.idTokens.verify(idToken, world.clock.now());
    if (typeof claims === "string") throw new HttpError(401, claims);
    const user = findUser(claims.uid ?? "");
    if (user !== undefined) return { kind: "user", user };
    throw new HttpError(401, "Unknown user");
  }
  if (secret === null) throw new HttpError(400, "Neither secret nor fb_auth is given");
  const identity = findByApiKey(secret, form.get("uid") ?? undefined);
  if (identity === undefined) throw new HttpError(401, "Invalid API key");
  return identity;
}

function readForm({ headers, body }: HttpRequest): URLSearchParams {
  const type = headers.get("content-type")?.split(";")[0]?.trim();
  if (type === "application/x-www-form-urlencoded") return new URLSearchParams(body);
  throw new HttpError(400, "Request body is not form-encoded");
}

function readExpiry(expiry: string | null, now: number): number | undefined {
  if (expiry === null) return undefined;
  const seconds = Number(expiry);
  if (Number.isInteger(seconds) && seconds * 1000 > now) return seconds;
  throw new HttpError(400, "Expiry is not a time to come");
}

/** An error in the identity provider's own shape. */
function refuse(message: string) {
  return json({ error: { code: 400, message, status: "INVALID_ARGUMENT" } }, 400);
}
