import type { JsonObject } from "../protocol/frames.ts";
import { findOrganization, permissionsIn } from "./accounts.ts";
import { bearer, requireOrganization, requirePermission, verifyToken } from "./authentication.ts";
import { HttpError, type HttpRequest, json } from "./http.ts";
import { type Route, routes } from "./router.ts";
import type { World } from "./world.ts";

/** What reading a hive needs. */
const HIVE_PERMISSIONS: Readonly<Record<string, string>> = {
  ai_agent: "ai_agent.get",
  secret: "secret.get",
};

/** The part of the platform's API that is about identity, addresses and configuration. */
export function platformRoutes(world: World): Route[] {
  return routes({
    "GET /v1/who": async (request) => {
      const { claims, identity } = await verifyToken(world, bearer(request));
      if (identity.kind === "key") {
        const { name, oid, permissions } = identity.key;
        return json({ ident: name, orgs: [oid], perms: permissions });
      }
      const { uid, email, permissions } = identity.user;
      const oids = claims.oid === undefined ? Object.keys(permissions) : [claims.oid];
      return json({
        ident: email,
        uid,
        orgs: oids,
        user_perms: Object.fromEntries(oids.map((oid) => [oid, permissionsIn(identity, oid)])),
      });
    },

    "GET /v1/orgs/:oid/url": (_, { oid }) => {
      const organization = findOrganization(oid);
      if (organization === undefined) throw new HttpError(404, `No organization "${oid}"`);
      const urls = { ai: world.url, api: world.url, jwt: world.url };
      return json(organization.nestedUrls ? { url: urls } : urls);
    },

    "GET /v1/hive/:hive/:oid/:key/data": async (
      request,
      { hive = "", oid = "", key = "" },
    ) => {
      await authorizeHive(world, request, hive, oid);
      const data = world.hive.get(hive, oid, key);
      if (data === undefined) throw new HttpError(404, `No record "${key}" in hive "${hive}"`);
      return json(record(hive, key, data));
    },

    "GET /v1/hive/:hive/:oid": async (request, { hive = "", oid = "" }) => {
      await authorizeHive(world, request, hive, oid);
      const records = [...world.hive.list(hive, oid)];
      return json(Object.fromEntries(records.map(([key, data]) => [key, record(hive, key, data)])));
    },
  });
}

/** @throws {HttpError} 401, 403, or 404 on an unknown hive */
async function authorizeHive(
  world: World,
  request: HttpRequest,
  hive: string,
  oid: string,
): Promise<void> {
  const { claims, identity } = await verifyToken(world, bearer(request));
  const permission = Object.hasOwn(HIVE_PERMISSIONS, hive) ? HIVE_PERMISSIONS[hive] : undefined;
  if (permission === undefined) throw new HttpError(404, `No hive "${hive}"`);
  requireOrganization(claims, oid);
  requirePermission(identity, oid, permission);
}

function record(hive: string, key: string, data: JsonObject | string): JsonObject {
  return {
    data,
    usr_mtd: { enabled: true, expiry: 0, tags: [], comment: "" },
    sys_mtd: { etag: "1", guid: `${hive}/${key}`, created_at: 0, last_mod: 0 },
  };
}
