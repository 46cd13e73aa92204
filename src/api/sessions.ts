import { CliError, usageError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { type Frame, historyOf, isObject, type JsonObject } from "../protocol/frames.ts";
import type { SessionStatus } from "../protocol/frames.ts";
import { unexpected } from "./answer.ts";
import { hasStatus } from "./errors.ts";
import type { Rest } from "./rest.ts";
import { encodeSessionId } from "./session_id.ts";

/** The service gives at most so many sessions in one page. */
export const LARGEST_PAGE = 200;

/** A session as the service describes it; every field but `id` may be missing. */
export interface Session extends JsonObject {
  readonly id: string;
}

/** One page of a list as the service gave it, unknown fields included. */
export interface SessionPage extends JsonObject {
  readonly sessions: readonly Session[];
  /** Where the next page begins; empty or missing after the last. */
  readonly next_cursor?: string | null;
}

export interface PageOptions {
  readonly status?: SessionStatus;
  /** Sessions per page, 1 to 200; the service's default is 50. */
  readonly limit?: number;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  readonly status?: SessionStatus;
  /** Sessions at most, over all pages. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A conversation so far. */
export interface SessionHistory {
  readonly frames: readonly Frame[];
  /** The answer as it came: `{messages: […]}`. */
  readonly answer: JsonObject;
}

/** One family of sessions: the caller's own, or the organization's. */
export class Sessions {
  readonly #rest: Rest;
  readonly #path: string;

  /** @param path of the family, below the AI host */
  constructor(rest: Rest, path: string) {
    this.#rest = rest;
    this.#path = path;
  }

  /** @throws {CliError} exit 3 when there is none of that id in this family */
  async get(id: string, signal?: AbortSignal): Promise<Session> {
    const action = `get session "${id}"`;
    const answer = await this.#rest.call({ action, path: this.#pathOf(id), signal });
    return toSession(answer["session"], action);
  }

  /**
   * Looks for a session.
   *
   * @returns undefined where there is none of that id in this family that the caller may see
   */
  async find(id: string, signal?: AbortSignal): Promise<Session | undefined> {
    try {
      return await this.get(id, signal);
    } catch (error) {
      if (hasStatus(error, 403, 404)) return undefined;
      throw error;
    }
  }

  /**
   * Ends a session.
   *
   * @returns the answer as it came: `{terminated: true}`
   */
  async terminate(id: string, signal?: AbortSignal): Promise<JsonObject> {
    const action = `terminate session "${id}"`;
    return await this.#rest.call({ action, method: "DELETE", path: this.#pathOf(id), signal });
  }

  async history(id: string, signal?: AbortSignal): Promise<SessionHistory> {
    const action = `get the history of session "${id}"`;
    const path = `${this.#pathOf(id)}/history`;
    const answer = await this.#rest.call({ action, path, signal });
    return { frames: historyOf(answer), answer };
  }

  /** Asks for one page. */
  async page(options: PageOptions = {}): Promise<SessionPage> {
    const { status, limit, cursor, signal } = options;
    const action = "list the sessions";
    checkLimit(limit, LARGEST_PAGE);
    const query = { status, limit, cursor: cursor || undefined };
    const answer = await this.#rest.call({ action, path: this.#path, query, signal });
    const rows = answer["sessions"] ?? [];
    if (!Array.isArray(rows)) throw unexpected(action, `"sessions" of the answer is no list`);
    return { ...answer, sessions: rows.map((row) => toSession(row, action)) };
  }

  /**
   * Asks for page after page up to the last or to the limit, for each while the one before it is
   * looked at.
   *
   * @throws {CliError} (exit 1) when the service leads in a circle
   */
  async *pages({ limit, signal, ...options }: ListOptions = {}): AsyncGenerator<SessionPage> {
    checkLimit(limit, Infinity);
    const leaving = new AbortController();
    const stop = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
    const ask = (most: number, cursor: { readonly cursor?: string } = {}) => {
      const page = this.page({
        ...options,
        ...cursor,
        limit: Math.min(most, LARGEST_PAGE),
        signal: stop,
      });
      // An error is thrown when it is this page's turn; nobody listens to the promise before.
      page.catch(() => {});
      return page;
    };
    const seen = new Set<string>();
    let left = limit ?? Infinity;
    let next = ask(left);
    try {
      while (true) {
        const page = await next;
        const sessions = page.sessions.slice(0, left);
        left -= sessions.length;
        const cursor = left > 0 ? page.next_cursor || undefined : undefined;
        const isCircle = cursor !== undefined && seen.has(cursor);
        if (cursor !== undefined && !isCircle) next = ask(left, { cursor });
        yield { ...page, sessions };
        if (cursor === undefined) return;
        if (isCircle) throw circle(cursor);
        seen.add(cursor);
      }
    } finally {
      leaving.abort();
    }
  }

  /** Every session, page after page, up to the limit. */
  async *list(options: ListOptions = {}): AsyncGenerator<Session> {
    for await (const { sessions } of this.pages(options)) yield* sessions;
  }

  #pathOf(id: string): string {
    return `${this.#path}/${encodeSessionId(id)}`;
  }
}

/**
 * Reads a session of an answer.
 *
 * @throws {CliError} (exit 1) where it is none
 */
export function toSession(value: unknown, action: string): Session {
  if (!isObject(value)) throw unexpected(action, "the answer has no session");
  const { id } = value;
  if (typeof id !== "string" || id === "") {
    throw unexpected(action, "the answer has a session without an id");
  }
  return value as Session;
}

function circle(cursor: string): CliError {
  return new CliError(`Cannot list the sessions: the service repeats the cursor "${cursor}"`, {
    exitCode: ExitCode.Failure,
  });
}

function checkLimit(limit: number | undefined, most: number): void {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= most)) return;
  const range = most === Infinity ? "at least 1" : `between 1 and ${most}`;
  throw usageError(`Invalid limit ${limit}: it must be a whole number ${range}`);
}
