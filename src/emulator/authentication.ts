import {
  findByApiKey,
  findKey,
  findOrganization,
  findUser,
  type Identity,
  permissionsIn,
  type User,
} from "./accounts.ts";
import { HttpError, type HttpRequest } from "./http.ts";
import type { Claims } from "./tokens.ts";
import type { World } from "./world.ts";

/** Who asks, and for which organization. */
export interface OrgCaller {
  readonly identity: Identity;
  readonly oid: string;
}

/**
 * Checks a token.
 *
 * @returns whose it is, and what it says
 * @throws {HttpError} 401
 */
export async function verifyToken(
  world: World,
  token: string,
): Promise<{ claims: Claims; identity: Identity }> {
  const claims = await world.tokens.verify(token, world.clock.now());
  if (typeof claims === "string") throw new HttpError(401, claims);
  const user = claims.uid === undefined ? undefined : findUser(claims.uid);
  if (user !== undefined) return { claims, identity: { kind: "user", user } };
  const key = claims.oid === undefined ? undefined : findKey(claims.oid, claims.ident);
  if (key === undefined) throw new HttpError(401, "Token is of nobody");
  return { claims, identity: { kind: "key", key } };
}

/** The user of a request to a user endpoint. @throws {HttpError} where it is none */
export async function authenticateUser(world: World, request: HttpRequest): Promise<User> {
  if (request.headers.has("x-lc-oid")) {
    throw new HttpError(400, "X-LC-OID does not belong on a user endpoint");
  }
  const { identity } = await verifyToken(world, bearer(request));
  if (identity.kind === "user") return identity.user;
  throw new HttpError(403, "An organization's API key has no user sessions");
}

/**
 * The caller of an org endpoint: a raw API key or a token, and the organization in a header.
 *
 * @throws {HttpError} 400, 401 or 403, which names the permission that is missing
 */
export async function authenticateOrg(
  world: World,
  request: HttpRequest,
  permission: string,
): Promise<OrgCaller> {
  const oid = request.headers.get("x-lc-oid");
  const secret = bearer(request);
  if (oid === undefined) throw new HttpError(400, "X-LC-OID is missing");
  if (findOrganization(oid) === undefined) throw new HttpError(404, `No organization "${oid}"`);
  const identity = await identify(world, secret, oid, request.headers.get("x-lc-uid"));
  requirePermission(identity, oid, permission);
  return { identity, oid };
}

async function identify(
  world: World,
  secret: string,
  oid: string,
  uid: string | undefined,
): Promise<Identity> {
  if (secret.split(".").length === 3) {
    const { claims, identity } = await verifyToken(world, secret);
    requireOrganization(claims, oid);
    return identity;
  }
  const identity = findByApiKey(secret, uid);
  if (identity === undefined) throw new HttpError(401, "API key is not valid");
  return identity;
}

/** Refuses a token that is for another organization. @throws {HttpError} 403 */
export function requireOrganization(claims: Claims, oid: string): void {
  if (claims.oid !== undefined && claims.oid !== oid) {
    throw new HttpError(403, "Token is for another organization");
  }
}

/** Refuses who may not do something in an organization. @throws {HttpError} 403 that names it */
export function requirePermission(identity: Identity, oid: string, permission: string): void {
  const permissions = permissionsIn(identity, oid);
  if (permissions === undefined) throw new HttpError(403, `No member of organization "${oid}"`);
  if (permissions.includes(permission)) return;
  throw new HttpError(403, `Missing permission: ${permission}`);
}

/** The token or key in the `Authorization` header. @throws {HttpError} 401 */
export function bearer(request: HttpRequest): string {
  const value = request.headers.get("authorization");
  if (value === undefined) throw new HttpError(401, "Authorization is missing");
  const [, token] = /^Bearer (\S+)$/i.exec(value) ?? [];
  if (token === undefined) throw new HttpError(401, "Authorization is not a bearer token");
  return token;
}
