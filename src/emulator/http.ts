import { STATUS_TEXT } from "./http_status.ts";
import { concat, type Link } from "./link.ts";

/** One request, with its body read. */
export interface HttpRequest {
  readonly method: string;
  /** As it stood on the request line, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One answer. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that is refused: thrown by handlers, answered as `{"error": message}`. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const MAX_HEAD = 64 * 1024;
const MAX_BODY = 16 * 1024 * 1024;
const HEAD_END = new Uint8Array([13, 10, 13, 10]);
const LINE_END = new Uint8Array([13, 10]);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Reads the next request of a connection (HTTP/1.1, RFC 9112).
 *
 * @returns undefined when the client has closed it
 * @throws {HttpError} on what is no request, or too large
 */
export async function readRequest(link: Link): Promise<HttpRequest | undefined> {
  let head: Uint8Array | undefined;
  try {
    head = await link.readUntil(HEAD_END, MAX_HEAD);
  } catch {
    throw new HttpError(431, "Request headers are too large");
  }
  if (head === undefined) return undefined;
  const [requestLine = "", ...lines] = decoder.decode(head).trimEnd().split("\r\n");
  const [, method, target] = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) throw new HttpError(400, "Bad request line");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new HttpError(400, "Bad header line");
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const [path = "/", ...query] = target.split("?");
  return {
    method,
    path,
    query: new URLSearchParams(query.join("?")),
    headers,
    body: decoder.decode(await readBody(link, headers)),
  };
}

async function readBody(link: Link, headers: ReadonlyMap<string, string>): Promise<Uint8Array> {
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") return await readChunks(link);
  const size = Number(headers.get("content-length") ?? 0);
  if (!Number.isSafeInteger(size) || size < 0) throw new HttpError(400, "Bad content-length");
  if (size > MAX_BODY) throw new HttpError(413, "Request body is too large");
  const body = await link.readExactly(size);
  if (body === undefined) throw new HttpError(400, "Request body ended early");
  return body;
}

async function readChunks(link: Link): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (true) {
    const line = await link.readUntil(LINE_END, 1024);
    const size = Number.parseInt(decoder.decode(line).split(";")[0] ?? "", 16);
    if (!Number.isSafeInteger(size)) throw new HttpError(400, "Bad chunk size");
    total += size;
    if (total > MAX_BODY) throw new HttpError(413, "Request body is too large");
    const chunk = await link.readExactly(size + LINE_END.length);
    if (chunk === undefined) throw new HttpError(400, "Request body ended early");
    if (size === 0) return concat(chunks, total);
    chunks.push(chunk.slice(0, size));
  }
}

/**
 * The bytes of an answer.
 *
 * @param keptBytes how much of the body is sent; less than all of it breaks the answer off
 */
export function encodeResponse(response: HttpResponse, keptBytes = Infinity): Uint8Array {
  const body = encoder.encode(response.body ?? "");
  const headers: Record<string, string> = {
    ...(body.length > 0 ? { "Content-Type": "application/json" } : {}),
    ...response.headers,
  };
  if (response.status !== 101) headers["Content-Length"] = String(body.length);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${response.status} ${STATUS_TEXT[response.status] ?? "Unknown"}\r\n`;
  const head = encoder.encode(`${status}${lines.join("")}\r\n`);
  const kept = body.subarray(0, Math.min(body.length, keptBytes));
  return concat([head, kept], head.length + kept.length);
}

/** An answer with a JSON body. */
export function json(body: unknown, status = 200): HttpResponse {
  return { status, body: JSON.stringify(body) };
}

/** The answer to a request that was refused; anything but an {@linkcode HttpError} is a 500. */
export function errorResponse(error: unknown): HttpResponse {
  if (error instanceof HttpError) {
    return { ...json({ error: error.message }, error.status), headers: error.headers };
  }
  return json({ error: `internal error: ${error}` }, 500);
}
