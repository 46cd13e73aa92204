import { CloseCode } from "../protocol/close_codes.ts";
import { Attachment } from "./attachment.ts";
import { bearer, requireOrganization, requirePermission, verifyToken } from "./authentication.ts";
import { encodeResponse, HttpError, type HttpRequest } from "./http.ts";
import type { Link } from "./link.ts";
import { matchPath, type Route, routes } from "./router.ts";
import type { Session } from "./session.ts";
import { findOrgSession, findOwnSession } from "./session_api.ts";
import { acceptUpgrade, ServerSocket } from "./web_socket.ts";
import type { World } from "./world.ts";

/** Bytes of one message of a client. */
const MAX_MESSAGE = 1024 * 1024;
const PROTOCOL = "access_token";

/** With which close code the service says what it otherwise says with a status. */
const CLOSE_CODES: Readonly<Record<number, number>> = {
  401: CloseCode.BadToken,
  403: CloseCode.NotYours,
  404: CloseCode.NotFound,
};

const OWNER_PATH = "/v1/ws/sessions/:id";
const ORG_PATH = "/v1/ws/org/sessions/:id";

/** What a request that asks for no WebSocket is told where there is nothing else. */
export function plainSocketRoutes(): Route[] {
  const refuse = () => {
    throw new HttpError(426, "WebSocket upgrade is required", { "Upgrade": "websocket" });
  };
  return routes({ [`GET ${OWNER_PATH}`]: refuse, [`GET ${ORG_PATH}`]: refuse });
}

/** The session that someone may attach to, and how. */
interface Admission {
  readonly session: Session;
  readonly key: string;
  readonly readOnly: boolean;
}

/**
 * Serves a WebSocket until it is closed.
 *
 * @param answered is told the status of the handshake
 * @throws {HttpError} where the upgrade is refused
 */
export async function serveSocket(
  world: World,
  request: HttpRequest,
  link: Link,
  answered: (status: number) => void,
): Promise<void> {
  let admission: Admission | HttpError;
  try {
    admission = await admit(world, request);
  } catch (error) {
    const closes = world.faults.find("refuse-by-close") !== undefined;
    if (!closes || !(error instanceof HttpError)) throw error;
    admission = error;
  }
  const offered = protocolsOf(request);
  const response = await acceptUpgrade(request, offered.includes(PROTOCOL) ? PROTOCOL : undefined);
  answered(response.status);
  link.write(encodeResponse(response));
  const socket = new ServerSocket(link, MAX_MESSAGE);
  if (admission instanceof HttpError) {
    socket.close(CLOSE_CODES[admission.status] ?? CloseCode.Internal, admission.message);
    for await (const _ of socket.messages());
    return await link.flush();
  }
  const { clock, faults } = world;
  await new Attachment({ ...admission, socket, clock, faults }).run();
}

async function admit(world: World, request: HttpRequest): Promise<Admission> {
  const owner = matchPath(OWNER_PATH, request.path);
  const organization = matchPath(ORG_PATH, request.path);
  const { id } = owner ?? organization ?? {};
  if (id === undefined) throw new HttpError(404, `No endpoint ${request.path}`);
  const { claims, identity } = await verifyToken(world, tokenOf(request));
  const name = identity.kind === "user" ? identity.user.uid : identity.key.name;
  if (owner !== undefined) {
    if (identity.kind === "key") {
      throw new HttpError(403, "An organization's API key owns no session");
    }
    const session = world.sessions.find(id);
    if (session !== undefined && "oid" in session.owner) {
      throw new HttpError(403, `Session "${id}" belongs to an organization`);
    }
    return { session: findOwnSession(world, identity.user, id), key: name, readOnly: false };
  }
  const session = world.sessions.find(id);
  if (session === undefined || !("oid" in session.owner)) {
    throw new HttpError(404, `No session "${id}" of an organization`);
  }
  const { oid } = session.owner;
  requireOrganization(claims, oid);
  requirePermission(identity, oid, "ai_agent.get");
  return { session: findOrgSession(world, oid, id), key: `${name} reads`, readOnly: true };
}

/** The token of the handshake: a sub-protocol or a header, never in the URL. */
function tokenOf(request: HttpRequest): string {
  if (request.query.has("token")) throw new HttpError(401, "A token does not belong in the URL");
  const [first, token] = protocolsOf(request);
  return first === PROTOCOL && token !== undefined ? token : bearer(request);
}

function protocolsOf({ headers }: HttpRequest): string[] {
  const value = headers.get("sec-websocket-protocol") ?? "";
  return value.split(",").map((each) => each.trim()).filter(Boolean);
}
