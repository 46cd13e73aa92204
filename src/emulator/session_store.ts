import type { JsonObject } from "../protocol/frames.ts";
import { HttpError } from "./http.ts";
import type { Owner } from "./emulated_session.ts";
import { Session, type SessionContext, type SessionSeed } from "./session.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const STATUSES = ["starting", "running", "ended"];

/** All sessions, by id and by owner. */
export class SessionStore {
  readonly #context: SessionContext;
  readonly #largestPage: number;
  readonly #byId = new Map<string, Session>();
  /** In the order of their creation. */
  readonly #byOwner = new Map<string, Session[]>();
  readonly #byIdempotentKey = new Map<string, Session>();

  /** @param largestPage sessions in one page at most, however many are asked for */
  constructor(context: SessionContext, largestPage = MAX_LIMIT) {
    this.#context = context;
    this.#largestPage = largestPage;
  }

  add(seed: SessionSeed, idempotentKey?: string): Session {
    const session = new Session(seed, this.#context);
    const owner = ownerKey(seed.owner);
    this.#byId.set(session.id, session);
    const siblings = this.#byOwner.get(owner);
    if (siblings === undefined) this.#byOwner.set(owner, [session]);
    else siblings.push(session);
    if (idempotentKey !== undefined) {
      this.#byIdempotentKey.set(`${owner} ${idempotentKey}`, session);
    }
    return session;
  }

  find(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  /** The session that was made with this key, while it is active. */
  findByIdempotentKey(owner: Owner, key: string | undefined): Session | undefined {
    const session = this.#byIdempotentKey.get(`${ownerKey(owner)} ${key}`);
    return session?.status === "ended" ? undefined : session;
  }

  /** How many sessions of an owner have not ended. */
  countActive(owner: Owner): number {
    const sessions = this.#byOwner.get(ownerKey(owner)) ?? [];
    return sessions.filter(({ status }) => status !== "ended").length;
  }

  /**
   * One page of an owner's sessions, the newest first.
   *
   * @param query `status`, `limit` (1–200, 50 unless given) and `cursor` of the request
   * @throws {HttpError} 400 on a value that is none
   */
  page(owner: Owner, query: URLSearchParams): JsonObject {
    const sessions = this.#byOwner.get(ownerKey(owner)) ?? [];
    const status = query.get("status");
    if (status !== null && !STATUSES.includes(status)) {
      throw new HttpError(400, `Status must be one of ${STATUSES.join(", ")}`);
    }
    const limit = Number(query.get("limit") ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new HttpError(400, `Limit must be from 1 to ${MAX_LIMIT}`);
    }
    const size = Math.min(limit, this.#largestPage);
    const page: Session[] = [];
    let index = readCursor(query.get("cursor") ?? "", sessions.length);
    for (; index > 0 && page.length < size; index--) {
      const session = sessions[index - 1];
      if (session !== undefined && (status === null || session.status === status)) {
        page.push(session);
      }
    }
    const isLast = !sessions.slice(0, index).some((each) =>
      status === null || each.status === status
    );
    return { sessions: page, next_cursor: isLast ? "" : writeCursor(index) };
  }

  dispose(): void {
    for (const session of this.#byId.values()) session.dispose();
  }
}

function ownerKey(owner: Owner): string {
  return "uid" in owner ? `uid ${owner.uid}` : `oid ${owner.oid}`;
}

/** A cursor says how many sessions are older than its page. */
function writeCursor(index: number): string {
  return btoa(`older:${index}`);
}

function readCursor(cursor: string, length: number): number {
  if (cursor === "") return length;
  let text: string;
  try {
    text = atob(cursor);
  } catch {
    text = "";
  }
  const index = Number(/^older:(\d+)$/.exec(text)?.[1] ?? NaN);
  if (!(index <= length)) throw new HttpError(400, "Cursor is not valid");
  return index;
}
